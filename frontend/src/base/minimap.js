// @ts-check
import { partView } from './grid-view.js';
import { fit } from './page-fit.js';
import { blockOf, levelOf, partOf, place } from './page-grid.js';

/** @typedef {import('./page-grid.js').GridLayout} GridLayout */

/** Without headers, numbers and labels: only pages. */
const METRICS = { header: 0, label: 0, gap: 2, tileGap: 1, gutter: 0, least: 0, margin: 3 };

/**
 * All regions once more, in a corner.
 *
 * @param {{index: number, pages: number}[]} regions
 * @param {number} columns pages to a row, as the grid has them
 * @param {number} width at most
 * @param {number} height at most
 * @returns {GridLayout | null} null where they do not fit there
 */
export function mapOf(regions, columns, width, height) {
  const { blocks, zoom } = fit(regions, columns, width, height, METRICS, 0);
  const layout = place(blocks, zoom, METRICS);
  return layout.width <= width && layout.height <= height ? layout : null;
}

/**
 * Where on the map those pages are that the grid shows.
 *
 * @param {GridLayout} grid
 * @param {{x: number, y: number}} scroll
 * @param {number} width of what is seen of the grid
 * @param {number} height
 * @param {GridLayout} map with rows of the same length
 * @returns {{x: number, y: number, width: number, height: number}[]} one for each piece
 */
export function windowOn(grid, scroll, width, height, map) {
  const pieces = [];
  const level = levelOf(grid.zoom);
  for (const placed of grid.blocks) {
    const target = blockOf(map, placed.block.region);
    for (let part = 0; target && part < placed.block.parts; part++) {
      const view = partView(grid, placed, part, scroll, width, height);
      if (!view) {
        continue;
      }
      const { columns } = placed.block;
      const above = view.first / columns;
      const firstRow = above + (view.firstRow << level);
      const lastRow = above + Math.min(view.lastRow << level, Math.ceil(view.pages / columns));
      const firstColumn = view.firstColumn << level;
      const lastColumn = Math.min(view.lastColumn << level, columns, placed.block.pages);
      for (let other = 0; other < target.block.parts; other++) {
        const at = partOf(map, target, other);
        const base = at.first / columns;
        const from = Math.max(firstRow, base);
        const to = Math.min(lastRow, base + at.rows);
        if (from < to) {
          pieces.push({
            x: at.x + firstColumn * map.zoom,
            y: at.y + (from - base) * map.zoom,
            width: (lastColumn - firstColumn) * map.zoom,
            height: (to - from) * map.zoom,
          });
        }
      }
    }
  }
  return pieces;
}
