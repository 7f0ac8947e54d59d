// @ts-check
import { ROW_LENGTHS } from '../base/page-grid.js';
import { LAYERS } from '../model/paint.js';
import { button, el, setText } from './dom.js';

/** @typedef {import('../model/paint.js').LayerId} LayerId */

/**
 * What of the grid is shown: layer, pages to a row, zoom.
 *
 * @param {HTMLElement} root
 * @param {object} options
 * @param {(layer: LayerId) => void} options.setLayer
 * @param {(columns: number | 'auto') => void} options.setColumns
 * @param {() => void} options.fit
 */
export function createSpaceTools(root, { setLayer, setColumns, fit }) {
  const zoom = el('span', { class: 'fs-number' });
  const layer = createSelect(
    'Layer',
    Object.values(LAYERS).map(({ id, title }) => [id, title]),
    setLayer,
  );
  const columns = createSelect(
    'Pages to a row',
    [['auto', 'auto'], ...ROW_LENGTHS.map((n) => /** @type {[string, string]} */ ([`${n}`, `${n}`]))],
    (value) => setColumns(value === 'auto' ? 'auto' : Number(value)),
  );
  root.append(
    el('label', {}, 'layer ', layer),
    el('label', {}, 'columns ', columns),
    zoom,
    button({ name: 'Fit everything on screen (F)', label: 'fit', run: fit }),
  );
  return {
    /** @param {LayerId} id */
    showLayer(id) {
      layer.value = id;
    },
    /** @param {boolean} on whether rows are of 512 pages whatever is chosen */
    showWhole(on) {
      columns.disabled = on;
      columns.title = on ? 'Memory this large is shown in rows of 512 pages' : '';
    },
    /** @param {number} pixels CSS pixels of one page */
    showZoom(pixels) {
      const one = pixels >= 1;
      setText(zoom, one ? `zoom ${Math.round(pixels * 10) / 10} px` : `zoom 1/${Math.round(1 / pixels)} px`);
      zoom.title = one ? 'pixels of a page' : `one pixel stands for ${1 / pixels} × ${1 / pixels} pages`;
    },
  };
}

/**
 * @param {string} name
 * @param {[string, string][]} options
 * @param {(value: string) => void} choose
 * @returns {HTMLSelectElement}
 */
function createSelect(name, options, choose) {
  const select = el('select', { class: 'fs-select', 'aria-label': name });
  select.append(...options.map(([value, text]) => el('option', { value, text })));
  select.addEventListener('change', () => choose(select.value));
  return select;
}
