// @ts-check
import { samePage } from '../model/page-ref.js';
import { segmentAt } from './lane-painter.js';

/** @typedef {import('../base/time-scale.js').TimeScale} TimeScale */

/**
 * Where more lanes are than fit, how far down these are.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} top
 * @param {number} bottom
 * @param {number} scroll
 * @param {number} whole height of all lanes
 * @param {number} shown height of those on screen
 * @param {string} colour
 */
export function drawScroll(context, x, top, bottom, scroll, whole, shown, colour) {
  if (whole > shown) {
    const track = bottom - top;
    context.fillStyle = colour;
    context.fillRect(x, top + (scroll / whole) * track, 3, (shown / whole) * track);
  }
}

/**
 * The selected page's stretch carries the same outline as the page.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {import('../model/messages.js').Segment[]} segments
 * @param {TimeScale} scale
 * @param {number} nowNs
 * @param {import('../model/page-ref.js').PageRef | null} page
 * @param {number} top
 * @param {number} height
 * @param {number} ratio
 * @param {string} colour
 */
export function drawSelected(context, segments, scale, nowNs, page, top, height, ratio, colour) {
  const segment = segmentAt(segments, nowNs);
  if (!segment || segment.region === null || segment.page === null) {
    return;
  }
  if (samePage({ region: segment.region, page: segment.page }, page)) {
    const left = Math.max(scale.left, scale.toPixel(segment.fromNs));
    const right = Math.min(scale.right, scale.toPixel(segment.toNs));
    context.strokeStyle = colour;
    context.lineWidth = 2 * ratio;
    context.strokeRect(left, top, Math.max(3 * ratio, right - left), height);
  }
}

/**
 * The moment that is shown, as a line through everything.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {TimeScale} scale
 * @param {number} nowNs
 * @param {number} height
 * @param {number} ratio
 * @param {string} colour
 */
export function drawNow(context, scale, nowNs, height, ratio, colour) {
  if (nowNs < scale.fromNs || nowNs > scale.toNs) {
    return;
  }
  const x = Math.round(scale.toPixel(nowNs));
  context.fillStyle = colour;
  context.fillRect(x, 0, Math.max(1, Math.round(ratio)), height);
  context.beginPath();
  context.moveTo(x - 4 * ratio, 0);
  context.lineTo(x + 5 * ratio, 0);
  context.lineTo(x + 0.5 * ratio, 6 * ratio);
  context.fill();
}

/**
 * The ends of the stretch that is looked at, by their names on the axis.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {TimeScale} scale
 * @param {{a: number, b: number | null}} ends in nanoseconds
 * @param {number} height of the axis
 * @param {number} ratio
 * @param {import('./palette.js').Palette} palette
 */
export function drawEnds(context, scale, { a, b }, height, ratio, palette) {
  const size = 13 * ratio;
  context.font = `600 ${10 * ratio}px ${palette.font}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  /** @param {string} name @param {number | null} ns @param {number} side of the end that the name stands on */
  const draw = (name, ns, side) => {
    if (ns !== null && ns >= scale.fromNs && ns <= scale.toNs) {
      const left = scale.toPixel(ns) + (side < 0 ? -size : 0);
      context.fillStyle = palette.accent;
      context.fillRect(left, height - size, size, size);
      context.fillStyle = palette.paper;
      context.fillText(name, left + size / 2, height - size / 2 + ratio / 2);
    }
  };
  draw('A', a, -1);
  draw('B', b, 1);
}

/**
 * Shades a stretch of time, under what is drawn on it.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {TimeScale} scale
 * @param {{fromNs: number, toNs: number}} stretch
 * @param {number} top
 * @param {number} bottom
 * @param {string} colour
 */
export function drawStretch(context, scale, { fromNs, toNs }, top, bottom, colour) {
  const left = Math.max(scale.left, scale.toPixel(fromNs));
  const right = Math.min(scale.right, scale.toPixel(toNs));
  if (right > left) {
    context.fillStyle = colour;
    context.fillRect(left, top, right - left, bottom - top);
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {string} text
 * @param {number} width
 * @returns {string} as much of it as fits
 */
export function fitText(context, text, width) {
  let fitted = text;
  while (fitted.length > 3 && context.measureText(fitted).width > width) {
    fitted = `${fitted.slice(0, -2)}…`;
  }
  return fitted;
}
