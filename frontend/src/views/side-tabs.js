// @ts-check
import { el } from './dom.js';

/** @typedef {import('../model/deep-link.js').SideId} SideId */

/** @type {[SideId, string, string][]} */
const SIDES = [
  ['page', 'Page', 'What the selected page is and why'],
  ['kernel', 'Kernel', 'The functions that the kernel is in at this moment (K)'],
  ['breaks', 'Breaks', 'Predicates that stop a run, and that a recording is walked by (Shift B)'],
  ['marks', 'Marks', 'What was noted at moments: bookmarks (Shift C)'],
  ['hand', 'Hand', 'Be the handler: answer faults, and meddle (H)'],
];

/**
 * What the inspector's column shows.
 *
 * @param {HTMLElement} root
 * @param {(side: SideId) => void} choose
 */
export function createSideTabs(root, choose) {
  const bar = el('div', { class: 'fs-side-tabs', role: 'tablist', 'aria-label': 'Inspector' });
  /** @type {Record<SideId, HTMLElement>} */
  const panels = /** @type {any} */ ({});
  /** @type {Record<SideId, HTMLElement>} */
  const tabs = /** @type {any} */ ({});
  for (const [id, name, title] of SIDES) {
    const tab = el('button', { type: 'button', class: 'fs-lenses__tab', role: 'tab', id: `side-${id}`, 'aria-controls': `side-panel-${id}`, title, text: name });
    tab.addEventListener('click', () => choose(id));
    bar.append(tab);
    tabs[id] = tab;
    panels[id] = el('div', { class: 'fs-side-panel', role: 'tabpanel', id: `side-panel-${id}`, 'aria-labelledby': `side-${id}` });
  }
  bar.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step !== undefined) {
      const shown = SIDES.map(([id]) => id).filter((id) => !tabs[id].hidden);
      const at = shown.findIndex((id) => tabs[id] === document.activeElement);
      const to = shown[(at + step + shown.length) % shown.length];
      choose(to);
      tabs[to].focus();
      event.preventDefault();
      event.stopPropagation();
    }
  });
  root.append(el('div', { class: 'fs-side' }, bar, ...Object.values(panels)));

  /** @param {SideId} side */
  function show(side) {
    for (const [id] of SIDES) {
      const chosen = id === side;
      tabs[id].setAttribute('aria-selected', String(chosen));
      tabs[id].tabIndex = chosen ? 0 : -1;
      panels[id].hidden = !chosen;
    }
  }

  return {
    panels,
    show,
    /** @param {import('../model/view-state.js').ViewState} state */
    update(state) {
      tabs.hand.hidden = state.run === null;
      show(state.side === 'hand' && !state.run ? 'page' : state.side);
    },
  };
}
