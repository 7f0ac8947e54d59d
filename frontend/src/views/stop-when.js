// @ts-check
import { button, el, fillRows, setText } from './dom.js';

/**
 * What is looked at, offered as breakpoints.
 *
 * @param {object} options
 * @param {import('./actions.js').Actions} options.actions
 * @param {string} options.name for who does not see where it stands
 */
export function createStopWhen({ actions, name }) {
  const list = el('ul', { class: 'fs-stop-when' });
  const once = el('input', { type: 'checkbox', 'aria-label': `once: ${name}` });
  const root = el(
    'section',
    { class: 'fs-inspector__part', 'aria-label': name },
    el('div', { class: 'fs-stop-when__head' }, el('h3', { text: 'Stop when' }), el('label', { title: 'Off as soon as it has stopped something' }, once, 'once')),
    list,
  );
  let shown = /** @type {unknown[]} */ ([]);

  const make = () => {
    const choose = button({ label: '…', name: '', class: 'fs-button fs-button--line', run: () => toggle(row) });
    const row = el('li', {}, choose);
    return row;
  };
  /** @param {HTMLElement} row */
  function toggle({ dataset: { query = '' }, firstElementChild }) {
    if (firstElementChild?.getAttribute('aria-pressed') === 'true') {
      actions.removeBreakpoint(query);
    } else {
      actions.addBreakpoint(query, once.checked);
    }
  }

  return {
    root,
    /**
     * @param {import('../model/breakpoints.js').Breakpoint[]} breakpoints
     * @param {unknown[]} from what the offers are made of
     * @param {() => import('../model/breakpoints.js').Offer[]} offersFrom
     */
    update(breakpoints, from, offersFrom) {
      const inputs = [...from, breakpoints];
      if (inputs.every((each, i) => each === shown[i])) {
        return;
      }
      shown = inputs;
      const offers = offersFrom();
      root.hidden = offers.length === 0;
      fillRows(list, offers, make, (row, { when, query }) => {
        const choose = /** @type {HTMLElement} */ (row.firstElementChild);
        row.dataset.query = query;
        setText(choose, when);
        choose.title = query;
        choose.setAttribute('aria-pressed', String(breakpoints.some((each) => each.query === query)));
      });
    },
  };
}
