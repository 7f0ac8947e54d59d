// @ts-check
import { arrange, blockWidth, LARGEST, place, ROW_LENGTHS, RULE_PAGES, TILE_PAGES, ZOOMS } from './page-grid.js';

/** @typedef {import('./page-grid.js').Block} Block */
/** @typedef {import('./page-grid.js').GridLayout} GridLayout */
/** @typedef {import('./page-grid.js').Metrics} Metrics */

/**
 * Sets blocks beside each other as long as they fit.
 *
 * @param {Block[]} blocks
 * @param {number} zoom
 * @param {Metrics} metrics
 * @param {number} width
 * @returns {Block[]}
 */
function flow(blocks, zoom, metrics, width) {
  let left = 0;
  return blocks.map((block) => {
    const needs = blockWidth(block, zoom, metrics);
    const beside = left > 0 && left + needs + metrics.margin <= width;
    left = (beside ? left : 0) + needs + metrics.gap;
    return { ...block, beside };
  });
}

/** More strips than anybody follows from one to the next. */
const MOST_STRIPS = 16;

/**
 * Every arrangement worth trying at a zoom, the longest rows first.
 *
 * @param {{index: number, pages: number}[]} regions
 * @param {number | 'auto'} columns
 * @param {number} zoom
 * @param {number} width
 * @param {Metrics} metrics
 * @returns {Generator<{blocks: Block[], layout: GridLayout}>} those that are no wider
 */
function* arrangements(regions, columns, zoom, width, metrics) {
  const room = width - metrics.gutter - metrics.margin;
  const fitting = (/** @type {number} */ length) =>
    Math.max(1, Math.floor((room + metrics.tileGap) / (Math.ceil(length * zoom) + metrics.tileGap)));
  const largest = Math.max(0, ...regions.map(({ pages }) => (pages > TILE_PAGES ? 0 : pages)));
  for (const length of columns === 'auto' ? ROW_LENGTHS : [columns]) {
    const most = zoom < 1 ? 1 : Math.min(MOST_STRIPS, fitting(length), Math.max(1, Math.ceil(largest / RULE_PAGES)));
    for (let strips = 1; strips <= most; strips++) {
      const blocks = flow(arrange(regions, length, fitting(512), strips), zoom, metrics, width);
      const layout = place(blocks, zoom, metrics);
      if (layout.width <= width) {
        yield { blocks, layout };
      }
    }
  }
}

/** Widths that differ by less than this part of the whole are as good as each other. */
const WIDTH_STEPS = 8;

/**
 * Chooses row length, strips and zoom so that everything is seen as large as possible. Of those that
 * give the same zoom the widest is taken; among equally wide ones that with the fewest strips, then
 * with the longest rows.
 *
 * @param {{index: number, pages: number}[]} regions
 * @param {number | 'auto'} columns
 * @param {number} width
 * @param {number} height
 * @param {Metrics} metrics
 * @param {number} [leastShare] pages are not shrunk below this part of the panel to make all headers fit
 * @returns {{blocks: Block[], zoom: number}}
 */
export function fit(regions, columns, width, height, metrics, leastShare = 1 / 16) {
  if (regions.length === 0) {
    return { blocks: [], zoom: 1 };
  }
  const total = regions.reduce((sum, { pages }) => sum + pages, 0);
  const largest = Math.min(LARGEST, Math.floor(Math.sqrt((width * height) / Math.max(1, total))));
  const whole = Array.from({ length: Math.max(0, largest) }, (_, i) => largest - i);
  const smaller = BELOW_ONE.filter((zoom) => total * zoom * zoom >= width * height * leastShare);
  for (const zoom of [...whole, ...smaller]) {
    /** @type {{blocks: Block[], wide: number, parts: number} | null} */
    let best = null;
    for (const { blocks, layout } of arrangements(regions, columns, zoom, width, metrics)) {
      if (layout.height > height) {
        continue;
      }
      const right = Math.max(...layout.blocks.map((placed) => placed.left + metrics.gutter + placed.width));
      const wide = Math.round((right / width) * WIDTH_STEPS);
      const parts = blocks.reduce((sum, block) => sum + block.parts, 0);
      if (!best || wide > best.wide || (wide === best.wide && parts < best.parts)) {
        best = { blocks, wide, parts };
      }
    }
    if (best) {
      return { blocks: best.blocks, zoom };
    }
  }
  return scrolled(regions, columns, width, height, metrics);
}

const BELOW_ONE = ZOOMS.filter((zoom) => zoom < 1).reverse();

/** Pixels of a page where regions do not fit on one screen: the first that needs no more screens than this. */
const SCROLLED = [4, 3, 2, 1];
const MOST_SCREENS = 4;

/**
 * Too many regions for one screen: no wider than that, and as little to scroll as can be.
 *
 * @param {{index: number, pages: number}[]} regions
 * @param {number | 'auto'} columns
 * @param {number} width
 * @param {number} height
 * @param {Metrics} metrics
 * @returns {{blocks: Block[], zoom: number}}
 */
function scrolled(regions, columns, width, height, metrics) {
  const total = regions.reduce((sum, { pages }) => sum + pages, 0);
  // Below this headers are what does not fit, and smaller pages would not help.
  const lowest = [1, ...BELOW_ONE].find((zoom) => total * zoom * zoom <= MOST_SCREENS * width * height) ?? ZOOMS[0];
  for (const zoom of [...SCROLLED, ...BELOW_ONE]) {
    /** @type {{blocks: Block[], layout: GridLayout} | null} */
    let best = null;
    for (const each of arrangements(regions, columns, zoom, width, metrics)) {
      if (!best || each.layout.height < best.layout.height) {
        best = each;
      }
    }
    if (best && (zoom <= lowest || best.layout.height <= MOST_SCREENS * height)) {
      return { blocks: best.blocks, zoom };
    }
  }
  return { blocks: arrange(regions, columns === 'auto' ? 64 : columns, 1), zoom: 1 };
}
