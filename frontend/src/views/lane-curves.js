// @ts-check
import { area, curveStepAfter, line, scaleLinear, tickStep } from '../d3.js';
import { compact } from '../model/lane-curves.js';
import { columnStart } from '../model/lane-shares.js';

/** @typedef {import('../model/lane-curves.js').Curve} Curve */

/** From one label of an axis to the next, CSS pixels. */
const LABEL_ROOM = 14;

/**
 * A figure of each column as a curve over the lanes' time, with an axis of its own.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Curve} curve
 * @param {import('../model/messages.js').LanesAnswer} lanes
 * @param {import('../base/time-scale.js').TimeScale} scale in device pixels
 * @param {number} top
 * @param {number} height
 * @param {string} colour
 * @param {import('./palette.js').Palette} palette
 * @param {number} ratio
 */
export function drawCurve(context, curve, lanes, scale, top, height, colour, palette, ratio) {
  const bottom = top + height - ratio;
  const step = tickStep(0, Math.max(curve.most, Number.MIN_VALUE), Math.max(1, Math.floor(height / ratio / LABEL_ROOM / 2)));
  const y = scaleLinear().domain([0, curve.most || 1]).range([bottom, top + 6 * ratio]);
  const width = context.canvas.width;
  context.fillStyle = palette.line;
  context.fillRect(0, top, width, 1);
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  context.fillStyle = palette.quiet;
  context.font = `${11 * ratio}px ${palette.font}`;
  context.fillText(curve.name, scale.left - 54 * ratio, top + height / 2);
  context.font = `${10 * ratio}px ${palette.mono}`;
  for (let tick = 0; curve.most > 0 && tick <= curve.most; tick += step) {
    const at = Math.round(y(tick));
    context.fillStyle = palette.line;
    context.fillRect(scale.left - 4 * ratio, at, scale.right - scale.left + 4 * ratio, 1);
    // The labels of two axes do not meet.
    if (tick > 0) {
      context.fillStyle = palette.quiet;
      context.fillText(compact(tick), scale.left - 7 * ratio, Math.min(at, bottom - 5 * ratio));
    }
  }
  if (curve.most === 0) {
    context.fillText('0', scale.left - 7 * ratio, bottom - 5 * ratio);
    return;
  }
  // A step has its column's width: the last one ends where the window does.
  const columns = Array.from({ length: lanes.columns + 1 }, (_, column) => column);
  const x = (/** @type {number} */ column) => Math.max(scale.left, Math.min(scale.right, scale.toPixel(columnStart(lanes, column))));
  const of = (/** @type {number[]} */ values) => (/** @type {number} */ column) => y(values[Math.min(column, lanes.columns - 1)]);
  context.fillStyle = colour;
  context.beginPath();
  area().x(x).y0(bottom).y1(of(curve.area)).curve(curveStepAfter).context(context)(columns);
  context.fill();
  context.strokeStyle = palette.quiet;
  context.lineWidth = Math.max(1, ratio);
  context.beginPath();
  line().x(x).y(of(curve.line)).curve(curveStepAfter).context(context)(columns);
  context.stroke();
}
