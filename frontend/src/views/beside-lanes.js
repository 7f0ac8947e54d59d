// @ts-check
import { formatClock, formatCount, formatDuration } from '../base/format.js';
import { keyName } from '../base/keyboard.js';
import { curvesOf } from '../model/lane-curves.js';
import { activityWord, sharesAt, sharesInWords } from '../model/lane-shares.js';
import { createCanvas } from './canvas.js';
import { el } from './dom.js';
import { drawCurve } from './lane-curves.js';
import { listenToLanePointers } from './lane-input.js';
import { drawNow, fitText } from './lane-marks.js';
import { drawAxis, drawLane, laneOrder, lanePatterns, LANES, segmentAt } from './lane-painter.js';
import { createLaneTime } from './lane-time.js';
import { createLanesHead } from './lanes-head.js';
import { createTextTooltip } from './text-tooltip.js';

/** @typedef {import('../model/messages.js').LanesAnswer} LanesAnswer */
/** @typedef {import('../model/difference.js').Side} Side */

/** What the lanes of one recording need. @typedef {{side: Side, lanes: LanesAnswer | null, nowNs: number}} Stack */

/** CSS pixels. */
const ROW = 22;
const HEAD = 22;
const DEPTH = 34;

/** Lanes of a recording beyond so many are not drawn; how many is said. */
const MOST = 24;

const HELP = 'W and S zoom, A and D move, F shows all. A click goes there.';

/**
 * The lanes of two recordings above each other, on one axis of time since the start of each.
 *
 * @param {object} options
 * @param {() => import('./palette.js').Palette} options.palette
 * @param {(range: {fromNs: number, toNs: number} | null) => void} options.ask for another stretch
 * @param {(which: 'left' | 'right', ns: number) => void} options.seek
 * @param {AbortSignal} options.signal
 */
export function createBesideLanes({ palette, ask, seek, signal }) {
  const head = createLanesHead('full', () => ask(null), 'A click or a drag goes there, the wheel zooms, with Shift it moves.');
  const surface = el('div', { class: 'fs-lanes__surface fs-beside__lanes', role: 'application', tabindex: 0, 'aria-label': 'Lanes of both over time', 'aria-describedby': 'beside-lanes-help' });
  const tooltip = createTextTooltip(surface);
  /** @type {{left: Stack, right: Stack} | null} */
  let shown = null;
  /** @type {{fromNs: number, toNs: number} | null} */
  let range = null;
  const canvas = createCanvas(surface, () => {
    if (shown) {
      ask(range);
      paint();
    }
  }, signal);

  const plotWidth = () => Math.max(1, Math.round(canvas.width / canvas.ratio - LANES.label - LANES.right));
  const endNs = () => Math.max(1, shown?.left.side.endNs ?? 1, shown?.right.side.endNs ?? 1);
  const time = createLaneTime({ range: () => range, endNs, left: LANES.label, width: plotWidth, ask });
  const { scale } = time;
  const lanesOf = (/** @type {Stack} */ { side }) => laneOrder(side.actors).slice(0, MOST);
  const heightOf = (/** @type {Stack} */ stack) => HEAD + lanesOf(stack).length * ROW + DEPTH;
  const stacks = () => /** @type {const} */ (['left', 'right']).map((which) => ({ which, stack: /** @type {{left: Stack, right: Stack}} */ (shown)[which] }));

  /** @param {number} y CSS pixels @returns {{which: 'left' | 'right', stack: Stack, actor: import('../model/messages.js').ActorInfo | null} | null} */
  function laneAt(y) {
    let top = LANES.axis;
    for (const { which, stack } of shown ? stacks() : []) {
      const height = heightOf(stack);
      if (y >= top && y < top + height) {
        return { which, stack, actor: lanesOf(stack)[Math.floor((y - top - HEAD) / ROW)] ?? null };
      }
      top += height;
    }
    return null;
  }

  listenToLanePointers(surface, {
    ...time.gestures,
    scrollBy: (pixels) => window.scrollBy(0, pixels),
    // A drag selects faults in the explorer; here it goes along, as on the scrub bar.
    select: (_, to) => goTo(to),
    click: goTo,
    hover,
    leave: () => tooltip.hide(),
  }, signal);

  /** @param {{x: number, y: number}} point */
  function goTo({ x, y }) {
    if (x >= LANES.label) {
      const ns = Math.round(Math.max(0, Math.min(endNs(), scale().toTime(x))));
      seek(laneAt(y)?.which ?? 'left', ns);
    }
  }

  /** @param {number} x @param {number} y */
  function hover(x, y) {
    const at = laneAt(y);
    const ns = scale().toTime(x);
    const lane = at?.actor && at.stack.lanes?.lanes.find(({ actor }) => actor === at.actor?.index);
    if (!at?.actor || !lane || !at.stack.lanes || x < LANES.label) {
      tooltip.hide();
      return;
    }
    const segment = segmentAt(lane.segments, ns);
    const shares = sharesAt(at.stack.lanes, lane, ns);
    const does = ns > at.stack.side.endNs ? (at.stack.side.over ? 'over' : 'not yet') : segment ? `${activityWord(segment.activity)}, ${formatDuration(segment.toNs - segment.fromNs)}` : shares ? sharesInWords(shares) : 'unknown';
    tooltip.show([formatClock(ns), `${at.actor.label}: ${does}`], x, y);
  }

  surface.addEventListener('keydown', (event) => {
    const run = time.keyed(keyName(event), null, shown?.left.nowNs ?? 0);
    if (run) {
      run();
      event.preventDefault();
      event.stopPropagation();
    }
  }, { signal });

  function paint() {
    if (!shown || canvas.width <= 1) {
      return;
    }
    const { context, width, height, ratio } = canvas;
    const colours = palette();
    const patterns = lanePatterns(colours, ratio);
    const all = [shown.left, shown.right].flatMap(({ lanes }) => lanes?.lanes ?? []);
    const kernel = all.some((lane) => lane.kernel > 0);
    head.explain(!kernel || all.some((lane) => lane.blocked > 0), kernel);
    head.draw(colours);
    context.fillStyle = colours.paper;
    context.fillRect(0, 0, width, height);
    const at = scale().inPixels(ratio);
    drawAxis(context, at, height, colours, ratio);
    let top = LANES.axis;
    for (const { which, stack } of stacks()) {
      const actors = lanesOf(stack);
      context.fillStyle = colours.panel;
      context.fillRect(0, top * ratio, width, HEAD * ratio);
      text(`600 ${11 * ratio}px ${colours.font}`, 'left', colours.ink);
      const hidden = stack.side.actors.length - actors.length;
      const more = hidden > 0 ? `, ${formatCount(hidden)} more lanes are not drawn` : '';
      context.fillText(fitText(context, `${which}: ${stack.side.title}${more}`, width - 16 * ratio), 8 * ratio, (top + HEAD / 2) * ratio);
      const from = top;
      top += HEAD;
      for (const actor of actors) {
        text(`${11 * ratio}px ${colours.font}`, 'right', colours.ink);
        context.fillText(fitText(context, actor.label, (LANES.label - 16) * ratio), at.left - 8 * ratio, (top + ROW / 2) * ratio);
        const lane = stack.lanes?.lanes.find((each) => each.actor === actor.index);
        if (stack.lanes && lane) {
          drawLane(context, stack.lanes, lane, at, stack.side.endNs, (top + 3) * ratio, (ROW - 6) * ratio, patterns, ratio);
        }
        top += ROW;
      }
      if (stack.lanes) {
        const [queue] = curvesOf(stack.lanes);
        drawCurve(context, queue, stack.lanes, at, top * ratio, DEPTH * ratio, colours.lanes.blocked, colours, ratio);
      }
      top += DEPTH;
      drawEnd(stack.side, at, from + HEAD, top);
      context.save();
      context.translate(0, (from + HEAD) * ratio);
      drawNow(context, at, stack.nowNs, (top - from - HEAD) * ratio, ratio, colours.accent);
      context.restore();
    }

    /** @param {string} font @param {CanvasTextAlign} align @param {string} colour */
    function text(font, align, colour) {
      context.font = font;
      context.textAlign = align;
      context.textBaseline = 'middle';
      context.fillStyle = colour;
    }

    /** Behind the shorter one's end there is nothing. @param {Side} side @param {import('../base/time-scale.js').TimeScale} on @param {number} from @param {number} to */
    function drawEnd({ endNs: ns, over }, on, from, to) {
      if (ns < endNs() && ns >= on.fromNs && ns < on.toNs) {
        const x = Math.round(on.toPixel(ns));
        context.fillStyle = colours.panel;
        context.fillRect(x, from * ratio, on.right - x, (to - from) * ratio);
        context.fillStyle = colours.lineStrong;
        context.fillRect(x, from * ratio, Math.max(1, Math.round(ratio)), (to - from) * ratio);
        text(`${11 * ratio}px ${colours.font}`, 'left', colours.quiet);
        const words = over ? 'over' : 'not yet';
        if (context.measureText(words).width + 12 * ratio < on.right - x) {
          context.fillText(words, x + 6 * ratio, (from + 10) * ratio);
        }
      }
    }
  }

  return {
    root: el('div', { class: 'fs-beside__lanes-box' }, head.root, surface, el('p', { class: 'fs-spoken', id: 'beside-lanes-help', text: HELP })),
    width: plotWidth,
    /** @param {{left: Stack, right: Stack}} both @param {{fromNs: number, toNs: number} | null} stretch null: all */
    update(both, stretch) {
      shown = both;
      range = stretch;
      surface.style.height = `${LANES.axis + heightOf(both.left) + heightOf(both.right)}px`;
      paint();
    },
    recolour: paint,
  };
}
