// @ts-check
import { levelOf, partOf, stepOf, TILE_PAGES } from './page-grid.js';

/** @typedef {import('./page-grid.js').GridLayout} GridLayout */
/** @typedef {import('./page-grid.js').PlacedBlock} PlacedBlock */

/**
 * Pages within a rectangle of the grid, as one range a region: what is on screen.
 *
 * @param {GridLayout} layout
 * @param {number} top
 * @param {number} bottom
 * @returns {{region: number, first: number, count: number}[]}
 */
export function visibleRanges(layout, top, bottom) {
  const ranges = [];
  for (const placed of layout.blocks) {
    if (placed.bottom <= top || placed.cellsTop >= bottom) {
      continue;
    }
    const { block } = placed;
    const { zoom } = layout;
    let first = 0;
    let last = block.pages;
    if (block.parts > 1) {
      const { y: stepY } = stepOf(layout, placed);
      const perRow = block.across * block.partPages;
      first = Math.max(0, Math.floor((top - placed.cellsTop) / stepY)) * perRow;
      last = (Math.floor((bottom - placed.cellsTop) / stepY) + 1) * perRow;
    } else {
      first = Math.max(0, Math.floor((top - placed.cellsTop) / zoom)) * block.columns;
      last = Math.ceil((bottom - placed.cellsTop) / zoom) * block.columns;
    }
    last = Math.min(block.pages, last);
    if (last > first) {
      ranges.push({ region: block.region, first, count: last - first });
    }
  }
  return ranges;
}

/**
 * Tiles of which something is on screen, those in the middle first.
 *
 * @param {GridLayout} layout
 * @param {{x: number, y: number}} scroll
 * @param {number} width
 * @param {number} height
 * @returns {{region: number, tile: number}[]} each once
 */
export function tilesOnScreen(layout, scroll, width, height) {
  /** @type {Map<string, {region: number, tile: number, away: number}>} */
  const tiles = new Map();
  for (const placed of layout.blocks) {
    for (let part = 0; part < placed.block.parts; part++) {
      const view = partView(layout, placed, part, scroll, width, height);
      if (view) {
        const { region } = placed.block;
        const tile = Math.floor(view.first / TILE_PAGES);
        const x = view.x + ((view.firstColumn + view.lastColumn) / 2) * view.cell;
        const y = view.y + ((view.firstRow + view.lastRow) / 2) * view.cell;
        const away = Math.hypot(x - width / 2, y - height / 2);
        tiles.set(`${region}:${tile}`, { region, tile, away: Math.min(away, tiles.get(`${region}:${tile}`)?.away ?? away) });
      }
    }
  }
  return [...tiles.values()].sort((a, b) => a.away - b.away).map(({ region, tile }) => ({ region, tile }));
}

/**
 * What is on screen of a tile or a strip, in cells: pages from one pixel a page on, squares of pages
 * below.
 *
 * @typedef {object} PartView
 * @property {number} x of the first cell, on screen
 * @property {number} y
 * @property {number} cell pixels of a cell
 * @property {number} columns cells to a row
 * @property {number} firstRow
 * @property {number} lastRow one beyond
 * @property {number} firstColumn
 * @property {number} lastColumn one beyond
 * @property {number} first page
 * @property {number} pages
 */

/**
 * @param {GridLayout} layout
 * @param {PlacedBlock} placed
 * @param {number} part
 * @param {{x: number, y: number}} scroll
 * @param {number} width
 * @param {number} height
 * @returns {PartView | null} null where nothing of it is on screen
 */
export function partView(layout, placed, part, scroll, width, height) {
  const { block } = placed;
  const at = partOf(layout, placed, part);
  const x = at.x - scroll.x;
  const y = at.y - scroll.y;
  const level = levelOf(layout.zoom);
  const cell = level === 0 ? layout.zoom : 1;
  const columns = Math.max(1, block.columns >> level);
  const rows = Math.ceil(at.rows / (1 << level));
  const firstRow = Math.max(0, Math.floor(-y / cell));
  const lastRow = Math.min(rows, Math.ceil((height - y) / cell));
  const firstColumn = Math.max(0, Math.floor(-x / cell));
  const lastColumn = Math.min(columns, Math.ceil((width - x) / cell));
  return firstRow >= lastRow || firstColumn >= lastColumn
    ? null
    : { x, y, cell, columns, firstRow, lastRow, firstColumn, lastColumn, first: at.first, pages: at.pages };
}
