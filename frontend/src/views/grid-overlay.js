// @ts-check
import { formatBytes, formatHex } from '../base/format.js';
import { tileView } from '../base/grid-view.js';
import { NUMBER_FROM, pageRect, TILE_PAGES, tileOrigin } from '../base/page-grid.js';
import { legendOf, Paint, paintOf } from '../model/paint.js';
import { modesText } from '../model/view-state.js';
import { PageBit, PAGE_BYTES } from '../model/vocabulary.generated.js';
import { drawGlyph } from './stamps.js';

/** @typedef {import('../base/page-grid.js').GridLayout} GridLayout */
/** @typedef {import('../model/page-ref.js').PageRef} PageRef */
/** @typedef {import('./palette.js').Palette} Palette */

/**
 * What is drawn over and beside the cells.
 *
 * @typedef {object} Overlay
 * @property {CanvasRenderingContext2D} context
 * @property {GridLayout} layout
 * @property {{x: number, y: number}} scroll
 * @property {number} width
 * @property {number} height
 * @property {number} ratio
 * @property {Palette} palette
 */

/** Below this many pixels a waiting fault is marked by more than its own area. */
const MARK_BELOW = 9;

/**
 * Name, backing, modes and size of each region. Stays on screen while its pages are.
 *
 * @param {Overlay} overlay
 * @param {import('../model/messages.js').RegionInfo[]} regions
 */
export function drawHeaders({ context, layout, scroll, width, height, ratio, palette }, regions) {
  for (const placed of layout.blocks) {
    const region = regions[placed.block.region];
    const top = Math.max(0, placed.top - scroll.y);
    const bottom = placed.bottom - scroll.y;
    if (!region || bottom <= 0 || top >= height) {
      continue;
    }
    const { header, gutter } = layout.metrics;
    if (placed.top - scroll.y < 0) {
      context.fillStyle = palette.paper;
      context.fillRect(0, 0, width, header);
      context.fillStyle = palette.line;
      context.fillRect(0, header - 1, width, 1);
    }
    const base = top + header - Math.round(7 * ratio);
    context.textAlign = 'left';
    context.textBaseline = 'alphabetic';
    context.font = `600 ${12 * ratio}px ${palette.font}`;
    context.fillStyle = palette.ink;
    context.fillText(region.name, gutter, base);
    const nameWidth = context.measureText(region.name).width;
    context.font = `${12 * ratio}px ${palette.font}`;
    context.fillStyle = palette.quiet;
    const facts = [region.backing, modesText(region), formatBytes(region.pages * PAGE_BYTES)];
    if (region.inferred) {
      facts.push('inferred');
    }
    const text = facts.filter((fact) => fact !== '').join(' · ');
    context.fillText(text, gutter + nameWidth + 10 * ratio, base);
  }
}

/**
 * Page numbers left of the rows, and a line every 2 MiB where rows are shorter than that.
 *
 * @param {Overlay} overlay
 */
export function drawRulers({ context, layout, scroll, height, ratio, palette }) {
  const { zoom, metrics } = layout;
  for (const placed of layout.blocks) {
    const { block } = placed;
    if (placed.bottom - scroll.y <= 0 || placed.cellsTop - scroll.y >= height) {
      continue;
    }
    const perColumn = Math.ceil(block.tiles / block.tilesAcross);
    for (let down = 0; down < perColumn; down++) {
      const tile = down * block.tilesAcross;
      const origin = tileOrigin(layout, placed, tile);
      const inTile = Math.min(TILE_PAGES, block.pages - tile * TILE_PAGES);
      const rows = Math.ceil(inTile / block.columns);
      const step = 2 ** Math.max(0, Math.ceil(Math.log2((16 * ratio) / zoom)));
      context.font = `${10 * ratio}px ${palette.mono}`;
      context.textAlign = 'right';
      context.textBaseline = 'top';
      context.fillStyle = palette.quiet;
      for (let row = 0; row < rows; row += step) {
        const y = origin.y - scroll.y + row * zoom;
        if (y > -20 * ratio && y < height) {
          const page = tile * TILE_PAGES + row * block.columns;
          context.fillText(formatHex(page), metrics.gutter - 6 * ratio - scroll.x, y);
        }
      }
      const rule = 512 / block.columns;
      if (block.columns < 512 && zoom >= 5) {
        context.fillStyle = palette.lineStrong;
        for (let row = rule; row < rows; row += rule) {
          const y = Math.round(origin.y - scroll.y + row * zoom) - 1;
          context.fillRect(metrics.gutter - 4 * ratio - scroll.x, y, placed.width + 4 * ratio, 1);
        }
      }
    }
  }
}

/**
 * A ring around each waiting fault, as long as pages are too small to be seen one by one.
 *
 * @param {Overlay} overlay
 * @param {PageRef[]} waiting
 * @param {(page: PageRef) => number} classOf
 */
export function drawMarks({ context, layout, scroll, ratio, palette }, waiting, classOf) {
  if (layout.zoom >= MARK_BELOW * ratio) {
    return;
  }
  const side = Math.round(7 * ratio);
  for (const page of waiting) {
    const rect = pageRect(layout, page.region, page.page);
    if (!rect) {
      continue;
    }
    const x = Math.round(rect.x + rect.size / 2 - scroll.x - side / 2);
    const y = Math.round(rect.y + rect.size / 2 - scroll.y - side / 2);
    context.fillStyle = palette.paper;
    context.fillRect(x - 1, y - 1, side + 2, side + 2);
    context.fillStyle = palette.pages[classOf(page)];
    context.fillRect(x, y, side, side);
  }
}

/**
 * A gauge, half full, at the side of each page that is half written while a fault on it waits: the
 * fault has the cell itself.
 *
 * @param {Overlay} overlay
 * @param {PageRef[]} waiting
 * @param {import('../model/page-store.js').PageStore} pages
 */
export function drawHalves({ context, layout, scroll, ratio, palette }, waiting, pages) {
  if (layout.zoom < MARK_BELOW * ratio) {
    return;
  }
  for (const page of waiting) {
    const rect = pageRect(layout, page.region, page.page);
    if (!rect || !isHalfWritten(pages.get(page.region, page.page))) {
      continue;
    }
    const x = Math.round(rect.x - scroll.x);
    const y = Math.round(rect.y - scroll.y);
    const side = Math.round(rect.size) - 1;
    const wide = Math.max(2, Math.round(side / 5));
    const half = Math.round(side / 2);
    context.fillStyle = palette.pages[Paint.PARTIAL];
    context.fillRect(x, y, wide, half);
    context.fillStyle = palette.absent;
    context.fillRect(x, y + half, wide, side - half);
  }
}

/** @param {number} state */
function isHalfWritten(state) {
  return (state & PageBit.PARTIAL) !== 0;
}

/**
 * An outline around pages: the selected one, the ones of the event.
 *
 * @param {Overlay} overlay
 * @param {PageRef} page
 * @param {string} colour
 * @param {number} thick CSS pixels
 */
export function drawOutline({ context, layout, scroll, ratio, palette }, page, colour, thick) {
  const rect = pageRect(layout, page.region, page.page);
  if (!rect) {
    return;
  }
  const line = Math.round(thick * ratio);
  const gap = rect.size >= 5 ? 1 : 0;
  const least = Math.max(rect.size - gap, Math.round(5 * ratio));
  const x = Math.round(rect.x + (rect.size - gap) / 2 - scroll.x - least / 2);
  const y = Math.round(rect.y + (rect.size - gap) / 2 - scroll.y - least / 2);
  const ring = (/** @type {number} */ out, /** @type {number} */ width, /** @type {string} */ style) => {
    context.lineWidth = width;
    context.strokeStyle = style;
    context.strokeRect(x - out - width / 2, y - out - width / 2, least + 2 * out + width, least + 2 * out + width);
  };
  ring(line, Math.max(1, Math.round(ratio)), palette.paper);
  ring(0, line, colour);
}

/**
 * Number and sign of each page, where there is room for both.
 *
 * @param {Overlay} overlay
 * @param {import('../model/page-store.js').PageStore} pages
 */
export function drawNumbers({ context, layout, scroll, width, height, ratio, palette }, pages) {
  const { zoom } = layout;
  if (zoom < NUMBER_FROM * ratio) {
    return;
  }
  const numberSize = Math.round(Math.min(11 * ratio, zoom * 0.3));
  for (const placed of layout.blocks) {
    const { block } = placed;
    for (let tile = 0; tile < block.tiles; tile++) {
      const view = tileView(layout, placed, tile, scroll, width, height);
      if (!view) {
        continue;
      }
      for (let row = view.firstRow; row < view.lastRow; row++) {
        for (let column = view.firstColumn; column < view.lastColumn; column++) {
          const inTile = row * block.columns + column;
          if (inTile >= view.pages) {
            break;
          }
          const page = tile * TILE_PAGES + inTile;
          const left = view.x + column * zoom;
          const top = view.y + row * zoom;
          const paint = paintOf(pages.layer, pages.get(block.region, page));
          drawGlyph(context, palette, paint, left + zoom / 2, top + zoom * 0.36, Math.round(zoom * 0.4));
          context.font = `${numberSize}px ${palette.mono}`;
          context.textBaseline = 'alphabetic';
          context.fillText(page.toString(16), left + (zoom - 1) / 2, top + zoom * 0.88);
        }
      }
    }
  }
}

/**
 * A page in words: what a tooltip and a screen reader say.
 *
 * @param {PageRef} page
 * @param {import('../model/page-store.js').PageStore} pages
 * @param {import('../model/messages.js').RegionInfo[]} regions
 * @param {string} waiting who waits, or empty
 * @returns {string}
 */
export function sayPage(page, pages, regions, waiting) {
  const state = pages.get(page.region, page.page);
  const { label, paint } = legendOf(pages.layer, state);
  const half = isHalfWritten(state) && paint !== Paint.PARTIAL ? 'half written' : '';
  const parts = [`page ${formatHex(page.page)}`, regions[page.region]?.name ?? '', label, half, waiting];
  return parts.filter((part) => part !== '').join(', ');
}

