// @ts-check
import { arrowsOf, askedFault, mostFaults } from '../model/fault-arrows.js';

/** @typedef {import('../model/fault-arrows.js').Arrow} Arrow */

/** CSS pixels. */
const HEAD = { length: 6, width: 3 };
const HALO = 2.5;

/**
 * Asks for the arrows of what is in sight, once for each picture that there is.
 *
 * @param {import('./actions.js').Actions} actions
 */
export function createArrowQuestions(actions) {
  let asked = /** @type {unknown[]} */ ([]);
  /**
   * @param {import('../model/view-state.js').ViewState} state
   * @param {number} about an event of the fault that has arrows in any case, 0 for none
   * @param {number} width of the lanes, CSS pixels
   */
  return (state, about, width) => {
    const limit = mostFaults(width);
    const question = [state.range, state.meta?.events, state.meta?.endNs, about, limit];
    if (state.meta && !question.every((part, i) => part === asked[i])) {
      asked = question;
      actions.askArrows(limit, about);
    }
  };
}

/**
 * Draws from each fault's lane to the ioctl that woke it, and from there to who was woken; the fault asked about over the others.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {import('../model/messages.js').ArrowsAnswer} answer
 * @param {import('../base/time-scale.js').TimeScale} scale in device pixels
 * @param {(actor: number) => {top: number, bottom: number} | null} laneOf device pixels
 * @param {import('./palette.js').Palette} palette
 * @param {number} ratio
 */
export function drawArrows(context, answer, scale, laneOf, palette, ratio) {
  const chosen = askedFault(answer);
  context.save();
  context.beginPath();
  context.rect(scale.left, 0, scale.right - scale.left, context.canvas.height);
  context.clip();
  /** @param {import('../model/messages.js').ToldFault[]} faults @param {string} colour @param {number} width CSS pixels */
  const draw = (faults, colour, width) => {
    const arrows = faults.flatMap((fault) => arrowsOf(fault)).flatMap((arrow) => shapeOf(arrow, scale, laneOf, ratio));
    for (const { line, inferred } of arrows) {
      // A line of paper below sets it apart from what it crosses.
      context.strokeStyle = palette.paper;
      context.lineWidth = (width + HALO) * ratio;
      context.stroke(line);
      context.strokeStyle = colour;
      context.lineWidth = width * ratio;
      context.setLineDash(inferred ? [4 * ratio, 3 * ratio] : []);
      context.stroke(line);
      context.setLineDash([]);
    }
    // One arrow begins where the other ends: no line lies on a head.
    context.fillStyle = colour;
    arrows.forEach(({ head }) => context.fill(head));
  };
  draw(answer.told.filter((fault) => fault !== chosen), palette.ink, 1);
  draw(chosen ? [chosen] : [], palette.accent, 2);
  context.restore();
}

/**
 * @param {Arrow} arrow
 * @param {import('../base/time-scale.js').TimeScale} scale
 * @param {(actor: number) => {top: number, bottom: number} | null} laneOf
 * @param {number} ratio
 * @returns {{line: Path2D, head: Path2D, inferred: boolean}[]} none where there is no lane for it
 */
function shapeOf({ from, to, inferred }, scale, laneOf, ratio) {
  const [start, end] = [laneOf(from.actor), laneOf(to.actor)];
  if (!start || !end) {
    return [];
  }
  const down = end.top > start.top;
  const [x1, x2] = [scale.toPixel(from.timeNs), scale.toPixel(to.timeNs)];
  const [y1, y2] = down ? [start.bottom, end.top] : [start.top, end.bottom];
  const neck = y2 - (down ? 1 : -1) * HEAD.length * ratio;
  const bend = (y1 + neck) / 2;
  const line = new Path2D();
  line.moveTo(x1, y1);
  line.bezierCurveTo(x1, bend, x2, bend, x2, neck);
  const head = new Path2D();
  head.moveTo(x2, y2);
  head.lineTo(x2 - HEAD.width * ratio, neck);
  head.lineTo(x2 + HEAD.width * ratio, neck);
  head.closePath();
  return [{ line, head, inferred }];
}
