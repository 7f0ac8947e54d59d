// @ts-check
import { formatCount, formatDuration, formatExactNs, formatHex } from '../base/format.js';
import { offersOfEntry } from '../model/breakpoints.js';
import { paintOf } from '../model/paint.js';
import { stateOfWaiting } from '../model/page-state.js';
import { samePage } from '../model/page-ref.js';
import { accessWord, isOfKernel, isPlaced, nameOfFault } from '../model/vocabulary.js';
import { PageBit } from '../model/vocabulary.generated.js';
import { actorLabel, isInKernel, isRead, phaseInWords, regionName } from '../model/view-state.js';
import { el, eventOf, fillRows, setText, tellEvent } from './dom.js';
import { paintSwatch } from './palette.js';
import { createPane } from './pane.js';
import { createStopWhen } from './stop-when.js';

/** @typedef {import('../model/messages.js').QueueEntry} QueueEntry */

/** What the server sends at most. */
const MOST_SHOWN = 200;

/**
 * Faults that wait: unread first, then read; the oldest on top.
 *
 * @param {HTMLElement} root
 * @param {object} options
 * @param {import('./actions.js').Actions} options.actions
 * @param {import('../model/page-store.js').PageStore} options.pages
 * @param {() => import('./palette.js').Palette} options.palette
 */
export function createQueuePane(root, { actions, pages, palette }) {
  const pane = createPane({
    id: 'queue',
    title: 'Fault queue',
    hint: 'Threads asleep in a fault, oldest first.',
  });
  root.append(pane.root);
  const pending = el('dd');
  const read = el('dd');
  const kernel = el('dd');
  const kernelName = el('dt');
  const counts = el('dl', { class: 'fs-queue__counts' }, kernelName, kernel, el('dt', { text: 'pending' }), pending, el('dt', { text: 'read' }), read);
  const list = el('ol', { role: 'listbox', 'aria-label': 'Waiting faults, oldest first' });
  const more = el('p', { class: 'fs-state' });
  const stopWhen = createStopWhen({ actions, name: 'Stop when, of the fault that waits' });
  pane.body.append(counts, list, more, stopWhen.root);
  /** The event of the row that has the keyboard, or had it last. */
  let pointed = 0;
  let latest = /** @type {import('../model/view-state.js').ViewState | null} */ (null);
  list.addEventListener('focusin', ({ target }) => {
    pointed = eventOf(/** @type {Element} */ (target)) ?? 0;
    offer();
  });

  /** Offers what can be stopped at, of the row with the keyboard, else of the selected page's, else of the first. */
  function offer() {
    if (latest) {
      const { meta, moment, page, breakpoints } = latest;
      const entries = moment?.queue.entries ?? [];
      const entry = entries.find(({ seq }) => seq === pointed) ?? entries.find((each) => isPlaced(each) && samePage(each, page)) ?? entries[0] ?? null;
      stopWhen.update(breakpoints, [meta?.actors, meta?.regions, entry], () => offersOfEntry(meta, entry));
    }
  }

  /** @type {object | null} */
  let shownMoment = null;
  let shownPage = /** @type {import('../model/page-ref.js').PageRef | null} */ (null);
  let shownTheme = 0;

  const make = () => {
    const row = el(
      'li',
      { class: 'fs-queue__row', role: 'option', tabindex: -1 },
      el('span', { class: 'fs-swatch', 'aria-hidden': 'true' }),
      el('span', { class: 'fs-queue__who' }),
      el('span', { class: 'fs-queue__age' }),
    );
    row.addEventListener('click', () => pick(row));
    return row;
  };
  const pick = (/** @type {HTMLElement} */ row) => {
    const { region, page, actor } = row.dataset;
    if (region !== undefined) {
      actions.selectPage({ region: Number(region), page: Number(page) }, true);
    } else if (actor !== undefined) {
      actions.selectActor(Number(actor));
    }
  };

  list.addEventListener('keydown', (event) => {
    const rows = /** @type {HTMLElement[]} */ ([...list.children]);
    const at = rows.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to !== undefined) {
      const row = rows[Math.max(0, Math.min(rows.length - 1, to))];
      row?.focus();
    } else if (event.key === 'Enter' && at >= 0) {
      pick(rows[at]);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  });

  return {
    /** @param {import('../model/view-state.js').ViewState} state */
    update(state) {
      const { moment, meta, page } = state;
      latest = state;
      offer();
      if (moment === shownMoment && page === shownPage && palette().version === shownTheme) {
        return;
      }
      shownMoment = moment;
      shownPage = page;
      shownTheme = palette().version;
      const queue = moment?.queue ?? { pending: 0, read: 0, entries: [] };
      // Where no userfaultfd is, nothing lies in its queue; where one is, KVM's own waits are a rare exception.
      const nested = isOfKernel(meta?.origin);
      const inKernel = queue.kernel ?? 0;
      const messages = !nested || queue.pending + queue.read > 0;
      setText(kernelName, meta?.origin === 'stage2' ? 'in KVM' : 'in the kernel');
      setText(kernel, formatCount(inKernel));
      [kernelName, kernel].forEach((part) => (part.hidden = !nested && inKernel === 0));
      [...counts.children].slice(2).forEach((part) => (/** @type {HTMLElement} */ (part).hidden = !messages));
      setText(pending, formatCount(queue.pending));
      setText(read, formatCount(queue.read));
      fillRows(list, queue.entries.slice(0, MOST_SHOWN), make, (row, entry, index) => {
        const [swatch, who, age] = /** @type {HTMLElement[]} */ ([...row.children]);
        const placed = isPlaced(entry);
        setData(row, 'region', placed ? entry.region : null);
        setData(row, 'page', placed ? entry.page : null);
        setData(row, 'actor', entry.actor);
        tellEvent(row, entry.seq);
        row.tabIndex = index === 0 ? 0 : -1;
        row.setAttribute('aria-selected', String(placed && samePage(entry, page)));
        paintSwatch(swatch, paintOf('fault', placed ? stateOfWaiting(entry, pages) : PageBit.UNKNOWN));
        setText(who, `${placed ? formatHex(entry.page) : 'unknown page'} ${actorLabel(meta, entry.actor)}`);
        const waited = (moment?.timeNs ?? 0) - entry.sinceNs;
        setText(age, formatDuration(waited));
        row.title = told(entry, meta, waited);
      });
      const hidden = queue.pending + queue.read + inKernel - Math.min(MOST_SHOWN, queue.entries.length);
      more.hidden = hidden === 0 && queue.entries.length > 0;
      setText(more, hidden > 0 ? `${formatCount(hidden)} more` : 'Nothing waits at this moment.');
    },
  };
}

/**
 * @param {QueueEntry} entry
 * @param {import('../model/messages.js').MetaMessage | null} meta
 * @param {number} waited
 * @returns {string}
 */
function told(entry, meta, waited) {
  const phase = isInKernel(entry) ? phaseInWords(entry) : isRead(entry) ? `read by ${actorLabel(meta, entry.handler) || 'a handler'}` : 'pending, unread';
  const where = isPlaced(entry) ? `page ${formatHex(entry.page)} of ${regionName(meta, entry.region)}` : 'a page the recording does not name';
  return (
    `#${entry.seq}: ${nameOfFault(entry)} of ${actorLabel(meta, entry.actor)} (${accessWord(entry.flags)} access) ` +
    `on ${where}, ${phase}, waits ${formatExactNs(waited)}`
  );
}

/** @param {HTMLElement} row @param {string} name @param {number | null} value null: the row has none */
function setData(row, name, value) {
  if (value === null) {
    delete row.dataset[name];
  } else {
    row.dataset[name] = String(value);
  }
}
