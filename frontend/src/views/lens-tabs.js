// @ts-check
import { el } from './dom.js';

/** @typedef {import('../model/lens-registry.js').LensId} LensId */

/**
 * Several ways to look at the same moment.
 *
 * @param {HTMLElement} root
 * @param {import('../model/lens-registry.js').LensRegistry<unknown>} lenses
 * @param {(lens: LensId) => void} choose
 */
export function createLensTabs(root, lenses, choose) {
  const tabs = el('div', { role: 'tablist', 'aria-label': 'Lenses' });
  const bar = el('div', { class: 'fs-lenses' }, tabs);
  root.append(bar);
  /** @type {Record<LensId, {tab: HTMLElement, panel: HTMLElement, tools: HTMLElement}>} */
  const parts = /** @type {any} */ ({});
  const all = lenses.all();
  for (const { id, name, about, key, style } of all) {
    if (style) {
      document.head.append(el('link', { rel: 'stylesheet', href: `/app/styles/${style}` }));
    }
    const tab = el('button', { type: 'button', class: 'fs-lenses__tab', role: 'tab', id: `lens-${id}`, 'aria-controls': `panel-${id}`, title: `${about} (${key})`, text: name });
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
      const at = all.findIndex(({ id }) => parts[id].tab === document.activeElement);
      const { id } = all[(at + step + all.length) % all.length];
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
      for (const { id } of all) {
        const chosen = id === lens;
        parts[id].tab.setAttribute('aria-selected', String(chosen));
        parts[id].tab.tabIndex = chosen ? 0 : -1;
        parts[id].panel.hidden = !chosen;
        parts[id].tools.hidden = !chosen;
      }
    },
  };
}
