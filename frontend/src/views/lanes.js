// @ts-check
import { formatClock, formatDuration, formatHex, formatShare } from '../base/format.js';
import { keyName } from '../base/keyboard.js';
import { firstWindow, keepInSight } from '../base/time-window.js';
import { arrowsNote, askedFault, eventOfSelectedFault, faultInWords } from '../model/fault-arrows.js';
import { areaOf, lastNs } from '../model/fault-filter.js';
import { curvesInWords, curvesOf } from '../model/lane-curves.js';
import { activityWord, columnAt, sharesAt, sharesInWords } from '../model/lane-shares.js';
import { regionName, shownQuery } from '../model/view-state.js';
import { isOfKernel } from '../model/vocabulary.js';
import { createAreaStrip } from './area-strip.js';
import { createBookmarkFlags } from './bookmark-flags.js';
import { createCanvas } from './canvas.js';
import { el, setText } from './dom.js';
import { drawArea } from './heatmap-painter.js';
import { createArrowQuestions, drawArrows } from './lane-arrows.js';
import { drawCurve } from './lane-curves.js';
import { listenToLanePointers } from './lane-input.js';
import { drawEnds, drawNow, drawScroll, drawSelected, drawStretch, fitText } from './lane-marks.js';
import { createLanesHead } from './lanes-head.js';
import { drawAxis, drawLane, laneOrder, lanePatterns, LANES, segmentAt } from './lane-painter.js';
import { createLaneTime } from './lane-time.js';
import { createTextTooltip } from './text-tooltip.js';

/** @typedef {import('../model/view-state.js').ViewState} ViewState */
/** @typedef {import('../model/messages.js').ActorInfo} ActorInfo */

/** A lane is as high as there is room for, within bounds; CSS pixels. */
const LEAST_ROW = 17;
const SIZES = { bottom: { mostRow: 30, curves: 1, mostCurve: 26 }, full: { mostRow: 44, curves: 3, mostCurve: 56 } };

/** So high are the axes of curves at least. */
const LEAST_CURVE = 23;

/** Keys that are kept while there is no picture yet. */
const MOST_EARLY = 16;

/** Curves take no more of the height. */
const CURVES_SHARE = 0.36;

const HELP =
  'Up and down choose a lane, comma and full stop go to its previous and next event, W and S zoom, ' +
  'A and D move, F shows the whole recording. T sets A at the moment, and B at another: the faults between, of the chosen lane if there is one. ' +
  'The table lens shows the same as rows.';

/**
 * What every thread does over time, and how many faults wait.
 *
 * @param {HTMLElement} root
 * @param {object} options
 * @param {'bottom' | 'full'} options.size
 * @param {import('./actions.js').Actions} options.actions
 * @param {() => import('./palette.js').Palette} options.palette
 * @param {() => void} options.invalidate
 * @param {AbortSignal} options.signal
 */
export function createLanes(root, { size, actions, palette, invalidate, signal }) {
  const box = el('div', { class: 'fs-lanes' });
  const { mostRow, curves: curveCount, mostCurve } = SIZES[size];
  const head = createLanesHead(size, () => ask(null));
  const surface = el('div', {
    class: 'fs-lanes__surface',
    role: 'application',
    tabindex: 0,
    'aria-label': size === 'full' ? 'Lanes over time' : 'Lanes',
    'aria-describedby': `lanes-fault-${size} lanes-help-${size}`,
  });
  const spoken = el('p', { class: 'fs-spoken', 'aria-live': 'polite' });
  const fault = el('p', { class: 'fs-spoken', id: `lanes-fault-${size}`, 'aria-live': 'polite' });
  const tooltip = createTextTooltip(surface);
  const flags = createBookmarkFlags(actions, 'over time');
  surface.append(flags.root);
  const strip = createAreaStrip(actions);
  box.append(head.root, strip.root, surface, spoken, fault, el('p', { class: 'fs-spoken', id: `lanes-help-${size}`, text: HELP }));
  root.append(box);

  /** @type {ViewState | null} */
  let state = null;
  /** @type {ActorInfo[]} */
  let actors = [];
  let actorsFor = /** @type {unknown} */ (null);
  let scrollY = 0;
  let rowHeight = LEAST_ROW;
  let painted = /** @type {unknown[]} */ ([]);
  /** @type {ReturnType<typeof lanePatterns> | null} */
  let patterns = null;
  let patternsFor = '';
  let visible = false;
  let shownFirst = false;
  let inSight = -1;
  /** @type {import('../model/lane-curves.js').Curve[]} */
  let curves = [];
  let curvesFor = /** @type {unknown} */ (null);
  /** Keys that came before the first picture: what they move is chosen with it. @type {string[]} */
  const early = [];
  /** A selection that is being dragged. @type {import('../model/fault-filter.js').Area | null} */
  let dragged = null;
  /** Where the pointer is, null where it is elsewhere. @type {number | null} */
  let pointer = null;
  /** A fault that is pointed at, by its ENQUEUE; 0 for none. */
  let pointed = 0;
  // Where lanes are a strip below another lens, arrows would be in each other's way.
  const askArrows = size === 'full' ? createArrowQuestions(actions) : null;

  const canvas = createCanvas(
    surface,
    () => {
      painted = [];
      visible = canvas.width > 1 && canvas.height > 1 && surface.offsetParent !== null;
      if (visible && state) {
        ask(state.range);
      }
      invalidate();
    },
    signal,
  );
  const curveHeight = () => Math.max(LEAST_CURVE, Math.min(mostCurve, Math.floor((canvas.height / canvas.ratio) * CURVES_SHARE / curveCount)));
  const curvesHeight = () => curveCount * curveHeight();
  const plotWidth = () => Math.max(1, Math.round(canvas.width / canvas.ratio - LANES.label - LANES.right));
  const endNs = () => Math.max(1, state?.meta?.endNs ?? 1);

  /** @param {import('../model/view-state.js').TimeRange | null} range */
  const ask = (range) => actions.setRange(range, plotWidth());
  const time = createLaneTime({ range: () => state?.range ?? null, endNs, left: LANES.label, width: plotWidth, ask });
  const { scale } = time;

  /** @param {number} y CSS pixels @returns {ActorInfo | null} */
  const laneAt = (y) => {
    const index = Math.floor((y - LANES.axis + scrollY) / rowHeight);
    const bottom = canvas.height / canvas.ratio - curvesHeight();
    return y < LANES.axis || y >= bottom ? null : (actors[index] ?? null);
  };
  const lanesHeight = () => canvas.height / canvas.ratio - LANES.axis - curvesHeight();
  const laneOf = (/** @type {number} */ actor) => state?.lanes.value?.lanes.find((lane) => lane.actor === actor);
  const segmentsOf = (/** @type {number} */ actor) => laneOf(actor)?.segments ?? [];

  listenToLanePointers(
    surface,
    {
      ...time.gestures,
      scrollBy: (pixels) => scrollLanes(scrollY + pixels),
      click,
      select(from, to, done) {
        dragged = areaBetween(from, to);
        if (done && dragged) {
          actions.selectArea(dragged);
          dragged = null;
        }
        repaint();
      },
      hover: (x, y) => {
        pointer = x < LANES.label ? null : x;
        hover(x, y);
      },
      leave: () => {
        tooltip.hide();
        pointer = null;
        pointAt(0);
        if (dragged) {
          dragged = null;
          repaint();
        }
      },
    },
    signal,
  );

  /** @param {number} seq */
  function pointAt(seq) {
    if (pointed !== seq) {
      pointed = seq;
      invalidate();
    }
  }

  function repaint() {
    painted = [];
    invalidate();
  }

  /**
   * Between two points: of the lanes between them, of all where they are not both on lanes.
   *
   * @param {{x: number, y: number}} from
   * @param {{x: number, y: number}} to
   * @returns {import('../model/fault-filter.js').Area}
   */
  function areaBetween(from, to) {
    const [left, right] = [from.x, to.x].map((x) => Math.round(Math.max(0, Math.min(endNs() + 1, scale().toTime(Math.max(LANES.label, x)))))).sort((a, b) => a - b);
    const [first, last] = [from.y, to.y].map((y) => actors.findIndex((actor) => actor === laneAt(y))).sort((a, b) => a - b);
    const chosen = first < 0 || (first === 0 && last === actors.length - 1) ? [] : actors.slice(first, last + 1);
    return { kind: 'threads', fromNs: left, toNs: Math.max(left + 1, right), actors: chosen.map(({ label }) => label) };
  }

  /** @param {number} wanted */
  function scrollLanes(wanted) {
    const most = Math.max(0, actors.length * rowHeight - lanesHeight());
    scrollY = Math.max(0, Math.min(most, Math.round(wanted)));
    repaint();
  }

  /** @param {{x: number, y: number}} point */
  function click({ x, y }) {
    const actor = laneAt(y);
    if (actor) {
      actions.selectActor(actor.index);
    }
    if (x < LANES.label) {
      return;
    }
    const ns = scale().toTime(x);
    const segment = actor && segmentAt(segmentsOf(actor.index), ns);
    if (segment && segment.seq > 0) {
      actions.seek(segment.seq);
      if (segment.region !== null && segment.page !== null) {
        actions.selectPage({ region: segment.region, page: segment.page }, true);
      }
    } else {
      actions.seekTime(Math.round(Math.max(0, Math.min(endNs(), ns))));
    }
  }

  /** @param {number} x @param {number} y */
  function hover(x, y) {
    const actor = laneAt(y);
    const ns = scale().toTime(x);
    if (x < LANES.label || ns > endNs() || !state) {
      tooltip.hide();
      pointAt(0);
      return;
    }
    const stretch = actor && segmentAt(segmentsOf(actor.index), ns);
    pointAt(stretch && (stretch.activity === 'blocked' || stretch.activity === 'kernel') ? stretch.seq : 0);
    tooltip.show([formatClock(ns), ...(actor ? doneBy(actor, ns) : curveAt(y, ns))], x, y);
  }

  /** @param {ActorInfo} actor @param {number} ns @returns {string[]} */
  function doneBy(actor, ns) {
    const segment = segmentAt(segmentsOf(actor.index), ns);
    if (segment) {
      const lines = [`${actor.label}: ${activityWord(segment.activity)}, ${formatDuration(segment.toNs - segment.fromNs)}`];
      if (segment.page !== null && segment.region !== null) {
        lines.push(`page ${formatHex(segment.page)} of ${regionName(state?.meta ?? null, segment.region)}`);
      }
      const waited = state?.arrows.value?.told.find(({ seq }) => seq === segment.seq);
      if (waited && askArrows) {
        lines.push(faultInWords(waited, state?.meta ?? null));
      }
      return lines;
    }
    const lanes = state?.lanes.value;
    const lane = laneOf(actor.index);
    const shares = lanes && lane ? sharesAt(lanes, lane, ns) : null;
    if (!lanes || !shares) {
      return [];
    }
    const words = `${actor.label}: ${sharesInWords(shares)}`;
    return shares.unknown === 1 ? [words, 'the recording does not tell'] : [words, `of ${formatDuration((lanes.toNs - lanes.fromNs) / lanes.columns)}: zoom in`];
  }

  /** @param {number} y @param {number} ns @returns {string[]} */
  function curveAt(y, ns) {
    const lanes = state?.lanes.value;
    const column = lanes ? columnAt(lanes, ns) : -1;
    const index = Math.floor((y - (canvas.height / canvas.ratio - curvesHeight())) / curveHeight());
    return lanes && column >= 0 && index >= 0 ? curves.slice(index, index + 1).map((curve) => curve.inWords(column)) : [];
  }

  /** @param {string} key @param {number | null} [aboutNs] @returns {boolean} */
  function move(key, aboutNs = pointer === null ? null : scale().toTime(pointer)) {
    const run = time.keyed(key, aboutNs, state?.moment?.timeNs ?? null);
    if (!run) {
      return false;
    }
    if (shownFirst) {
      run();
    } else if (early.length < MOST_EARLY) {
      early.push(key);
    }
    return true;
  }

  surface.addEventListener(
    'keydown',
    (event) => {
      const key = keyName(event);
      const index = actors.findIndex((actor) => actor.index === state?.actor);
      if (key === 'ArrowUp' || key === 'ArrowDown') {
        const next = actors[Math.max(0, Math.min(actors.length - 1, index + (key === 'ArrowUp' ? -1 : 1)))];
        if (next) {
          actions.selectActor(next.index);
          const top = actors.indexOf(next) * rowHeight;
          scrollLanes(Math.min(top, Math.max(scrollY, top + rowHeight - lanesHeight())));
          say(next);
        }
      } else if (!move(key)) {
        return;
      }
      event.preventDefault();
      event.stopPropagation();
    },
    { signal },
  );

  /** @param {ActorInfo} actor */
  function say(actor) {
    const doing = state?.moment?.actors[actor.index];
    const { blocked, kernel } = laneOf(actor.index) ?? { blocked: 0, kernel: 0 };
    const share = blocked > 0 ? `, blocked ${formatShare(blocked, 1)} of the time shown` : kernel > 0 ? `, ${activityWord('kernel')} for ${formatShare(kernel, 1)} of the time shown` : '';
    setText(spoken, `${actor.label}, ${doing ? activityWord(doing.activity.toLowerCase()) : 'nothing seen yet'}${share}`);
  }

  return {
    surface,
    move: (/** @type {string} */ key) => move(key),
    /** The stretch of time that is shown, for what stands below it. */
    time: { scale, gestures: time.gestures, move, pointAt: (/** @type {number | null} */ x) => (pointer = x) },
    /** The space for lanes has appeared or gone. */
    resized() {
      visible = surface.offsetParent !== null && canvas.width > 1;
      if (visible && state) {
        ask(state.range);
      }
    },
    /** @param {ViewState} next */
    update(next) {
      const rangeEnd = state?.meta?.endNs;
      state = next;
      if (!visible) {
        return;
      }
      strip.update(next);
      if (next.meta?.actors !== actorsFor) {
        actorsFor = next.meta?.actors;
        actors = laneOrder(next.meta?.actors ?? []);
      }
      if (next.meta && next.meta.endNs !== rangeEnd) {
        ask(next.range);
      }
      const key = shownFirst ? early.shift() : undefined;
      if (next.meta && next.moment && next.moment.seq !== inSight) {
        inSight = next.moment.seq;
        followMoment(next.meta, next.moment.timeNs);
      }
      if (key !== undefined) {
        move(key);
      }
      if (shownFirst && early.length > 0) {
        // One after the other: each moves what the one before has come to.
        invalidate();
      }
      askArrows?.(next, pointed || eventOfSelectedFault(next), plotWidth());
      if (next.lanes.value !== curvesFor) {
        curvesFor = next.lanes.value;
        curves = next.lanes.value ? curvesOf(next.lanes.value).slice(0, curveCount) : [];
        if (size === 'full') {
          surface.setAttribute('aria-label', ['Lanes over time', curvesInWords(curves)].filter(Boolean).join(': '));
        }
      }
      const inputs = [
        next.lanes, next.arrows.value, next.range, next.moment?.seq, next.moment?.timeNs, next.actor, next.page, actors,
        palette().version, next.meta?.endNs, shownQuery(next), next.mark, next.bookmarks,
      ];
      if (!inputs.every((input, i) => input === painted[i])) {
        painted = inputs;
        paint(next);
        const stretches = next.lanes.value?.stretches === false ? 'shares are exact; zoom in to point at single stretches' : '';
        head.note([stretches, askArrows ? arrowsNote(next.arrows.value) : ''].filter(Boolean).join(' · '));
        const chosen = askedFault(next.arrows.value);
        setText(fault, askArrows && chosen && pointed === 0 ? faultInWords(chosen, next.meta) : '');
      }
    },
  };

  /** @param {import('../model/messages.js').MetaMessage} meta @param {number} timeNs */
  function followMoment({ endNs, events, progress }, timeNs) {
    const range = state?.range ?? null;
    // How dense a run will be nobody knows at its start: it is shown whole until somebody zooms.
    const wanted = shownFirst || progress.state === 'running' ? keepInSight(range, timeNs, endNs) : (range ?? firstWindow(timeNs, endNs, events));
    shownFirst = true;
    if (wanted !== range) {
      ask(wanted);
    }
  }

  /**
   * @param {import('../model/fault-filter.js').Area} area
   * @param {number} ratio
   * @param {number} bottom of all lanes
   * @returns {[number, number]} from where to where it reaches: of all lanes where it is not of some
   */
  function lanesOf(area, ratio, bottom) {
    const rows = area.kind === 'threads' ? actors.flatMap((actor, row) => (area.actors.includes(actor.label) ? [row] : [])) : [];
    const at = (/** @type {number} */ row) => Math.max(LANES.axis * ratio, Math.min(bottom, (LANES.axis + row * rowHeight - scrollY) * ratio));
    return rows.length === 0 ? [LANES.axis * ratio, bottom] : [at(rows[0]), at(rows[rows.length - 1] + 1)];
  }

  /** Between a lane's edge and its bar. @param {number} ratio */
  function insetOf(ratio) {
    return Math.round((rowHeight > 34 ? 8 : rowHeight > 20 ? 5 : 3) * ratio);
  }

  /** @param {number} actor @returns {{top: number, bottom: number} | null} its bar, in device pixels */
  function barOf(actor) {
    const { ratio } = canvas;
    const row = actors.findIndex(({ index }) => index === actor);
    const top = (LANES.axis + row * rowHeight - scrollY) * ratio;
    return row < 0 ? null : { top: top + insetOf(ratio), bottom: top + rowHeight * ratio - insetOf(ratio) };
  }

  /** @param {ViewState} next */
  function paint(next) {
    const { context, width, height, ratio } = canvas;
    const colours = palette();
    const key = `${colours.version} ${ratio}`;
    if (!patterns || patternsFor !== key) {
      patterns = lanePatterns(colours, ratio);
      patternsFor = key;
      head.draw(colours);
    }
    const kernel = isOfKernel(next.meta?.origin);
    head.explain(!kernel, kernel || (next.lanes.value?.lanes.some((lane) => lane.kernel > 0) ?? false));
    context.fillStyle = colours.paper;
    context.fillRect(0, 0, width, height);
    if (!next.meta) {
      return;
    }
    rowHeight = Math.max(LEAST_ROW, Math.min(mostRow, Math.floor(lanesHeight() / Math.max(1, actors.length))));
    const css = scale();
    flags.update(next, [css.fromNs, css.toNs, css.left, css.right], canvas.width / ratio, ({ timeNs }) =>
      timeNs === null || timeNs < css.fromNs || timeNs > css.toNs ? null : css.toPixel(timeNs));
    const at = css.inPixels(ratio);
    const bottom = height - curvesHeight() * ratio;
    const area = dragged ?? areaOf(shownQuery(next));
    if (area) {
      drawStretch(context, at, area, ...lanesOf(area, ratio, bottom), colours.selected);
    }
    drawAxis(context, at, height, colours, ratio);
    context.save();
    context.beginPath();
    context.rect(0, LANES.axis * ratio, width, bottom - LANES.axis * ratio);
    context.clip();
    actors.forEach((actor, row) => {
      const top = (LANES.axis + row * rowHeight - scrollY) * ratio;
      if (top > bottom || top + rowHeight * ratio < LANES.axis * ratio || !patterns) {
        return;
      }
      const chosen = actor.index === next.actor;
      if (chosen) {
        context.fillStyle = colours.selected;
        context.fillRect(0, top, width, rowHeight * ratio);
      }
      context.font = `${chosen ? 600 : 400} ${11 * ratio}px ${colours.font}`;
      context.textAlign = 'right';
      context.textBaseline = 'middle';
      context.fillStyle = colours.ink;
      const lane = laneOf(actor.index);
      const waits = Math.max(lane?.blocked ?? 0, lane?.kernel ?? 0);
      const blocked = waits > 0 ? formatShare(waits, 1) : '';
      const twice = rowHeight >= 30 && blocked !== '';
      const share = twice ? `${blocked} ${(lane?.kernel ?? 0) > (lane?.blocked ?? 0) ? 'in faults' : 'blocked'}` : blocked;
      const middle = top + (rowHeight * ratio) / 2;
      const room = (LANES.label - 16) * ratio;
      context.fillText(fitText(context, actor.label, twice || blocked === '' ? room : room - 40 * ratio), at.left - (twice || blocked === '' ? 8 : 48) * ratio, middle - (twice ? 7 * ratio : 0));
      context.font = `${10 * ratio}px ${colours.mono}`;
      context.fillStyle = colours.quiet;
      context.fillText(share, at.left - 8 * ratio, middle + (twice ? 7 * ratio : 0));
      const inset = insetOf(ratio);
      const thick = rowHeight * ratio - 2 * inset;
      if (next.lanes.value && lane) {
        drawLane(context, next.lanes.value, lane, at, next.meta?.endNs ?? 0, top + inset, thick, patterns, ratio);
      }
      drawSelected(context, segmentsOf(actor.index), at, next.moment?.timeNs ?? 0, next.page, top + inset, thick, ratio, colours.accent);
    });
    if (askArrows && next.arrows.value) {
      drawArrows(context, next.arrows.value, at, barOf, colours, ratio);
    }
    context.restore();
    drawScroll(context, width - 5 * ratio, LANES.axis * ratio, bottom, scrollY, actors.length * rowHeight, lanesHeight(), colours.lineStrong);
    const lanes = next.lanes.value;
    const depth = isOfKernel(next.meta?.origin) ? colours.lanes.kernel : colours.lanes.blocked;
    const inks = [depth, colours.lanes.blocked, colours.lanes.handling];
    curves.forEach((curve, row) => {
      const top = bottom + row * curveHeight() * ratio;
      drawCurve(context, curve, /** @type {import('../model/messages.js').LanesAnswer} */ (lanes), at, top, curveHeight() * ratio, inks[row], colours, ratio);
    });
    if (area) {
      drawArea(context, at, area, ...lanesOf(area, ratio, bottom), colours, ratio);
    }
    if (next.mark !== null) {
      drawNow(context, at, next.mark, height, ratio, colours.ink);
      drawEnds(context, at, { a: next.mark, b: null }, LANES.axis * ratio, ratio, colours);
    } else if (area) {
      drawEnds(context, at, { a: area.fromNs, b: lastNs(area) }, LANES.axis * ratio, ratio, colours);
    }
    drawNow(context, at, next.moment?.timeNs ?? 0, height, ratio, colours.accent);
  }
}
