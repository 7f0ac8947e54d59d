// @ts-check
import { formatCount, formatHex } from '../base/format.js';
import { countInWords, pagesInWords, partingInWords } from '../model/difference.js';
import { paintOf } from '../model/paint.js';
import { button, el } from './dom.js';
import { nameTab } from './page-title.js';
import { paintSwatch } from './palette.js';
import { createPageBar } from './top-bar.js';

/** @typedef {import('../model/difference.js').Difference} Difference */
/** @typedef {import('../model/difference.js').Side} Side */


/**
 * Two runs side by side: where they part, what each came to.
 *
 * @param {HTMLElement} root
 * @param {object} options
 * @param {() => void} options.again
 * @param {() => void} options.toggleTheme
 */
export function createDifferencePage(root, { again, toggleTheme }) {
  const body = el('div', { class: 'fs-start__body fs-difference' }, el('p', { class: 'fs-state', role: 'status', text: 'Comparing…' }));
  root.replaceChildren(
    el(
      'div',
      { class: 'fs-start' },
      createPageBar(
        'Two runs compared',
        toggleTheme,
        button({ name: 'Compare again, as the runs stand now', label: 'Compare again', class: 'fs-button', run: again }),
      ),
      body,
    ),
  );

  return {
    /** @param {string} message */
    failed(message) {
      body.replaceChildren(
        el('div', { class: 'fs-state fs-state--error', role: 'alert' }, el('p', { text: message }), button({ name: 'Try again', label: 'Try again', class: 'fs-button fs-button--line', run: again }), el('a', { href: '/', text: 'All recordings' })),
      );
    },
    /** @param {Side} left @param {Side} right @param {Difference} difference */
    show(left, right, difference) {
      nameTab(`${left.title} and ${right.title}`, 'Two runs compared');
      body.replaceChildren(
        el('p', { class: 'fs-difference__parting', role: 'status', text: partingInWords(difference) }),
        el('div', { class: 'fs-difference__sides' }, side('left', left, difference.same, difference.left), side('right', right, difference.same, difference.right)),
        el('section', { class: 'fs-start__section' }, el('h2', { text: 'What each came to' }), counts(difference)),
        el('section', { class: 'fs-start__section' }, el('h2', { text: 'Pages' }), el('p', { class: 'fs-quiet', text: pagesInWords(difference) }), difference.pages.length > 0 ? pages(left, right, difference) : ''),
      );
      // What is readable on a colour is known where the colour is shown.
      for (const swatch of /** @type {NodeListOf<HTMLElement>} */ (body.querySelectorAll('[data-paint]'))) {
        paintSwatch(swatch, Number(swatch.dataset.paint));
      }
    },
  };

  /** @param {Side} left @param {Side} right @param {Difference} difference */
  function pages(left, right, difference) {
    const cell = (/** @type {Side} */ { id }, /** @type {number} */ state, /** @type {string[]} */ facts, /** @type {string} */ where) => {
      const swatch = el('span', { class: 'fs-swatch', 'aria-hidden': 'true', 'data-paint': paintOf('fault', state) });
      return el('td', {}, el('span', { class: 'fs-difference__state' }, swatch, el('a', { href: `${explorePath(id, null)}#page=${where}`, text: facts.join(' · ') || 'absent' })));
    };
    return el(
      'table',
      { class: 'fs-table' },
      el('thead', {}, el('tr', {}, el('th', { scope: 'col', text: 'page' }), el('th', { scope: 'col', text: 'left' }), el('th', { scope: 'col', text: 'right' }))),
      el('tbody', {}, ...difference.pages.map((page) => {
        const where = `${page.region}:${formatHex(page.page)}`;
        return el(
          'tr',
          {},
          el('th', { scope: 'row', class: 'fs-mono', text: `${left.regions[page.region] ?? page.region} ${formatHex(page.page)}` }),
          cell(left, page.left, page.leftFacts, where),
          cell(right, page.right, page.rightFacts, where),
        );
      })),
    );
  }
}

/** @param {string} name @param {Side} side @param {number} same @param {import('../model/messages.js').ToldEvent[]} next */
function side(name, { id, title }, same, next) {
  return el(
    'section',
    { class: 'fs-difference__side', 'aria-label': name },
    el('p', { class: 'fs-quiet', text: name }),
    el('h2', {}, el('a', { href: explorePath(id, same), text: title, title: 'Open it at the last moment that both have' })),
    next.length > 0
      ? el('ol', { class: 'fs-difference__events' }, ...next.map(({ seq, text }) =>
          el('li', {}, el('a', { class: 'fs-mono', href: explorePath(id, seq), text: `#${formatCount(seq)}` }), el('span', { text }))))
      : el('p', { class: 'fs-quiet', text: 'Nothing more happened here.' }),
  );
}

/** @param {Difference} difference */
function counts({ counts: all }) {
  return el(
    'table',
    { class: 'fs-table fs-difference__counts' },
    el('thead', {}, el('tr', {}, el('th', { scope: 'col', text: 'what' }), el('th', { scope: 'col', text: 'left' }), el('th', { scope: 'col', text: 'right' }), el('th', { scope: 'col', text: 'change' }))),
    el('tbody', {}, ...all.map(({ name, left, right }) => {
      const words = countInWords(name, left, right);
      return el(
        'tr',
        { 'data-changed': left !== right },
        el('th', { scope: 'row', text: name }),
        ...[words.left, words.right, words.change].map((text) => el('td', { class: 'fs-number', text })),
      );
    })),
  );
}

/** @param {string} id @param {number | null} seq */
function explorePath(id, seq) {
  return `/explore/${encodeURIComponent(id)}${seq === null ? '' : `#seq=${seq}`}`;
}
