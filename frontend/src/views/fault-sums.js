// @ts-check
import { formatCount, formatDuration, formatExactNs, plural } from '../base/format.js';
import { faultsInWords } from '../model/fault-count.js';
import { groupQuery, withLatency } from '../model/fault-filter.js';
import { isOfKernel } from '../model/vocabulary.js';
import { el, fillRows, setText } from './dom.js';

/** @typedef {import('../model/messages.js').FaultSums} FaultSums */

/** What faults are put together by: the groupings of `faultscope faults`. */
const GROUPINGS = ['thread', 'region', 'kind', 'origin', 'handler', 'ioctl', 'cause'];

/** The same where nobody reads or answers faults. */
const KERNEL_GROUPINGS = ['cause', 'thread', 'region', 'origin'];

/** Below this height, CSS pixels, the rows would have no room beside the sums: they are folded. */
const LEAST_HEIGHT = 320;

/** @param {import('../model/messages.js').KernelTotals} totals @returns {string} */
function totalsInWords({ leaves, zappedPages, mmioExits }) {
  const sizes = [['4K', '4 KiB'], ['2M', '2 MiB'], ['1G', '1 GiB']].filter(([size]) => leaves[size] > 0).map(([size, word]) => `${formatCount(leaves[size])} of ${word}`);
  const entries = sizes.length === 0 ? 'none' : sizes.join(', ');
  return `In the whole recording: stage-2 entries set by faults ${entries} · ${plural(zappedPages, 'page')} zapped · ${plural(mmioExits, 'MMIO exit')}`;
}

/** @param {string} origin @returns {string} what a latency is from and to */
function from(origin) {
  return !isOfKernel(origin) ? 'From queue to wake' : origin === 'stage2' ? 'From exit to entry' : 'From the fault to its end';
}

/** @param {string} text @returns {string} the same, no number parted from its unit */
function keptTogether(text) {
  return text.replace(/(\d) (?=[µmn]?s\b|%)/g, '$1\u00a0');
}

const WAIT = 'A wait is from the queue to the thread’s next try, or to the wake where that is not told';

/** What a wait is where the kernel itself is waited for. */
const KERNEL_WAIT = 'A wait is from the exit, or the fault, to the entry of the guest, or its end';

const COLUMNS = ['faults', 'waits, sum', 'p50', 'p99', 'longest wait'];

/**
 * What the faults of a table add up to: how long they waited, and by whom, where or why.
 *
 * @param {object} options
 * @param {(query: string) => void} options.filter shows only the faults of a predicate
 * @param {() => void} options.changed asks for sums by another grouping
 */
export function createFaultSums({ filter, changed }) {
  const figures = el('summary', { class: 'fs-sums__figures' });
  const whole = el('p', { class: 'fs-sums__whole', hidden: true });
  const bars = el('div', { class: 'fs-sums__bars', role: 'group', 'aria-label': 'How many faults waited how long; a bar shows only its faults' });
  const axis = el('p', { class: 'fs-sums__axis' });
  const options = (/** @type {string[]} */ groupings) => groupings.map((each) => el('option', { text: each, value: each }));
  const by = el('select', { 'aria-label': 'Sum faults by', class: 'fs-sums__by' }, ...options(GROUPINGS));
  const heads = COLUMNS.map((text, i) => el('th', { scope: 'col', text, title: i === 0 ? '' : WAIT }));
  const head = el('tr', {}, el('th', { scope: 'col' }, 'by ', by), ...heads);
  let ofKernel = false;
  const body = el('tbody');
  const root = el(
    'details',
    { class: 'fs-sums', 'aria-label': 'What the faults add up to' },
    figures,
    whole,
    el(
      'div',
      { class: 'fs-sums__parts' },
      el('div', { class: 'fs-sums__latency' }, bars, axis),
      el('div', { class: 'fs-sums__groups', tabindex: '0', role: 'region', 'aria-label': 'Sums by group' }, el('table', {}, el('thead', {}, head), body)),
    ),
  );
  by.addEventListener('change', changed);
  let chosen = false;
  figures.addEventListener('click', () => (chosen = true));

  let query = '';

  /** @param {FaultSums} sums */
  function draw(sums) {
    const { latency } = sums;
    setText(
      figures,
      latency.faults === 0
        ? isOfKernel(sums.origin) ? 'No fault was over.' : 'No fault was woken.'
        : keptTogether(`${from(sums.origin)}, ${faultsInWords(latency.faults, sums.unreadFaults)}: half within ${formatDuration(latency.p50Ns)}, 99 % within ${formatDuration(latency.p99Ns)}, the slowest ${formatDuration(latency.maxNs)}`),
    );
    const most = Math.max(1, ...latency.buckets.map((bucket) => bucket.faults));
    fillRows(
      bars,
      latency.buckets,
      () => {
        const bar = el('button', { type: 'button', class: 'fs-sums__bar' }, el('span'));
        bar.addEventListener('click', () => filter(withLatency(query, Number(bar.dataset.from), Number(bar.dataset.to))));
        return bar;
      },
      (bar, { fromNs, toNs, faults }) => {
        bar.dataset.from = String(fromNs);
        bar.dataset.to = String(toNs);
        const words = `${formatDuration(fromNs)} to ${formatDuration(toNs)}: ${plural(faults, 'fault')}`;
        bar.title = words;
        bar.setAttribute('aria-label', words);
        bar.disabled = faults === 0;
        const fill = /** @type {HTMLElement} */ (bar.firstElementChild);
        fill.style.height = faults === 0 ? '0' : `max(2px, ${(100 * faults) / most}%)`;
      },
    );
    const { buckets } = latency;
    axis.replaceChildren(
      ...(buckets.length === 0 ? [] : [el('span', { text: formatDuration(buckets[0].fromNs) }), el('span', { text: `tallest: ${plural(most, 'fault')}` }), el('span', { text: formatDuration(buckets[buckets.length - 1].toNs) })]),
    );
    fillRows(
      body,
      [...sums.groups].sort((a, b) => b.waitNs - a.waitNs),
      () => {
        const pick = el('button', { type: 'button', class: 'fs-sums__group' });
        pick.addEventListener('click', () => filter(pick.dataset.query ?? ''));
        return el('tr', {}, el('th', { scope: 'row' }, pick, el('span')), ...Array.from({ length: 5 }, () => el('td')));
      },
      (row, group) => {
        const found = groupQuery(by.value, group.name);
        const [pick, plain] = /** @type {HTMLElement[]} */ ([...row.children[0].children]);
        pick.hidden = found === null;
        plain.hidden = found !== null;
        pick.dataset.query = found ?? '';
        pick.title = `${group.name}: show only these`;
        plain.title = group.name;
        setText(found === null ? plain : pick, ofKernel ? group.name.replace(/^stage 2: /, '') : group.name);
        setText(found === null ? pick : plain, '');
        const unread = group.unreadFaults === 0 ? '' : ` and ${formatCount(group.unreadFaults)} unread`;
        setText(row.children[1], formatCount(group.faults + group.unreadFaults));
        /** @type {HTMLElement} */ (row.children[1]).title = `${formatCount(group.faults)}${unread}`;
        [group.waitNs, group.p50Ns, group.p99Ns, group.maxNs].forEach((ns, index) => {
          const cell = /** @type {HTMLElement} */ (row.children[index + 2]);
          setText(cell, formatDuration(ns));
          cell.title = formatExactNs(ns);
        });
      },
    );
  }

  return {
    root,
    /**
     * Folds what would leave the rows no room, until somebody folds or unfolds it.
     *
     * @param {number} height of the place for sums and rows, CSS pixels
     */
    fit(height) {
      if (!chosen) {
        root.open = height >= LEAST_HEIGHT;
      }
    },
    /**
     * @param {string | null | undefined} origin what the faults wait for
     * @returns {boolean} whether they are put together otherwise than before
     */
    setOrigin(origin) {
      if (isOfKernel(origin) === ofKernel) {
        return false;
      }
      ofKernel = !ofKernel;
      by.replaceChildren(...options(ofKernel ? KERNEL_GROUPINGS : GROUPINGS));
      heads.slice(1).forEach((each) => (each.title = ofKernel ? KERNEL_WAIT : WAIT));
      return true;
    },
    /** @param {import('../model/messages.js').KernelTotals | null} totals of the whole recording, whichever faults are shown */
    drawTotals(totals) {
      whole.hidden = totals === null;
      setText(whole, totals === null ? '' : keptTogether(totalsInWords(totals)));
    },
    /** @returns {string} */
    grouping: () => by.value,
    /** @param {string} shown the predicate that the faults are of */
    setQuery(shown) {
      query = shown;
    },
    draw,
  };
}
