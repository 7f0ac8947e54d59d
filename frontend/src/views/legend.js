// @ts-check
import { formatCount } from '../base/format.js';
import { LAYERS } from '../model/paint.js';
import { el, fillRows, setText } from './dom.js';
import { paintSwatch } from './palette.js';

/**
 * What the colours and signs of the chosen layer mean, and how many pages there are of each.
 *
 * @param {HTMLElement} root
 */
export function createLegend(root) {
  const list = el('ul', { class: 'fs-legend', 'aria-label': 'Legend' });
  root.append(list);
  let shown = '';
  return {
    /**
     * @param {import('../model/page-store.js').PageStore} pages
     * @param {number} theme changes when colours do
     * @param {boolean} small whether pages are too small for an outline
     */
    update(pages, theme, small) {
      const totals = pages.totals();
      const key = `${pages.layer} ${theme} ${small} ${totals.join()}`;
      if (key === shown) {
        return;
      }
      const repaint = !shown.startsWith(`${pages.layer} ${theme} ${small} `);
      shown = key;
      fillRows(
        list,
        LAYERS[pages.layer].legend,
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
