// @ts-check
import { formatBytes, formatHex } from '../base/format.js';
import { partView } from '../base/grid-view.js';
import { blockOf, NUMBER_FROM, pageRect, partOf, RULE_PAGES, WORDS_FROM } from '../base/page-grid.js';
import { longestStart, wrapWords } from '../base/text-fit.js';
import { leafInWords, legendOf, Paint, paintOf } from '../model/paint.js';
import { modesText } from '../model/view-state.js';
import { PageBit, PAGE_BYTES } from '../model/vocabulary.generated.js';
import { inkOn } from './palette.js';
import { drawGlyph, textGround } from './stamps.js';

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
 * Name, backing, modes and size of each region. Stays on screen while its pages are. What has no room is
 * left out, never cut: the regions' pane says all of it.
 *
 * @param {Overlay} overlay
 * @param {import('../model/messages.js').RegionInfo[]} regions
 */
export function drawHeaders({ context, layout, scroll, width, height, ratio, palette }, regions) {
  const { header, gutter } = layout.metrics;
  for (const placed of layout.blocks) {
    const region = regions[placed.block.region];
    const top = Math.max(0, placed.top - scroll.y);
    const bottom = placed.bottom - scroll.y;
    const left = Math.max(0, placed.left - scroll.x);
    const right = Math.min(width, placed.right - scroll.x);
    if (!region || bottom <= 0 || top >= height || right <= left) {
      continue;
    }
    if (placed.top - scroll.y < 0) {
      context.fillStyle = palette.paper;
      context.fillRect(left, 0, right - left, header);
      context.fillStyle = palette.line;
      context.fillRect(left, header - 1, right - left, 1);
    }
    const base = top + header - Math.round(7 * ratio);
    const from = Math.max(placed.left + gutter - scroll.x, Math.min(gutter, right));
    context.textAlign = 'left';
    context.textBaseline = 'alphabetic';
    context.font = `600 ${12 * ratio}px ${palette.font}`;
    context.fillStyle = palette.ink;
    const widthOf = (/** @type {string} */ text) => context.measureText(text).width;
    const name = longestStart(region.name, right - from, widthOf);
    context.fillText(name, from, base);
    const after = from + widthOf(name) + 10 * ratio;
    context.font = `${12 * ratio}px ${palette.font}`;
    context.fillStyle = palette.quiet;
    const [modes, size] = [modesText(region), formatBytes(region.pages * PAGE_BYTES)];
    let facts = [region.backing, modes, size, region.inferred ? 'inferred' : ''].filter((fact) => fact !== '');
    for (const least of [modes, region.backing, size, 'inferred']) {
      if (widthOf(facts.join(' · ')) > right - after) {
        facts = facts.filter((fact) => fact !== least);
      }
    }
    context.fillText(facts.join(' · '), after, base);
  }
}

/** Pages of 1 GiB. */
const GIB_PAGES = 2 ** 30 / PAGE_BYTES;

/**
 * Page numbers left of the rows, a line every 2 MiB where rows are shorter than that, and how far into
 * the region it is. Over each tile and strip stands where it begins.
 *
 * @param {Overlay} overlay
 */
export function drawRulers({ context, layout, scroll, width, height, ratio, palette }) {
  const { zoom } = layout;
  const line = 12 * ratio;
  for (const placed of layout.blocks) {
    const { block } = placed;
    if (placed.bottom - scroll.y <= 0 || placed.cellsTop - scroll.y >= height) {
      continue;
    }
    const step = 2 ** Math.max(0, Math.ceil(Math.log2((16 * ratio) / zoom)));
    const rule = RULE_PAGES / block.columns;
    const ruled = rule > 1 && zoom >= 5;
    const told = ruled && rule * zoom >= 2.2 * line;
    for (let part = 0; part < block.parts; part++) {
      const at = partOf(layout, placed, part);
      const x = at.x - scroll.x;
      const top = at.y - scroll.y;
      const wide = Math.min(block.columns, block.pages) * zoom;
      if (top - placed.label >= height || top + at.rows * zoom <= 0 || x >= width || x + wide <= 0) {
        continue;
      }
      if (placed.label > 0) {
        drawPartLabel(at.first, x, top, wide);
      }
      context.textAlign = 'right';
      context.textBaseline = 'top';
      context.font = `${10 * ratio}px ${palette.mono}`;
      const lastRow = Math.min(at.rows, Math.ceil((height - top) / zoom));
      // The first multiple that is on screen, or its text is.
      const from = (/** @type {number} */ every) => Math.max(0, Math.floor((-top - 2 * line) / zoom / every) * every);
      if (part % block.across === 0) {
        for (let row = from(step); row < lastRow; row += step) {
          const y = top + row * zoom;
          const underSize = told && row > rule && row % rule > 0 && (row % rule) * zoom < 2 * line;
          if (!underSize) {
            const page = at.first + row * block.columns;
            context.fillStyle = ruled && page % RULE_PAGES === 0 ? palette.ink : palette.quiet;
            context.fillText(formatHex(page), x - 6 * ratio, y);
          }
        }
      }
      if (!ruled) {
        continue;
      }
      for (let row = Math.max(rule, from(rule)); row < lastRow; row += rule) {
        const y = Math.round(top + row * zoom) - 1;
        const page = at.first + row * block.columns;
        context.fillStyle = page % GIB_PAGES === 0 ? palette.ink : palette.lineStrong;
        context.fillRect(x - 4 * ratio, y, wide + 4 * ratio, 1);
        if (part % block.across === 0 && told) {
          context.fillStyle = palette.quiet;
          context.fillText(formatBytes(page * PAGE_BYTES), x - 6 * ratio, y + line);
        }
      }
    }
  }

  /** @param {number} first page @param {number} x @param {number} top @param {number} wide */
  function drawPartLabel(first, x, top, wide) {
    context.textAlign = 'left';
    context.textBaseline = 'alphabetic';
    context.font = `${10 * ratio}px ${palette.mono}`;
    context.fillStyle = palette.quiet;
    const base = top - Math.round(3 * ratio);
    const number = formatHex(first);
    const whole = `${number} · ${formatBytes(first * PAGE_BYTES)}`;
    const text = [whole, number].find((each) => context.measureText(each).width <= wide);
    if (text !== undefined) {
      context.fillText(text, Math.max(x, Math.min(6 * ratio, x + wide - context.measureText(text).width)), base);
    }
  }
}

/**
 * A ring around each waiting fault, as long as pages are too small to be seen one by one.
 *
 * @template {PageRef} P
 * @param {Overlay} overlay
 * @param {P[]} waiting
 * @param {(page: P) => number} classOf
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
    // Beside the words, where there are some.
    const wide = Math.max(2, Math.round(Math.min(side / 5, (layout.zoom >= WORDS_FROM * ratio ? 4 : 8) * ratio)));
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

/** Pages of the huge leaves of stage 2, by the bit that says so. */
const LEAVES = /** @type {const} */ ([
  [PageBit.LEAF_1G, GIB_PAGES],
  [PageBit.LEAF_2M, 2 ** 21 / PAGE_BYTES],
]);

/** Below this many pixels in height a leaf has no room for an outline. */
const LEAF_FROM = 5;

/**
 * An outline around all pages of each huge leaf of stage 2: they are one entry, set and taken away together.
 *
 * @param {Overlay} overlay
 * @param {import('../model/messages.js').RegionInfo[]} regions
 * @param {import('../model/page-store.js').PageStore} pages
 */
export function drawLeaves(overlay, regions, pages) {
  const { layout, scroll, width, height, ratio, palette } = overlay;
  if (layout.zoom < 1) {
    return;
  }
  for (const placed of layout.blocks) {
    const { block } = placed;
    const region = regions[block.region];
    const frames = region ? Number(region.gpaBase ?? 0) / PAGE_BYTES : 0;
    for (let part = 0; region && part < block.parts; part++) {
      const view = partView(layout, placed, part, scroll, width, height);
      if (!view) {
        continue;
      }
      const end = view.first + Math.min(view.pages, view.lastRow * block.columns);
      for (let page = view.first + view.firstRow * block.columns; page < end; ) {
        const state = pages.get(block.region, page);
        const size = (LEAVES.find(([bit]) => state & bit) ?? LEAVES[1])[1];
        const first = page - ((frames + page) % size);
        if (leafInWords(state) !== '') {
          drawRange(overlay, block.region, Math.max(0, first), first + size - Math.max(0, first), palette.ink, layout.zoom >= 9 * ratio ? 2 : 1);
        }
        page = first + size;
      }
    }
  }
}

/**
 * An outline around consecutive pages, as they lie in their rows. None where they have no room for it.
 *
 * @param {Overlay} overlay
 * @param {number} region
 * @param {number} first
 * @param {number} count
 * @param {string} colour
 * @param {number} thick CSS pixels
 */
export function drawRange({ context, layout, scroll, ratio }, region, first, count, colour, thick) {
  const placed = blockOf(layout, region);
  if (!placed || layout.zoom < 1) {
    return;
  }
  const { columns, partPages, pages } = placed.block;
  const { zoom } = layout;
  const line = Math.max(1, Math.round(thick * ratio));
  const last = Math.min(pages, first + count);
  for (let from = first; from < last; ) {
    const part = partOf(layout, placed, Math.floor(from / partPages));
    const to = Math.min(last, part.first + partPages);
    const [begin, end] = [from - part.first, to - part.first];
    from = to;
    const [row, column] = [Math.floor(begin / columns), begin % columns];
    const [lastRow, lastColumn] = [Math.floor((end - 1) / columns), ((end - 1) % columns) + 1];
    if ((lastRow - row + 1) * zoom < LEAF_FROM * ratio) {
      continue;
    }
    const gap = zoom >= 5 ? 1 : 0;
    const x = (/** @type {number} */ at) => Math.round(part.x + at * zoom - scroll.x);
    const y = (/** @type {number} */ at) => Math.round(part.y + at * zoom - scroll.y);
    const inset = line / 2;
    // Along the rows: what is left of its beginning and right of its end belongs to others.
    const left = row === lastRow ? column : 0;
    const right = row === lastRow ? lastColumn : columns;
    context.strokeStyle = colour;
    context.lineWidth = line;
    context.beginPath();
    context.moveTo(x(column) + inset, y(row) + inset);
    context.lineTo(x(right) - gap - inset, y(row) + inset);
    if (lastColumn < right) {
      context.lineTo(x(right) - gap - inset, y(lastRow) - gap - inset);
      context.lineTo(x(lastColumn) - gap - inset, y(lastRow) - gap - inset);
    }
    const foot = x(lastColumn < right ? lastColumn : right) - gap - inset;
    context.lineTo(foot, y(lastRow + 1) - gap - inset);
    context.lineTo(x(left) + inset, y(lastRow + 1) - gap - inset);
    if (column > left) {
      context.lineTo(x(left) + inset, y(row + 1) + inset);
      context.lineTo(x(column) + inset, y(row + 1) + inset);
    }
    context.closePath();
    context.stroke();
  }
}

/**
 * Number and sign of each page, where there is room for both; where there is room for more, its state in
 * words and who waits for it. Words that do not fit are left out, not cut.
 *
 * @param {Overlay} overlay
 * @param {import('../model/page-store.js').PageStore} pages
 * @param {(page: PageRef) => string} whoWaits empty for nobody
 */
export function drawNumbers({ context, layout, scroll, width, height, ratio, palette }, pages, whoWaits) {
  const { zoom } = layout;
  if (zoom < NUMBER_FROM * ratio) {
    return;
  }
  const wordy = zoom >= WORDS_FROM * ratio;
  const letters = Math.round(Math.min(11 * ratio, zoom * 0.3));
  const line = letters + Math.round(2 * ratio);
  const centre = (zoom - 1) / 2;
  /** @type {Map<string, number>} */
  const widths = new Map();
  const widthOf = (/** @type {string} */ text) => {
    let known = widths.get(text);
    if (known === undefined) {
      known = context.measureText(text).width;
      widths.set(text, known);
    }
    return known;
  };
  for (const placed of layout.blocks) {
    const { block } = placed;
    for (let part = 0; part < block.parts; part++) {
      const view = partView(layout, placed, part, scroll, width, height);
      if (!view) {
        continue;
      }
      for (let row = view.firstRow; row < view.lastRow; row++) {
        for (let column = view.firstColumn; column < view.lastColumn; column++) {
          const inPart = row * block.columns + column;
          if (inPart >= view.pages) {
            break;
          }
          drawPage({ region: block.region, page: view.first + inPart }, view.x + column * zoom, view.y + row * zoom);
        }
      }
    }
  }

  /** @param {PageRef} page @param {number} left @param {number} top */
  function drawPage(page, left, top) {
    const state = pages.get(page.region, page.page);
    const { paint, label } = legendOf(pages.layer, state);
    const number = page.page.toString(16);
    if (!wordy) {
      drawGlyph(context, palette, paint, left + zoom / 2, top + zoom * 0.36, Math.round(zoom * 0.4));
      drawLine(number, paint, left, top, zoom * 0.88);
      return;
    }
    context.font = `${letters}px ${palette.mono}`;
    const room = Math.floor((zoom * 0.66) / line);
    const lines = [number];
    for (const words of [label, whoWaits(page)]) {
      const wrapped = wrapWords(words, zoom - 8 * ratio, widthOf);
      if (wrapped.length > 0 && lines.length + wrapped.length <= room) {
        lines.push(...wrapped);
      }
    }
    const text = lines.length * line;
    const size = Math.round(Math.min(28 * ratio, zoom - text - 10 * ratio));
    drawGlyph(context, palette, paint, left + zoom / 2, top + (zoom - text) / 2, size);
    lines.forEach((words, i) => drawLine(words, paint, left, top, zoom - text + (i + 1) * line - 6 * ratio));
  }

  /** @param {string} text @param {number} paint @param {number} left @param {number} top @param {number} base */
  function drawLine(text, paint, left, top, base) {
    const { colour, plate } = textGround(palette, paint, base > zoom / 2);
    context.font = `${letters}px ${palette.mono}`;
    context.textAlign = 'center';
    context.textBaseline = 'alphabetic';
    if (plate) {
      const wide = widthOf(text) + 4 * ratio;
      context.fillStyle = colour;
      context.fillRect(Math.round(left + centre - wide / 2), Math.round(top + base - letters), Math.round(wide), line);
    }
    context.fillStyle = inkOn(colour);
    context.fillText(text, left + centre, top + base);
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
  const leaf = pages.layer === 'guest' ? leafInWords(state) : '';
  const parts = [`page ${formatHex(page.page)}`, regions[page.region]?.name ?? '', label, leaf, half, waiting];
  return parts.filter((part) => part !== '').join(', ');
}

