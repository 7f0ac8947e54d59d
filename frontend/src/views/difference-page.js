// @ts-check
import { formatCount, formatHex } from '../base/format.js';
import { explorerOf } from '../model/addresses.js';
import { notCompared } from '../model/beside.js';
import { countInWords, partingInWords } from '../model/difference.js';
import { createBesideBar } from './beside-bar.js';
import { createBesideGrid, factsOf } from './beside-grid.js';
import { createBesideLanes } from './beside-lanes.js';
import { createBesideSide } from './beside-side.js';
import { button, el, setText } from './dom.js';
import { nameTab } from './page-title.js';
import { createPageBar } from './top-bar.js';

/** @typedef {import('../model/beside.js').Beside} Beside */
/** @typedef {import('../model/difference.js').Difference} Difference */
/** @typedef {import('../model/difference.js').Side} Side */
/** @typedef {'left' | 'right'} Which */

/** A sentence that changes faster than this is not spoken. */
const SPEAK_AFTER_MS = 400;

/** Pages that differ, listed beside the grid. */
const LISTED = 50;

/**
 * Two recordings side by side on one position: their moments, lanes and pages, what each came to, and where they part.
 *
 * @param {HTMLElement} root
 * @param {object} options
 * @param {(id: string) => import('../model/commands.js').Command} options.command
 * @param {(align: import('../model/beside.js').Align) => void} options.align
 * @param {(at: number) => void} options.go
 * @param {(which: Which, seq: number) => void} options.goToMoment
 * @param {(which: Which, ns: number) => void} options.seekTime
 * @param {(range: {fromNs: number, toNs: number} | null) => void} options.askLanes
 * @param {(page: {region: number, page: number}) => void} options.choosePage
 * @param {(which: Which, id: string) => void} options.chooseRecording
 * @param {(which: Which) => void} options.toggleRun
 * @param {() => void} options.swap
 * @param {() => void} options.again
 * @param {() => void} options.toggleTheme
 * @param {() => import('./palette.js').Palette} options.palette
 * @param {AbortSignal} options.signal
 */
export function createDifferencePage(root, { command, align, go, goToMoment, seekTime, askLanes, choosePage, chooseRecording, toggleRun, swap, again, toggleTheme, palette, signal }) {
  const bar = createBesideBar({ command, align, go, signal });
  const side = (/** @type {Which} */ which) => createBesideSide({ which, choose: (id) => chooseRecording(which, id), toggleRun: () => toggleRun(which) });
  const sides = { left: side('left'), right: side('right') };
  const lanes = createBesideLanes({ palette, ask: askLanes, seek: seekTime, signal });
  const grid = createBesideGrid({ palette, choose: choosePage, signal });
  const state = el('div', { class: 'fs-state', role: 'status', text: 'Opening both…' });
  const parting = el('p', { class: 'fs-difference__parting' });
  const remarks = el('div', { class: 'fs-quiet' });
  const page = el('div', { class: 'fs-beside__page', role: 'status' });
  const list = el('div', { class: 'fs-beside__list' });
  const counts = el('div', {});
  const next = el('div', { class: 'fs-difference__sides' });
  const spoken = el('p', { class: 'fs-spoken', role: 'status', 'aria-live': 'polite' });
  const section = (/** @type {string} */ title, /** @type {HTMLElement[]} */ ...children) =>
    el('section', { class: 'fs-start__section' }, el('h2', { text: title }), ...children);
  const body = el(
    'div',
    { class: 'fs-beside__body', hidden: true },
    bar.root,
    section('Lanes', lanes.root),
    section('Pages at this position', legend(), grid.root, remarks, page, list),
    el('div', { class: 'fs-beside__sums' }, section('What each came to', counts), section('Where they part', parting, next)),
  );
  root.replaceChildren(
    el(
      'div',
      { class: 'fs-start' },
      createPageBar(
        'Side by side',
        toggleTheme,
        button({ name: 'Left becomes right, and right left', label: 'Swap', class: 'fs-button', run: swap }),
        button({ name: 'Compare again, as the recordings stand now', label: 'Compare again', class: 'fs-button', run: again }),
      ),
      el('div', { class: 'fs-start__body fs-difference' }, el('div', { class: 'fs-difference__sides' }, sides.left.root, sides.right.root), state, body, spoken),
    ),
  );
  let speakLater = 0;

  return {
    sides,
    lanesWidth: lanes.width,
    /** @param {string} message what a person can do about it */
    ask(message) {
      body.hidden = true;
      state.hidden = false;
      state.className = 'fs-state';
      state.replaceChildren(el('p', { text: message }));
    },
    /** @param {string} message */
    failed(message) {
      state.hidden = false;
      state.className = 'fs-state fs-state--error';
      state.replaceChildren(el('p', { text: message }), button({ name: 'Try again', label: 'Try again', class: 'fs-button fs-button--line', run: again }));
    },
    /** @param {{left: Side, right: Side}} both @param {Difference} difference */
    showDifference({ left, right }, difference) {
      nameTab(`${left.title} and ${right.title}`, 'Side by side');
      setText(parting, partingInWords(difference));
      counts.replaceChildren(countsTable(difference));
      next.replaceChildren(following('left', left, difference.left), following('right', right, difference.right));
    },
    /**
     * @param {{left: Side, right: Side}} both
     * @param {Beside} beside
     * @param {{region: number, page: number} | null} chosen
     */
    showPosition(both, beside, chosen) {
      state.hidden = true;
      body.hidden = false;
      bar.update(beside);
      sides.left.update(both.left, beside.align, beside.left);
      sides.right.update(both.right, beside.align, beside.right);
      grid.update(beside.pages, chosen);
      remarks.replaceChildren(...notCompared(beside.pages).map((text) => el('p', { text })));
      list.replaceChildren(...differingTable(both, beside));
      window.clearTimeout(speakLater);
      speakLater = window.setTimeout(() => setText(spoken, `left: ${beside.left.narration} right: ${beside.right.narration}`), SPEAK_AFTER_MS);
    },
    /** @param {Parameters<typeof lanes.update>[0]} stacks @param {Parameters<typeof lanes.update>[1]} range */
    showLanes: (stacks, range) => lanes.update(stacks, range),
    /** @param {string[]} lines of the page that is chosen; empty for none */
    showPage: (lines) => page.replaceChildren(...lines.map((text) => el('p', { text }))),
    recolour() {
      lanes.recolour();
      grid.recolour();
    },
  };

  /** @param {{left: Side, right: Side}} both @param {Beside} beside @returns {Node[]} */
  function differingTable(both, { pages, left, right }) {
    if (pages.differing.length === 0) {
      return [];
    }
    const all = pages.regions.reduce((sum, { differing }) => sum + differing, 0);
    const shown = pages.differing.slice(0, LISTED);
    const cell = (/** @type {string} */ id, /** @type {number} */ seq, /** @type {number} */ region, /** @type {number} */ number, /** @type {string[]} */ facts) =>
      el('td', {}, el('a', { href: explorerOf(id, `#seq=${seq}&page=${region}:${formatHex(number)}`), text: factsOf(facts) }));
    return [
      el(
        'table',
        { class: 'fs-table' },
        el('caption', { class: 'fs-quiet', text: all > shown.length ? `The first ${formatCount(shown.length)} of ${formatCount(all)} that differ` : 'Pages that differ' }),
        el('thead', {}, el('tr', {}, ...['page', 'left', 'right'].map((text) => el('th', { scope: 'col', text })))),
        el('tbody', {}, ...shown.map((each) =>
          el(
            'tr',
            {},
            el('th', { scope: 'row', class: 'fs-mono', text: `${both.left.regions[each.region]?.name ?? each.region} ${formatHex(each.page)}` }),
            cell(both.left.id, left.seq, each.region, each.page, each.leftFacts),
            cell(both.right.id, right.seq, each.rightRegion, each.page, each.rightFacts),
          ))),
      ),
    ];
  }

  /** @param {Which} which @param {Side} of @param {import('../model/messages.js').ToldEvent[]} events */
  function following(which, { title }, events) {
    return el(
      'section',
      { 'aria-label': `${which}: what follows` },
      el('h3', { class: 'fs-beside__region', text: `${which}: ${title}` }),
      events.length > 0
        ? el('ol', { class: 'fs-difference__events' }, ...events.map(({ seq, text }) =>
            el('li', {}, button({ name: `Go to moment ${formatCount(seq)} of the ${which} one`, label: `#${formatCount(seq)}`, class: 'fs-mono fs-beside__seq', run: () => goToMoment(which, seq) }), el('span', { text }))))
        : el('p', { class: 'fs-quiet', text: 'Nothing more happened here.' }),
    );
  }
}

/** What the grid's cells are; a cell of several pages has each part by its height. */
function legend() {
  const key = (/** @type {string} */ kind, /** @type {string} */ text) => el('span', {}, el('i', { class: `fs-beside__key fs-beside__key--${kind}`, 'aria-hidden': 'true', text: kind === 'differs' ? '≠' : kind === 'unknown' ? '·' : '' }), text);
  return el('p', { class: 'fs-beside__legend' }, key('differs', 'differs'), key('same', 'the same on both'), key('unknown', 'unknown on at least one side'));
}

/** @param {Difference} difference */
function countsTable({ counts }) {
  return el(
    'table',
    { class: 'fs-table fs-difference__counts' },
    el('thead', {}, el('tr', {}, ...['what', 'left', 'right', 'change', 'ratio'].map((text) => el('th', { scope: 'col', text })))),
    el('tbody', {}, ...counts.map((count) => {
      const words = countInWords(count);
      return el(
        'tr',
        { 'data-changed': count.left !== count.right },
        el('th', { scope: 'row', text: count.name }),
        ...[words.left, words.right, words.change, words.ratio].map((text) => el('td', { class: 'fs-number', text })),
      );
    })),
  );
}
