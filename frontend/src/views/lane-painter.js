// @ts-check
import { TimeScale } from '../base/time-scale.js';
import { formatCount } from '../base/format.js';
import { bisector, ticks } from '../d3.js';

/** @typedef {import('../model/messages.js').Segment} Segment */
/** @typedef {import('../model/messages.js').ActorInfo} ActorInfo */
/** @typedef {import('./palette.js').Palette} Palette */

/**
 * Sizes in CSS pixels.
 */
export const LANES = { axis: 22, label: 112, right: 12 };

/** @typedef {'running' | 'blocked' | 'handling' | 'idle'} Activity */

/**
 * Each activity has a colour and a shape: full, hatched, dotted, a thin line.
 *
 * @param {Palette} palette
 * @param {number} ratio
 * @returns {Record<Activity, CanvasPattern | string>}
 */
export function lanePatterns(palette, ratio) {
  const size = Math.round(6 * ratio);
  const tile = (/** @type {string} */ ground, /** @type {(c: OffscreenCanvasRenderingContext2D) => void} */ draw) => {
    const canvas = new OffscreenCanvas(size, size);
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'));
    context.fillStyle = ground;
    context.fillRect(0, 0, size, size);
    draw(context);
    return /** @type {CanvasPattern} */ (context.createPattern(canvas, 'repeat'));
  };
  return {
    running: palette.lanes.running,
    blocked: tile(palette.lanes.blocked, (context) => {
      context.strokeStyle = 'rgb(0 0 0 / 0.45)';
      context.lineWidth = ratio;
      context.beginPath();
      for (const shift of [-size, 0, size]) {
        context.moveTo(shift, size);
        context.lineTo(shift + size, 0);
      }
      context.stroke();
    }),
    handling: tile(palette.lanes.handling, (context) => {
      context.fillStyle = 'rgb(255 255 255 / 0.55)';
      const dot = Math.max(1, Math.round(ratio));
      context.fillRect(size / 2 - dot, size / 2 - dot, dot, dot);
    }),
    idle: palette.lanes.idle,
  };
}

/**
 * @param {string} activity as the server names it
 * @returns {Activity | null} null for an actor nothing has been seen of
 */
export function activityOf(activity) {
  const name = activity.toLowerCase();
  return name === 'running' || name === 'blocked' || name === 'handling' || name === 'idle' ? name : null;
}

/**
 * Draws one lane's segments.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Segment[]} segments
 * @param {TimeScale} scale in device pixels
 * @param {number} top
 * @param {number} height
 * @param {Record<Activity, CanvasPattern | string>} patterns
 * @param {number} ratio
 */
export function drawLane(context, segments, scale, top, height, patterns, ratio) {
  for (const segment of segments) {
    const activity = activityOf(segment.activity);
    if (!activity || segment.toNs < scale.fromNs || segment.fromNs > scale.toNs) {
      continue;
    }
    const left = Math.round(Math.max(scale.left, scale.toPixel(segment.fromNs)));
    const right = Math.round(Math.min(scale.right, scale.toPixel(segment.toNs)));
    const width = Math.max(1, right - left);
    context.fillStyle = patterns[activity];
    if (activity === 'idle') {
      context.fillRect(left, top + Math.floor(height / 2), width, Math.max(1, Math.round(ratio)));
    } else {
      context.fillRect(left, top, width, height);
    }
  }
}

/**
 * Times along the top, with lines down through the lanes.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {TimeScale} scale
 * @param {number} height of the lines
 * @param {Palette} palette
 * @param {number} ratio
 */
export function drawAxis(context, scale, height, palette, ratio) {
  const wanted = Math.max(2, Math.floor((scale.right - scale.left) / (110 * ratio)));
  const marks = ticks(scale.fromNs, scale.toNs, wanted);
  const step = marks.length > 1 ? marks[1] - marks[0] : scale.spanNs;
  const [size, unit] = unitOf(Math.max(step, scale.toNs / 1000));
  context.font = `${10 * ratio}px ${palette.mono}`;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  for (const mark of marks) {
    const x = Math.round(scale.toPixel(mark));
    context.fillStyle = palette.line;
    context.fillRect(x, 0, 1, height);
    context.fillStyle = palette.quiet;
    context.fillText(`${tickText(mark / size, step / size)} ${unit}`, x + 4 * ratio, (LANES.axis * ratio) / 2);
  }
}

/** @param {number} ns @returns {[number, string]} */
function unitOf(ns) {
  return ns >= 1e9 ? [1e9, 's'] : ns >= 1e6 ? [1e6, 'ms'] : ns >= 1e3 ? [1e3, 'µs'] : [1, 'ns'];
}

/** @param {number} value @param {number} step @returns {string} */
function tickText(value, step) {
  const digits = Math.max(0, Math.min(9, Math.ceil(-Math.log10(step) - 1e-9)));
  return value >= 1000 && digits === 0 ? formatCount(value) : value.toFixed(digits);
}

/**
 * How many faults wait, as steps. The number at the top is the most in view.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {{fromNs: number, max: number}[]} depth
 * @param {TimeScale} scale
 * @param {number} top
 * @param {number} height
 * @param {Palette} palette
 * @param {number} ratio
 */
export function drawDepth(context, depth, scale, top, height, palette, ratio) {
  const most = depth.reduce((max, step) => Math.max(max, step.max), 0);
  context.fillStyle = palette.line;
  context.fillRect(0, top, scale.right + LANES.right * ratio, 1);
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  context.fillStyle = palette.quiet;
  context.font = `${11 * ratio}px ${palette.font}`;
  context.fillText(`queue depth ≤ ${formatCount(most)}`, scale.left - 8 * ratio, top + height / 2);
  if (most === 0) {
    return;
  }
  const room = height - 5 * ratio;
  context.fillStyle = palette.lanes.blocked;
  depth.forEach((step, i) => {
    const end = depth[i + 1]?.fromNs ?? scale.toNs;
    const left = Math.round(Math.max(scale.left, scale.toPixel(step.fromNs)));
    const right = Math.round(Math.min(scale.right, scale.toPixel(end)));
    if (step.max > 0 && right >= left) {
      const tall = Math.max(1, Math.round((step.max / most) * room));
      context.fillRect(left, top + height - tall, Math.max(1, right - left), tall);
    }
  });
}

const bySegmentStart = bisector((/** @type {Segment} */ segment) => segment.fromNs);

/**
 * @param {Segment[]} segments
 * @param {number} ns
 * @returns {Segment | null} the one that holds this time
 */
export function segmentAt(segments, ns) {
  const segment = segments[bySegmentStart.right(segments, ns) - 1];
  return segment && segment.toNs >= ns ? segment : null;
}

/**
 * vCPUs first, then what they wait for.
 *
 * @param {ActorInfo[]} actors
 * @returns {ActorInfo[]}
 */
export function laneOrder(actors) {
  const rank = ['vcpu', 'thread', 'unknown', 'kvm', 'kernel', 'handler'];
  const of = (/** @type {ActorInfo} */ actor) => {
    const at = rank.indexOf(actor.kind.toLowerCase());
    return at < 0 ? 2 : at;
  };
  return [...actors].sort((a, b) => of(a) - of(b) || a.vcpu - b.vcpu || a.index - b.index);
}

