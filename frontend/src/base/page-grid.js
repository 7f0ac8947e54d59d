// @ts-check
import { assert } from './assert.js';

/**
 * Where every page of every region is drawn.
 *
 * One block per region, from left to right and then under each other, as they fit, with a header above
 * each. Inside a block pages run row by row, left to right: the address is the position. A row has 512
 * pages (2 MiB), or half of that, or half again. A region of more than 262,144 pages (1 GiB) is cut
 * into tiles of 512 × 512 pages, set side by side with a gap between them; a smaller one may be cut
 * into strips of whole 2 MiB, side by side as well, where that lets pages be larger.
 *
 * Headers and gaps have a fixed size in pixels and pages do not, so a position is a function of the
 * zoom, not a scaled picture.
 */

/** Pages of one tile: 1 GiB. */
export const TILE_PAGES = 512 * 512;

/** Memory that is not looked at page by page is known in cells: pages at each side of one. */
export const CELL_SIDE = 8;

/** The halvings after which one pixel is a cell. */
export const CELL_LEVEL = 3;

/** Pages of 2 MiB: what one entry of the next table covers, and strips are made of. */
export const RULE_PAGES = 512;

/**
 * Row lengths a person can choose, in the order in which they are preferred. The short ones are for
 * guests of a few hundred pages, whose every page can carry its number.
 */
export const ROW_LENGTHS = /** @type {const} */ ([512, 256, 128, 64, 32, 16, 8]);

/**
 * Pixels of one page that zooming stops at. Below 1 one pixel shows a square of pages; from 1 on whole
 * numbers, so that cells do not shimmer.
 */
export const ZOOMS = [
  1 / 64, 1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28,
  32, 40, 48, 64, 80, 96, 128, 160, 192,
];

/** Pixels of the largest page. */
export const LARGEST = ZOOMS[ZOOMS.length - 1];

/** From this many pixels on a page carries its sign and a border. */
export const GLYPH_FROM = 12;

/** From this many pixels on a page carries its number. */
export const NUMBER_FROM = 28;

/** From this many pixels on a page says its state in words, and who waits for it. */
export const WORDS_FROM = 56;

/**
 * Sizes that do not grow with the zoom, in pixels.
 *
 * @typedef {object} Metrics
 * @property {number} header above each block
 * @property {number} label above each tile or strip
 * @property {number} gap between blocks
 * @property {number} tileGap
 * @property {number} gutter left of the blocks, for page numbers
 * @property {number} least width of a block's pages, so that its header can be read
 * @property {number} margin around everything else
 */

/**
 * One region in the grid.
 *
 * @typedef {object} Block
 * @property {number} region its index
 * @property {number} pages
 * @property {number} columns pages to a row
 * @property {number} partPages of a tile, or of a strip
 * @property {number} parts
 * @property {number} across parts side by side
 * @property {boolean} beside whether it stands right of the one before, not under it
 */

/**
 * @typedef {object} PlacedBlock
 * @property {Block} block as it is drawn at this zoom
 * @property {number} left of its gutter
 * @property {number} right
 * @property {number} top of its header
 * @property {number} cellsTop of its first row, or of the label above that
 * @property {number} label height of the line above each part
 * @property {number} width of its pages
 * @property {number} bottom
 */

/**
 * @typedef {object} GridLayout
 * @property {number} zoom pixels of a page
 * @property {Metrics} metrics
 * @property {PlacedBlock[]} blocks
 * @property {number} width
 * @property {number} height
 */

/**
 * @param {{index: number, pages: number}[]} regions
 * @param {number} columns wanted
 * @param {number} across tiles side by side in a large region, at most
 * @param {number} [strips] that a smaller one is cut into, at most
 * @returns {Block[]} each under the one before
 */
export function arrange(regions, columns, across, strips = 1) {
  return regions.map(({ index, pages }) => {
    const tiled = pages > TILE_PAGES;
    const partPages = tiled ? TILE_PAGES : stripPages(pages, strips);
    const parts = Math.max(1, Math.ceil(pages / partPages));
    // As few rows of tiles as can be, and those equally long.
    const rows = tiled ? Math.ceil(parts / across) : 1;
    return {
      region: index,
      pages,
      columns: tiled ? 512 : columns,
      partPages,
      parts,
      across: Math.ceil(parts / rows),
      beside: false,
    };
  });
}

/** @param {number} pages @param {number} strips @returns {number} */
function stripPages(pages, strips) {
  const whole = Math.ceil(pages / RULE_PAGES);
  return strips > 1 && whole > 1 ? Math.ceil(whole / strips) * RULE_PAGES : TILE_PAGES;
}

/**
 * Below one pixel a page a cell could lie across two strips: there, nothing is cut but tiles.
 *
 * @param {Block} block
 * @param {number} zoom
 * @returns {Block}
 */
function drawnAs(block, zoom) {
  return zoom >= 1 || block.partPages === TILE_PAGES ? block : { ...block, partPages: TILE_PAGES, parts: 1, across: 1 };
}

/**
 * @param {Block[]} blocks
 * @param {number} zoom
 * @param {Metrics} metrics
 * @returns {GridLayout}
 */
export function place(blocks, zoom, metrics) {
  let left = 0;
  let top = metrics.margin;
  let bottom = metrics.margin - metrics.gap;
  let width = 0;
  const placed = blocks.map((each) => {
    const block = drawnAs(each, zoom);
    if (!block.beside) {
      left = 0;
      top = bottom + metrics.gap;
    }
    const size = blockSize(block, zoom, metrics);
    const cellsTop = top + metrics.header;
    const right = left + metrics.gutter + Math.max(size.width, metrics.least);
    const at = { block, left, right, top, cellsTop, label: size.label, width: size.width, bottom: cellsTop + size.height };
    left = right + metrics.gap;
    bottom = Math.max(bottom, at.bottom);
    width = Math.max(width, right);
    return at;
  });
  return {
    zoom,
    metrics,
    blocks: placed,
    width: Math.max(width, metrics.gutter) + metrics.margin,
    height: Math.max(0, bottom) + metrics.margin,
  };
}

/**
 * How wide a block is with its gutter and header.
 *
 * @param {Block} block
 * @param {number} zoom
 * @param {Metrics} metrics
 * @returns {number}
 */
export function blockWidth(block, zoom, metrics) {
  return metrics.gutter + Math.max(blockSize(drawnAs(block, zoom), zoom, metrics).width, metrics.least);
}

/** @param {Block} block @param {number} zoom @param {Metrics} metrics */
function blockSize(block, zoom, metrics) {
  const down = Math.ceil(block.parts / block.across);
  const partWidth = Math.ceil(Math.min(block.columns, block.pages) * zoom);
  const label = zoom >= 1 && block.parts > 1 ? metrics.label : 0;
  const rows = Math.ceil(Math.min(block.partPages, block.pages) / block.columns);
  const lastPart = block.pages - (block.parts - 1) * block.partPages;
  const lastRows = Math.ceil(lastPart / block.columns);
  const alone = block.parts - (down - 1) * block.across === 1;
  const lastHeight = Math.ceil((alone ? lastRows : rows) * zoom);
  return {
    label,
    width: block.across * partWidth + (block.across - 1) * metrics.tileGap,
    height: (down - 1) * (label + Math.ceil(rows * zoom) + metrics.tileGap) + label + lastHeight,
  };
}

/**
 * @param {number} zoom one of {@link ZOOMS}, or between
 * @param {number} steps positive to come closer
 * @returns {number} one of {@link ZOOMS}; the zoom itself where there is no further
 */
export function zoomBy(zoom, steps) {
  const others = steps > 0 ? ZOOMS.filter((each) => each > zoom) : ZOOMS.filter((each) => each < zoom).reverse();
  return steps === 0 || others.length === 0 ? zoom : others[Math.min(Math.abs(steps), others.length) - 1];
}

/**
 * @param {GridLayout} layout
 * @param {number} region
 * @returns {PlacedBlock | undefined}
 */
export function blockOf(layout, region) {
  return layout.blocks.find((placed) => placed.block.region === region);
}

/**
 * A tile or a strip of a block: the rectangle that its pages are in.
 *
 * @typedef {object} Part
 * @property {number} x of its first page
 * @property {number} y
 * @property {number} first page
 * @property {number} pages
 * @property {number} rows
 */

/**
 * @param {GridLayout} layout
 * @param {PlacedBlock} placed
 * @param {number} part
 * @returns {Part}
 */
export function partOf(layout, placed, part) {
  const { block } = placed;
  const step = stepOf(layout, placed);
  const across = part % block.across;
  const first = part * block.partPages;
  const pages = Math.min(block.partPages, block.pages - first);
  return {
    x: placed.left + layout.metrics.gutter + across * step.x,
    y: placed.cellsTop + ((part - across) / block.across) * step.y + placed.label,
    first,
    pages,
    rows: Math.ceil(pages / block.columns),
  };
}

/**
 * From a part to the one right of it, and under it.
 *
 * @param {GridLayout} layout
 * @param {PlacedBlock} placed
 * @returns {{x: number, y: number}}
 */
export function stepOf({ zoom, metrics }, { block, label }) {
  const rows = Math.ceil(Math.min(block.partPages, block.pages) / block.columns);
  return {
    x: Math.ceil(Math.min(block.columns, block.pages) * zoom) + metrics.tileGap,
    y: label + Math.ceil(rows * zoom) + metrics.tileGap,
  };
}

/**
 * @param {GridLayout} layout
 * @param {number} region
 * @param {number} page
 * @returns {{x: number, y: number, size: number} | null} null where there is no such page
 */
export function pageRect(layout, region, page) {
  const placed = blockOf(layout, region);
  if (!placed || page < 0 || page >= placed.block.pages) {
    return null;
  }
  const { columns, partPages } = placed.block;
  const { x, y, first } = partOf(layout, placed, Math.floor(page / partPages));
  const row = Math.floor((page - first) / columns);
  const column = page - first - row * columns;
  return {
    x: x + Math.floor(column * layout.zoom),
    y: y + Math.floor(row * layout.zoom),
    size: Math.max(1, layout.zoom),
  };
}

/**
 * @param {GridLayout} layout
 * @param {number} x
 * @param {number} y
 * @returns {{region: number, page: number} | null} null between pages
 */
export function pageAt(layout, x, y) {
  const placed = layout.blocks.find((each) => y >= each.cellsTop && y < each.bottom && x >= each.left && x < each.right);
  if (!placed) {
    return null;
  }
  const { block } = placed;
  const step = stepOf(layout, placed);
  const across = Math.floor((x - placed.left - layout.metrics.gutter) / step.x);
  const part = Math.floor((y - placed.cellsTop) / step.y) * block.across + across;
  if (across < 0 || across >= block.across || part >= block.parts) {
    return null;
  }
  const at = partOf(layout, placed, part);
  const column = Math.floor((x - at.x) / layout.zoom);
  const row = Math.floor((y - at.y) / layout.zoom);
  if (row < 0 || row >= at.rows || column >= block.columns) {
    return null;
  }
  const page = row * block.columns + column;
  return page < at.pages ? { region: block.region, page: at.first + page } : null;
}

/**
 * @param {GridLayout} layout
 * @param {number} x
 * @param {number} y
 * @returns {{region: number, page: number} | null} the page that is least far away; null where there are none
 */
export function nearestPage(layout, x, y) {
  let least = Infinity;
  let nearest = null;
  for (const placed of layout.blocks) {
    const { block } = placed;
    for (let part = 0; part < block.parts && block.pages > 0; part++) {
      const at = partOf(layout, placed, part);
      const column = within(Math.floor((x - at.x) / layout.zoom), Math.min(block.columns, at.pages));
      const row = within(Math.floor((y - at.y) / layout.zoom), at.rows);
      const away = Math.hypot(at.x + (column + 0.5) * layout.zoom - x, at.y + (row + 0.5) * layout.zoom - y);
      if (away < least) {
        least = away;
        nearest = { region: block.region, page: at.first + Math.min(row * block.columns + column, at.pages - 1) };
      }
    }
  }
  return nearest;
}

/** @param {number} value @param {number} count @returns {number} 0 to count − 1 */
function within(value, count) {
  return Math.max(0, Math.min(count - 1, value));
}

/**
 * How many levels of halving a zoom stands for: 0 from one pixel a page on.
 *
 * @param {number} zoom
 * @returns {number}
 */
export function levelOf(zoom) {
  if (zoom >= 1) {
    return 0;
  }
  const level = Math.round(-Math.log2(zoom));
  assert(2 ** -level === zoom, `below one pixel a page only halves are drawn: ${zoom}`);
  return level;
}
