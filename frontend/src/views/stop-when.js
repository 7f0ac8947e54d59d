// @ts-check
import { offersOf } from '../model/breakpoints.js';
import { button, el, fillRows, setText } from './dom.js';

/**
 * What is looked at, offered as a breakpoint: the page, who waits on it, the thread, the event.
 *
 * @param {object} options
 * @param {import('./actions.js').Actions} options.actions
 */
export function createStopWhen({ actions }) {
  const list = el('ul', { class: 'fs-stop-when' });
  const root = el('section', { class: 'fs-inspector__part', 'aria-label': 'Stop when' }, el('h3', { text: 'Stop when' }), list);
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
      actions.addBreakpoint(query);
    }
  }

  return {
    root,
    /** @param {import('../model/view-state.js').ViewState} state */
    update(state) {
      const inputs = [state.meta?.actors, state.meta?.regions, state.moment, state.page, state.actor, state.breakpoints];
      if (inputs.every((each, i) => each === shown[i])) {
        return;
      }
      shown = inputs;
      const offers = offersOf(state);
      root.hidden = offers.length === 0;
      fillRows(list, offers, make, (row, { when, query }) => {
        const choose = /** @type {HTMLElement} */ (row.firstElementChild);
        row.dataset.query = query;
        setText(choose, when);
        choose.title = query;
        choose.setAttribute('aria-pressed', String(state.breakpoints.some((each) => each.query === query)));
      });
    },
  };
}
