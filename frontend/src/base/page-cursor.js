// @ts-check

/**
 * Where a key takes the page cursor within a region.
 *
 * @typedef {object} CursorPlace
 * @property {number} page
 * @property {number} last page of the region
 * @property {number} columns pages to a row
 * @property {number} rows that a page key moves by
 * @property {(direction: 1 | -1) => number} nextDifferent
 */

/** @type {Record<string, (at: CursorPlace) => number>} */
const MOVES = {
  ArrowLeft: ({ page }) => page - 1,
  ArrowRight: ({ page }) => page + 1,
  ArrowUp: ({ page, columns }) => (page >= columns ? page - columns : page),
  ArrowDown: ({ page, columns, last }) => (page + columns <= last ? page + columns : page),
  Home: ({ page, columns }) => page - (page % columns),
  End: ({ page, columns }) => page - (page % columns) + columns - 1,
  PageUp: ({ page, columns, rows }) => page - columns * rows,
  PageDown: ({ page, columns, rows }) => page + columns * rows,
  'Ctrl+ArrowRight': ({ nextDifferent }) => nextDifferent(1),
  'Ctrl+ArrowDown': ({ nextDifferent }) => nextDifferent(1),
  'Ctrl+ArrowLeft': ({ nextDifferent }) => nextDifferent(-1),
  'Ctrl+ArrowUp': ({ nextDifferent }) => nextDifferent(-1),
};

/**
 * @param {string} key
 * @param {CursorPlace} at
 * @returns {number | null} null where the key does not move the cursor
 */
export function moveCursor(key, at) {
  const move = MOVES[key];
  return move ? Math.max(0, Math.min(at.last, move(at))) : null;
}
