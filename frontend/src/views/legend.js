// @ts-check
import { formatCount } from '../base/format.js';
import { el, fillRows, setText } from './dom.js';
import { paintSwatch } from './palette.js';

/**
 * What the colours and signs of the chosen layer mean, and how many pages there are of each.
 *
 * @param {HTMLElement} root
 */
export function createLegend(root) {
  const list = el('ul', { class: 'fs-legend', 'aria-label': 'Legend' });
  const said = el('p', { class: 'fs-legend__note', role: 'status', hidden: true });
  root.append(list, said);
  let shown = '';
  return {
    /**
     * @param {import('../model/page-store.js').PageStore} pages
     * @param {number} theme changes when colours do
     * @param {boolean} small whether pages are too small for an outline
     * @param {import('../model/paint.js').LegendEntry[]} entries of the layer
     * @param {string} note what else is to be known of it, or empty
     */
    update(pages, theme, small, entries, note) {
      setText(said, note);
      said.hidden = note === '';
      const totals = pages.totals();
      const painted = `${pages.layer} ${theme} ${small} ${entries.map(({ label }) => label).join()} `;
      const key = painted + totals.join();
      if (key === shown) {
        return;
      }
      const repaint = !shown.startsWith(painted);
      shown = key;
      fillRows(
        list,
        entries,
        () =>
          el(
            'li',
            { class: 'fs-legend__entry' },
            el('span', { class: 'fs-swatch', 'aria-hidden': 'true' }),
            el('span'),
            el('span', { class: 'fs-legend__count' }),
          ),
        (row, entry) => {
          const [swatch, label, count] = /** @type {HTMLElement[]} */ ([...row.children]);
          if (repaint) {
            paintSwatch(swatch, entry.paint, small);
            setText(label, entry.label);
            row.title = entry.meaning;
          }
          setText(count, formatCount(totals[entry.paint]));
          row.classList.toggle('fs-legend__entry--none', totals[entry.paint] === 0);
        },
      );
    },
  };
}
