// @ts-check
import { TimeScale } from '../base/time-scale.js';
import { columnStart, eachRun } from '../model/lane-shares.js';
import { formatCount } from '../base/format.js';
import { bisector, ticks } from '../d3.js';

/** @typedef {import('../model/messages.js').Segment} Segment */
/** @typedef {import('../model/messages.js').Lane} Lane */
/** @typedef {import('../model/messages.js').LanesAnswer} LanesAnswer */
/** @typedef {import('../model/messages.js').ActorInfo} ActorInfo */
/** @typedef {import('./palette.js').Palette} Palette */

/**
 * Sizes in CSS pixels.
 */
export const LANES = { axis: 22, label: 112, right: 12 };

/** @typedef {'running' | 'blocked' | 'handling' | 'idle' | 'kernel' | 'vmm' | 'unknown'} Activity */
/** @typedef {import('../model/lane-shares.js').Shares} Shares */

/**
 * Each activity has a colour and a shape: full, hatched, dotted, striped, a thin line; what is unknown is a few dots on paper.
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
    kernel: tile(palette.lanes.kernel, (context) => {
      context.fillStyle = 'rgb(0 0 0 / 0.4)';
      context.fillRect(0, 0, Math.max(1, Math.round(ratio)), size);
    }),
    vmm: tile(palette.lanes.vmm, (context) => {
      context.fillStyle = palette.paper;
      context.fillRect(0, size / 2, size, Math.max(1, Math.round(ratio)));
    }),
    unknown: tile(palette.paper, (context) => {
      context.fillStyle = palette.lanes.unknown;
      const dot = Math.max(1, Math.round(ratio));
      context.fillRect(0, size / 2, dot * 2, dot);
    }),
  };
}

/** What stands in a column from below; what is idle or unknown is the room above. */
const STACKED = /** @type {const} */ (['blocked', 'kernel', 'handling', 'running', 'vmm']);

/**
 * Draws one lane: every column shows how its time was shared out, by height.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {LanesAnswer} lanes
 * @param {Lane} lane
 * @param {TimeScale} scale in device pixels
 * @param {number} endNs behind it nothing is recorded
 * @param {number} top
 * @param {number} height
 * @param {Record<Activity, CanvasPattern | string>} patterns
 * @param {number} ratio
 */
export function drawLane(context, lanes, lane, scale, endNs, top, height, patterns, ratio) {
  const last = scale.toPixel(Math.min(endNs, scale.toNs));
  eachRun(lane, (from, to, shares) => {
    const left = Math.round(Math.max(scale.left, scale.toPixel(columnStart(lanes, from))));
    const right = Math.round(Math.min(last, scale.toPixel(columnStart(lanes, to))));
    if (right > left) {
      drawColumns(context, shares, left, right, top, height, patterns, ratio);
    }
  });
}

/**
 * Draws columns of the same shares.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Shares} shares
 * @param {number} left
 * @param {number} right
 * @param {number} top
 * @param {number} height
 * @param {Record<Activity, CanvasPattern | string>} patterns
 * @param {number} ratio
 */
export function drawColumns(context, shares, left, right, top, height, patterns, ratio) {
  const width = right - left;
  let filled = 0;
  let bottom = top + height;
  for (const activity of STACKED) {
    if (shares[activity] > 0) {
      filled += shares[activity];
      // Rounded together, so that parts of a whole fill it; a part that is there is seen.
      const upper = Math.min(bottom - 1, top + Math.round(height * (1 - Math.min(1, filled))));
      context.fillStyle = patterns[activity];
      context.fillRect(left, upper, width, bottom - upper);
      bottom = upper;
    }
  }
  const room = Math.max(0, bottom - top);
  const unknown = Math.min(room, Math.round(height * shares.unknown));
  if (unknown > 0) {
    context.fillStyle = patterns.unknown;
    context.fillRect(left, top, width, unknown);
  }
  if (shares.idle > 0 && room > unknown) {
    context.fillStyle = patterns.idle;
    context.fillRect(left, top + unknown + Math.floor((room - unknown) / 2), width, Math.max(1, Math.round(ratio)));
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
  let end = 0;
  for (const mark of marks) {
    const x = Math.round(scale.toPixel(mark));
    context.fillStyle = palette.line;
    context.fillRect(x, 0, 1, height);
    context.fillStyle = palette.quiet;
    const time = `${tickText(mark / size, step / size)} ${unit}`;
    const wide = context.measureText(time).width;
    // What has no room on the right of its line stands on the left of it.
    const left = x + 4 * ratio + wide <= context.canvas.width ? x + 4 * ratio : x - 4 * ratio - wide;
    if (left > end) {
      context.fillText(time, left, (LANES.axis * ratio) / 2);
      end = left + wide + 6 * ratio;
    }
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

