// @ts-check
import { el } from './dom.js';

/** @typedef {import('../model/deep-link.js').LensId} LensId */

/** @type {[LensId, string, string][]} */
const LENSES = [
  ['space', 'Space', 'Every page in its place (1)'],
  ['time', 'Time', 'Every thread over time (2)'],
  ['table', 'Table', 'Everything as rows (3)'],
];

/**
 * Three ways to look at the same moment.
 *
 * @param {HTMLElement} root
 * @param {(lens: LensId) => void} choose
 */
export function createLensTabs(root, choose) {
  const tabs = el('div', { role: 'tablist', 'aria-label': 'Lenses' });
  const bar = el('div', { class: 'fs-lenses' }, tabs);
  root.append(bar);
  /** @type {Record<LensId, {tab: HTMLElement, panel: HTMLElement, tools: HTMLElement}>} */
  const parts = /** @type {any} */ ({});
  for (const [id, name, title] of LENSES) {
    const tab = el('button', { type: 'button', class: 'fs-lenses__tab', role: 'tab', id: `lens-${id}`, 'aria-controls': `panel-${id}`, title, text: name });
    tab.addEventListener('click', () => choose(id));
    tabs.append(tab);
    const tools = el('div', { class: 'fs-lenses__tools' });
    bar.append(tools);
    const panel = el('div', { class: 'fs-lens', role: 'tabpanel', id: `panel-${id}`, 'aria-labelledby': `lens-${id}` });
    root.append(panel);
    parts[id] = { tab, panel, tools };
  }
  tabs.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step !== undefined) {
      const at = LENSES.findIndex(([id]) => parts[id].tab === document.activeElement);
      const [id] = LENSES[(at + step + LENSES.length) % LENSES.length];
      choose(id);
      parts[id].tab.focus();
      event.preventDefault();
      event.stopPropagation();
    }
  });
  return {
    parts,
    /** @param {LensId} lens */
    show(lens) {
      for (const [id] of LENSES) {
        const chosen = id === lens;
        parts[id].tab.setAttribute('aria-selected', String(chosen));
        parts[id].tab.tabIndex = chosen ? 0 : -1;
        parts[id].panel.hidden = !chosen;
        parts[id].tools.hidden = !chosen;
      }
    },
  };
}
