// @ts-check
import { assert } from './assert.js';

/**
 * Where every page of every region is drawn.
 *
 * One block per region, under each other, with a header above each. Inside a block pages run row by
 * row, left to right: the address is the position. A row has 512 pages (2 MiB) where there is room,
 * otherwise half of that, or half again. A region of more than 262,144 pages (1 GiB) is cut into tiles of
 * 512 × 512 pages, set side by side with a gap between them.
 *
 * Headers and gaps have a fixed size in pixels and pages do not, so a position is a function of the
 * zoom, not a scaled picture.
 */

/** Pages of one tile: 1 GiB. */
export const TILE_PAGES = 512 * 512;

/**
 * Row lengths a person can choose, in the order in which they are preferred. The short ones are for
 * guests of a few hundred pages, whose every page can carry its number.
 */
export const ROW_LENGTHS = /** @type {const} */ ([512, 256, 128, 64, 32, 16]);

/**
 * Pixels of one page. Below 1 one pixel shows a square of pages; from 1 on whole numbers, so that
 * cells do not shimmer.
 */
export const ZOOMS = [
  1 / 64, 1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28,
  32, 40, 48, 64,
];

/** From this many pixels on a page carries its sign and a border. */
export const GLYPH_FROM = 12;

/** From this many pixels on a page carries its number. */
export const NUMBER_FROM = 28;

/**
 * Sizes that do not grow with the zoom, in pixels.
 *
 * @typedef {object} Metrics
 * @property {number} header above each block
 * @property {number} gap between blocks
 * @property {number} tileGap
 * @property {number} gutter left of the blocks, for page numbers
 * @property {number} margin around everything else
 */

/**
 * One region in the grid.
 *
 * @typedef {object} Block
 * @property {number} region its index
 * @property {number} pages
 * @property {number} columns pages to a row
 * @property {number} tiles
 * @property {number} tilesAcross
 */

/**
 * @typedef {object} PlacedBlock
 * @property {Block} block
 * @property {number} top of its header
 * @property {number} cellsTop of its first row
 * @property {number} width
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
 * @param {number} across tiles side by side in a large region
 * @returns {Block[]}
 */
export function arrange(regions, columns, across) {
  return regions.map(({ index, pages }) => {
    const tiles = Math.ceil(pages / TILE_PAGES);
    return {
      region: index,
      pages,
      columns: tiles > 1 ? 512 : columns,
      tiles,
      tilesAcross: Math.max(1, Math.min(tiles, across)),
    };
  });
}

/**
 * @param {Block[]} blocks
 * @param {number} zoom
 * @param {Metrics} metrics
 * @returns {GridLayout}
 */
export function place(blocks, zoom, metrics) {
  let top = metrics.margin;
  let width = 0;
  const placed = blocks.map((block) => {
    const cellsTop = top + metrics.header;
    const size = blockSize(block, zoom, metrics);
    const bottom = cellsTop + size.height;
    const at = { block, top, cellsTop, width: size.width, bottom };
    top = bottom + metrics.gap;
    width = Math.max(width, size.width);
    return at;
  });
  return {
    zoom,
    metrics,
    blocks: placed,
    width: metrics.gutter + width + metrics.margin,
    height: Math.max(0, top - metrics.gap) + metrics.margin,
  };
}

/** @param {Block} block @param {number} zoom @param {Metrics} metrics */
function blockSize(block, zoom, metrics) {
  const down = Math.ceil(block.tiles / block.tilesAcross);
  const tileWidth = Math.ceil(block.columns * zoom);
  const rows = block.tiles > 1 ? 512 : Math.ceil(block.pages / block.columns);
  const lastTile = block.pages - (block.tiles - 1) * TILE_PAGES;
  const lastRows = Math.ceil(lastTile / block.columns);
  const alone = block.tiles - (down - 1) * block.tilesAcross === 1;
  const lastHeight = Math.ceil((alone ? lastRows : rows) * zoom);
  return {
    width: block.tilesAcross * tileWidth + (block.tilesAcross - 1) * metrics.tileGap,
    height: (down - 1) * (Math.ceil(rows * zoom) + metrics.tileGap) + lastHeight,
  };
}

/**
 * Chooses row length and zoom so that everything is seen as large as possible. Of two row lengths
 * that give the same zoom the longer one is taken.
 *
 * @param {{index: number, pages: number}[]} regions
 * @param {number | 'auto'} columns
 * @param {number} width
 * @param {number} height
 * @param {Metrics} metrics
 * @returns {{blocks: Block[], zoom: number}}
 */
export function fit(regions, columns, width, height, metrics) {
  const most = Math.max(1, ...regions.map((region) => Math.ceil(region.pages / TILE_PAGES)));
  const acrosses = Array.from({ length: Math.min(most, 64) }, (_, i) => i + 1);
  const lengths = columns === 'auto' ? ROW_LENGTHS : [columns];
  /** @type {{blocks: Block[], zoom: number, spare: number} | null} */
  let best = null;
  for (const length of lengths) {
    for (const across of acrosses) {
      const blocks = arrange(regions, length, across);
      for (let i = ZOOMS.length - 1; i >= 0; i--) {
        const zoom = ZOOMS[i];
        if (zoom > FIT_AT_MOST) {
          continue;
        }
        if (best && zoom < best.zoom) {
          break;
        }
        const layout = place(blocks, zoom, metrics);
        if (layout.width <= width && layout.height <= height) {
          const spare = Math.abs(width / Math.max(1, layout.width) - height / layout.height);
          const better =
            !best ||
            zoom > best.zoom ||
            (blocks.some((b) => b.tiles > 1) && spare < best.spare - 1e-9);
          if (better) {
            best = { blocks, zoom, spare };
          }
          break;
        }
      }
    }
  }
  if (best) {
    return { blocks: best.blocks, zoom: best.zoom };
  }
  // Too many regions for one screen: as wide as fits, the rest is a matter of scrolling.
  const length = columns === 'auto' ? 128 : columns;
  const blocks = arrange(regions, length, most > 1 ? 4 : 1);
  const zoom = ZOOMS.findLast(
    (z) => z <= 4 && place(blocks, z, metrics).width <= width,
  );
  return { blocks, zoom: zoom ?? ZOOMS[0] };
}

/** A handful of pages is not blown up to fill the screen. */
const FIT_AT_MOST = 40;

/**
 * @param {number} zoom one of {@link ZOOMS}, or between
 * @param {number} steps positive to come closer
 * @returns {number} one of {@link ZOOMS}
 */
export function zoomBy(zoom, steps) {
  let nearest = 0;
  for (let i = 1; i < ZOOMS.length; i++) {
    if (Math.abs(Math.log(ZOOMS[i] / zoom)) < Math.abs(Math.log(ZOOMS[nearest] / zoom))) {
      nearest = i;
    }
  }
  return ZOOMS[Math.max(0, Math.min(ZOOMS.length - 1, nearest + steps))];
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
 * Top left corner of a tile.
 *
 * @param {GridLayout} layout
 * @param {PlacedBlock} placed
 * @param {number} tile
 * @returns {{x: number, y: number}}
 */
export function tileOrigin(layout, placed, tile) {
  const { block } = placed;
  const across = tile % block.tilesAcross;
  const down = (tile - across) / block.tilesAcross;
  const { zoom, metrics } = layout;
  return {
    x: metrics.gutter + across * (Math.ceil(block.columns * zoom) + metrics.tileGap),
    y: placed.cellsTop + down * (Math.ceil(512 * zoom) + metrics.tileGap),
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
  const tile = Math.floor(page / TILE_PAGES);
  const inTile = page - tile * TILE_PAGES;
  const origin = tileOrigin(layout, placed, tile);
  const row = Math.floor(inTile / placed.block.columns);
  const column = inTile - row * placed.block.columns;
  return {
    x: origin.x + Math.floor(column * layout.zoom),
    y: origin.y + Math.floor(row * layout.zoom),
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
  for (const placed of layout.blocks) {
    if (y < placed.cellsTop || y >= placed.bottom) {
      continue;
    }
    const { block } = placed;
    const { zoom, metrics } = layout;
    const stepX = Math.ceil(block.columns * zoom) + metrics.tileGap;
    const stepY = Math.ceil(512 * zoom) + metrics.tileGap;
    const across = Math.floor((x - metrics.gutter) / stepX);
    const down = block.tiles > 1 ? Math.floor((y - placed.cellsTop) / stepY) : 0;
    if (across < 0 || across >= block.tilesAcross) {
      return null;
    }
    const tile = down * block.tilesAcross + across;
    const column = Math.floor((x - metrics.gutter - across * stepX) / zoom);
    const row = Math.floor((y - placed.cellsTop - down * stepY) / zoom);
    if (tile >= block.tiles || column >= block.columns || (block.tiles > 1 && row >= 512)) {
      return null;
    }
    const page = tile * TILE_PAGES + row * block.columns + column;
    return page < block.pages ? { region: block.region, page } : null;
  }
  return null;
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
