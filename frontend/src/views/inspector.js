// @ts-check
import { formatClock, formatCount, formatDuration, formatExactNs, formatHex } from '../base/format.js';
import { offersOf } from '../model/breakpoints.js';
import { guestAddress, guestFrame, hostAddress, samePage } from '../model/page-ref.js';
import { legendOf } from '../model/paint.js';
import { byteInHex, contentInWords, hexDump, rangeInWords } from '../model/page-content.js';
import { describeState } from '../model/page-state.js';
import { accessWord, isPlaced, nameOfFault } from '../model/vocabulary.js';
import { EventFlag } from '../model/vocabulary.generated.js';
import { actorLabel, isRead, phaseInWords, regionName } from '../model/view-state.js';
import { button, el, fillRows, icon, setText, tellEvent } from './dom.js';
import { paintSwatch } from './palette.js';
import { createPageWatch } from './page-watch.js';
import { createHint } from './pane.js';
import { createStopWhen } from './stop-when.js';

/** @typedef {import('../model/view-state.js').ViewState} ViewState */
/** @typedef {import('../model/messages.js').ToldEvent} ToldEvent */

const COPY = 'M5.5 5.5h7v8h-7zM3.5 10.5v-8h7';

/** Links of a chain or a history that are shown. */
const MOST_LINKS = 200;

/**
 * The selected page: what it is, who waits, why it is so, what happened to it.
 *
 * @param {HTMLElement} root
 * @param {object} options
 * @param {import('./actions.js').Actions} options.actions
 * @param {import('../model/page-store.js').PageStore} options.pages
 * @param {() => import('./palette.js').Palette} options.palette
 * @param {(text: string) => void} options.copy
 * @param {() => void} options.why tells the fault that the page's state came from
 */
export function createInspector(root, { actions, pages, palette, copy, why }) {
  const title = el('h2', { class: 'fs-inspector__title', tabindex: -1, text: 'Inspector' });
  const tools = el('div', { class: 'fs-inspector__head-tools' });
  const head = el('div', { class: 'fs-pane__head' }, title, tools);
  const swatch = el('span', { class: 'fs-swatch', 'aria-hidden': 'true' });
  const facts = el('p');
  const where = el('dl', { class: 'fs-pairs' });
  const waiting = el('dl', { class: 'fs-pairs fs-pairs--words' });
  const chain = el('ol', { class: 'fs-chain' });
  const history = el('ol', { class: 'fs-chain' });
  const unsaid = el('p', { class: 'fs-quiet' });
  const ranges = el('ol', { class: 'fs-chain' });
  const dump = el('pre', { class: 'fs-hex', tabindex: 0, role: 'group', 'aria-label': 'The page in hex' });
  const hex = el('details', {}, el('summary', { text: 'Hex' }), dump);
  const stopWhen = createStopWhen({ actions, name: 'Stop when' });
  const watch = createPageWatch({ actions });
  const trouble = el('p', { class: 'fs-state fs-state--error' });
  const parts = {
    state: part(null, el('div', { class: 'fs-facts' }, swatch, facts), where),
    waiting: part('Waiting', waiting),
    content: part('Content', unsaid, ranges, hex),
    stop: stopWhen.root,
    watch: watch.root,
    why: part('Why', chain),
    history: part('History', history),
  };
  const none = el('p', {
    class: 'fs-state',
    text: 'Select a page in the grid, in the queue or in the table: this says what it is and why.',
  });
  const content = el('div', {}, ...Object.values(parts));
  const body = el('div', { class: 'fs-pane__body' }, none, trouble, content);
  root.append(
    el(
      'div',
      { class: 'fs-pane' },
      head,
      createHint('inspector', 'What the selected page is, and what led here.'),
      body,
    ),
  );
  tools.append(
    button({ name: 'Why? The fault behind this page, step by step (E)', label: 'Why?', run: why }),
    button({
      name: 'Copy what is known of this page',
      class: 'fs-top-bar__tool',
      icon: icon(COPY),
      run: () => copy(asText()),
    }),
  );

  /** @type {ViewState | null} */
  let state = null;
  let shown = /** @type {unknown[]} */ ([]);

  const make = () => {
    const link = el(
      'button',
      { type: 'button', class: 'fs-chain__link' },
      el('span', { class: 'fs-chain__kind' }),
      el('span', { class: 'fs-chain__text' }),
      el('span', { class: 'fs-chain__when' }),
    );
    const row = el('li', {}, link);
    link.addEventListener('click', () => actions.seek(Number(row.dataset.seq)));
    return row;
  };
  /** @param {HTMLElement} row @param {ToldEvent} event @param {string} when */
  const fill = (row, event, when) => {
    row.dataset.seq = String(event.seq);
    tellEvent(row, event.seq);
    const link = /** @type {HTMLElement} */ (row.firstElementChild);
    const set = (/** @type {string} */ name, /** @type {string} */ text) => {
      const at = link.querySelector(`.fs-chain__${name}`);
      if (at) {
        setText(at, text);
      }
    };
    set('kind', event.kind.toLowerCase());
    set('text', event.text ?? event.detailText);
    set('when', when);
    link.title = `Go to #${event.seq}, ${formatClock(event.timeNs)} (${formatExactNs(event.timeNs)})${event.flags & EventFlag.INFERRED ? '; inferred, not in the source' : ''}`;
    link.setAttribute('aria-current', String(event.seq === state?.moment?.seq));
  };

  function asText() {
    if (!state?.page) {
      return '';
    }
    const lines = [title.textContent, facts.textContent];
    for (const pair of [...where.children, ...waiting.children]) {
      lines.push(pair.tagName === 'DT' ? `${pair.textContent}:` : `  ${pair.textContent}`);
    }
    const chains = state.inspected.value;
    const held = state.inspected.value?.content;
    lines.push('Content:', ...(held?.ranges ?? []).map((range) => `  ${rangeInWords(range)}: ${byteInHex(range.value)}${range.seq ? ` (#${range.seq})` : ''}`));
    if (contentInWords(held, pages.hostTold)) {
      lines.push(`  ${contentInWords(held, pages.hostTold)}`);
    }
    for (const [name, events] of /** @type {const} */ ([['Why', chains?.causes], ['History', chains?.history]])) {
      lines.push(`${name}:`);
      for (const event of events ?? []) {
        lines.push(`  #${event.seq} ${event.timeNs} ns ${event.kind.toLowerCase()}: ${event.text ?? event.detailText}`);
      }
    }
    return lines.join('\n');
  }

  return {
    focus() {
      title.focus();
    },
    /** @param {ViewState} next */
    update(next) {
      stopWhen.update(next.breakpoints, [next.meta?.actors, next.meta?.regions, next.moment, next.page, next.actor], () => offersOf(next));
      watch.update(next);
      const inputs = [next.page, next.moment?.seq, next.inspected, next.meta?.regions, pages.version, palette().version];
      if (inputs.every((input, i) => input === shown[i])) {
        return;
      }
      shown = inputs;
      state = next;
      const { page, meta } = next;
      none.hidden = page !== null;
      content.hidden = page === null;
      tools.hidden = page === null;
      trouble.hidden = next.inspected.status !== 'failed';
      setText(trouble, next.inspected.error ?? '');
      if (!page || !meta) {
        setText(title, 'Inspector');
        return;
      }
      setText(title, `Page ${formatHex(page.page)}`);
      const bits = pages.get(page.region, page.page);
      paintSwatch(swatch, legendOf(pages.layer, bits).paint);
      setText(facts, describeState(bits).join(' · ') || (pages.hostTold ? 'absent: nothing is there' : 'not in stage 2; of the host nothing is told'));
      fillPairs(where, placeOf(page, meta));
      fillWaiting(next);
      const answer = next.inspected.value;
      const causes = answer?.causes ?? [];
      // Told from the touch to what came of it: the way it happened.
      const told = [...causes].reverse().slice(-MOST_LINKS);
      fillRows(chain, told, make, (row, event, index) =>
        fill(row, event, index === 0 ? `#${formatCount(event.seq)}` : `+${formatDuration(event.timeNs - told[index - 1].timeNs)}`),
      );
      fillRows(history, (answer?.history ?? []).slice(0, MOST_LINKS), make, (row, event) =>
        fill(row, event, `#${formatCount(event.seq)}`),
      );
      fillContent(answer?.content);
      parts.why.hidden = causes.length === 0;
      parts.history.hidden = (answer?.history ?? []).length === 0;
    },
  };

  /** @param {import('../model/messages.js').PageContent | undefined} content */
  function fillContent(content) {
    parts.content.hidden = !content;
    const words = contentInWords(content, pages.hostTold);
    setText(unsaid, words);
    unsaid.hidden = words === '';
    ranges.hidden = words !== '';
    hex.hidden = words !== '';
    if (!content || words !== '') {
      return;
    }
    fillRows(ranges, content.ranges.slice(0, MOST_LINKS), make, (row, range) => {
      row.dataset.seq = String(range.seq);
      const link = /** @type {HTMLButtonElement} */ (row.firstElementChild);
      link.disabled = range.seq === 0;
      link.title = range.seq === 0 ? '' : `Go to #${range.seq}, which wrote or first showed it`;
      setText(link.children[0], byteInHex(range.value));
      setText(link.children[1], [rangeInWords(range), range.text].filter(Boolean).join(' · '));
      setText(link.children[2], range.seq === 0 ? '' : `#${formatCount(range.seq)}`);
    });
    setText(dump, hexDump(content));
  }

  /** @param {ViewState} next */
  function fillWaiting({ page, moment, meta }) {
    const entries = (moment?.queue.entries ?? []).filter((entry) => isPlaced(entry) && samePage(entry, page));
    parts.waiting.hidden = entries.length === 0;
    fillPairs(
      waiting,
      entries.map((entry) => [
        actorLabel(meta, entry.actor),
        [
          nameOfFault(entry),
          `${accessWord(entry.flags)} access`,
          `${isRead(entry) ? `with ${actorLabel(meta, entry.handler) || 'a handler'}` : phaseInWords(entry)}, ${formatDuration((moment?.timeNs ?? 0) - entry.sinceNs)}`,
        ].join(' · '),
      ]),
    );
  }
}

/**
 * @param {import('../model/page-ref.js').PageRef} page
 * @param {import('../model/messages.js').MetaMessage} meta
 * @returns {[string, string][]}
 */
function placeOf(page, meta) {
  const region = meta.regions[page.region];
  if (!region) {
    return [];
  }
  /** @type {[string, string][]} */
  const pairs = [['region', regionName(meta, page.region)], ['hva', hostAddress(region, page.page) ?? 'not known']];
  const gpa = guestAddress(region, page.page);
  if (gpa) {
    pairs.push(['gpa', gpa], ['gfn', guestFrame(region, page.page) ?? '']);
  }
  return pairs;
}

/** @param {string | null} title @param {...HTMLElement} content @returns {HTMLElement} */
function part(title, ...content) {
  const heading = title === null ? null : el('h3', { text: title });
  return el('section', { class: 'fs-inspector__part' }, heading, ...content);
}

/** @param {HTMLElement} list @param {[string, string][]} pairs */
function fillPairs(list, pairs) {
  const wanted = pairs.flat();
  const same =
    list.children.length === wanted.length &&
    wanted.every((text, i) => list.children[i].textContent === text);
  if (!same) {
    list.replaceChildren(...pairs.flatMap(([name, value]) => [el('dt', { text: name }), el('dd', { text: value })]));
  }
}
