// @ts-check
import { formatCount, formatDuration, formatHex } from '../base/format.js';
import { interpolateRgbBasis, scaleBand, scaleLog, scaleSequentialLog } from '../d3.js';
import { columnNs, rowsWithin } from '../model/heatmap.js';
import { fitText } from './lane-marks.js';
import { LANES } from './lane-painter.js';

/** @typedef {import('../base/time-scale.js').TimeScale} TimeScale */
/** @typedef {import('../model/messages.js').HeatmapAnswer} HeatmapAnswer */
/** @typedef {import('../model/heatmap.js').Cell} Cell */
/** @typedef {import('./palette.js').Palette} Palette */

/** Height of the row of those that belong to no other, and its distance, CSS pixels. */
const UNKNOWN = { height: 12, gap: 5 };
/** Names of rows do not stand closer. */
const LABEL_HEIGHT = 13;

/** @param {Palette} palette @param {number} peak @returns {(faults: number) => string} */
export function heatColours(palette, peak) {
  const colours = interpolateRgbBasis(palette.heat);
  return peak < 2 ? () => colours(1) : scaleSequentialLog(colours).domain([1, peak]).clamp(true);
}

/** @param {HeatmapAnswer} map @returns {boolean} whether some belong to no row */
export const hasUnknown = (map) => map.unknown.some((faults) => faults > 0);

/**
 * Where the rows lie, the lowest at the bottom and those that belong to none below it.
 *
 * @param {HeatmapAnswer} map
 * @param {number} top
 * @param {number} height
 * @param {number} ratio
 */
export function heatRows(map, top, height, ratio) {
  const apart = hasUnknown(map) ? (UNKNOWN.height + UNKNOWN.gap) * ratio : 0;
  const bottom = top + height - apart;
  const band = scaleBand().domain(map.rows.map((_, row) => row)).range([bottom, top]);
  return {
    bottom,
    /** @param {number} row -1 for those that belong to none @returns {{top: number, bottom: number}} */
    at: (row) => {
      if (row < 0) {
        return { top: bottom + UNKNOWN.gap * ratio, bottom: bottom + apart };
      }
      const upper = band(row) ?? top;
      return { top: Math.round(upper), bottom: Math.round(upper + band.bandwidth()) };
    },
    /** @param {number} y @returns {number | null} null where there is none */
    rowAt: (y) => {
      if (y > bottom) {
        return apart > 0 ? -1 : null;
      }
      return y < top || map.rows.length === 0 ? null : Math.min(map.rows.length - 1, Math.floor((bottom - y) / band.bandwidth()));
    },
  };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {HeatmapAnswer} map
 * @param {TimeScale} scale in device pixels
 * @param {ReturnType<typeof heatRows>} rows
 * @param {Palette} palette
 */
export function drawCells(context, map, scale, rows, palette) {
  const colour = heatColours(palette, map.peak);
  const edges = Array.from({ length: map.columns + 1 }, (_, column) => Math.round(Math.min(scale.right, Math.max(scale.left, scale.toPixel(columnNs(map, column))))));
  /** @param {number[]} faults @param {number} row @param {(faults: number) => string} fill */
  const drawRow = (faults, row, fill) => {
    const { top, bottom } = rows.at(row);
    faults.forEach((count, column) => {
      if (count > 0 && edges[column + 1] >= edges[column] && edges[column] < scale.right && edges[column + 1] > scale.left) {
        context.fillStyle = fill(count);
        context.fillRect(edges[column], top, Math.max(1, edges[column + 1] - edges[column]), Math.max(1, bottom - top));
      }
    });
  };
  map.rows.forEach(({ faults }, row) => drawRow(faults, row, colour));
  if (hasUnknown(map)) {
    drawRow(map.unknown, -1, () => palette.quiet);
  }
}

/**
 * What the rows are, left of them; a line where another region begins.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {HeatmapAnswer} map
 * @param {TimeScale} scale
 * @param {ReturnType<typeof heatRows>} rows
 * @param {Palette} palette
 * @param {number} ratio
 */
export function drawRowNames(context, map, scale, rows, palette, ratio) {
  const x = scale.left - 8 * ratio;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  context.fillStyle = palette.quiet;
  const name = (/** @type {string} */ text, /** @type {number} */ y) => context.fillText(fitText(context, text, (LANES.label - 16) * ratio), x, y);
  const line = (/** @type {number} */ y) => context.fillRect(scale.left - 4 * ratio, Math.round(y), scale.right - scale.left + 4 * ratio, 1);
  context.font = `${10 * ratio}px ${palette.mono}`;
  if (map.of === 'latency') {
    let last = Infinity;
    map.rows.forEach((row, index) => {
      const { top, bottom } = rows.at(index);
      if (last - bottom >= LABEL_HEIGHT * ratio) {
        name(formatDuration(row.fromNs), bottom - (index === 0 ? 5 * ratio : 0));
        last = bottom;
      }
      if (index === map.rows.length - 1 && last - top >= LABEL_HEIGHT * ratio) {
        name(formatDuration(row.toNs), top + 5 * ratio);
      }
    });
  } else {
    for (let first = 0; first < map.rows.length; ) {
      let end = first + 1;
      while (end < map.rows.length && map.rows[end].region === map.rows[first].region) {
        end++;
      }
      const { region, firstPage } = map.rows[first];
      const last = map.rows[end - 1];
      const bottom = rows.at(first).bottom;
      const top = rows.at(end - 1).top;
      context.font = `${11 * ratio}px ${palette.font}`;
      context.fillStyle = palette.ink;
      name(region ?? '(others)', (top + bottom) / 2);
      context.font = `${10 * ratio}px ${palette.mono}`;
      context.fillStyle = palette.quiet;
      if (region !== null && bottom - top > 3.5 * LABEL_HEIGHT * ratio) {
        name(formatHex(firstPage), bottom - 6 * ratio);
        name(formatHex(last.firstPage + last.pages - 1), top + 6 * ratio);
      }
      if (first > 0) {
        context.fillStyle = palette.lineStrong;
        line(bottom);
      }
      first = end;
    }
  }
  context.fillStyle = palette.line;
  line(rows.bottom);
  if (hasUnknown(map)) {
    const { top, bottom } = rows.at(-1);
    context.font = `${10 * ratio}px ${palette.font}`;
    context.fillStyle = palette.quiet;
    name(map.of === 'latency' ? 'never woken' : 'page not told', (top + bottom) / 2);
  }
}

/**
 * A stretch of time, and of rows where it has such.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {TimeScale} scale
 * @param {import('../model/fault-filter.js').Area} area
 * @param {number} top
 * @param {number} bottom
 * @param {Palette} palette
 * @param {number} ratio
 */
export function drawArea(context, scale, area, top, bottom, palette, ratio) {
  const left = Math.max(scale.left, scale.toPixel(area.fromNs));
  const right = Math.min(scale.right, scale.toPixel(area.toNs));
  if (right < left) {
    return;
  }
  // Nothing is laid over the colours: they are numbers.
  context.strokeStyle = palette.accent;
  context.lineWidth = 2 * ratio;
  context.strokeRect(left, top + 1, Math.max(1, right - left), Math.max(1, bottom - top - 2));
}

/**
 * @param {HeatmapAnswer} map
 * @param {import('../model/fault-filter.js').Area} area
 * @param {ReturnType<typeof heatRows>} rows
 * @param {number} top of all rows
 * @returns {[number, number]} from where to where it reaches: of all rows where it says nothing of rows
 */
export function areaRows(map, area, rows, top) {
  const within = rowsWithin(map, area);
  return within ? [rows.at(within[1]).top, rows.at(within[0]).bottom] : [top, rows.bottom];
}

/**
 * The colours and what they stand for.
 *
 * @param {HTMLElement} legend
 * @param {HTMLElement} bar
 * @param {HTMLElement[]} marks
 * @param {HeatmapAnswer} map
 * @param {Palette} palette
 */
export function fillLegend(legend, bar, marks, map, palette) {
  const colour = heatColours(palette, map.peak);
  const log = scaleLog().domain([1, Math.max(2, map.peak)]).range([0, 1]);
  const stops = Array.from({ length: 9 }, (_, i) => colour(log.invert(i / 8)));
  bar.style.background = map.peak < 2 ? colour(1) : `linear-gradient(to right, ${stops.join(', ')})`;
  const middle = Math.round(Math.sqrt(map.peak));
  const told = [1, middle, map.peak];
  marks.forEach((mark, i) => {
    mark.hidden = map.peak < 2 ? i > 0 : i === 1 && (middle <= 1 || middle >= map.peak);
    mark.textContent = formatCount(told[i]);
    mark.style.left = `${map.peak < 2 ? 50 : 100 * log(told[i])}%`;
  });
  legend.hidden = map.peak === 0;
}
