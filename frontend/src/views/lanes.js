// @ts-check
import { formatClock, formatDuration, formatHex } from '../base/format.js';
import { keyName } from '../base/keyboard.js';
import { TimeScale } from '../base/time-scale.js';
import { firstWindow, keepInSight } from '../base/time-window.js';
import { samePage } from '../model/page-ref.js';
import { regionName } from '../model/view-state.js';
import { createCanvas } from './canvas.js';
import { button, el, setText } from './dom.js';
import { createHint } from './pane.js';
import {
  activityOf, drawAxis, drawDepth, drawLane, laneOrder, lanePatterns, LANES, segmentAt,
} from './lane-painter.js';

/** @typedef {import('../model/view-state.js').ViewState} ViewState */
/** @typedef {import('../model/messages.js').ActorInfo} ActorInfo */

/** A lane is as high as there is room for, within bounds; CSS pixels. */
const LEAST_ROW = 17;
const SIZES = { bottom: { mostRow: 30, depth: 26 }, full: { mostRow: 44, depth: 88 } };

const KEYS = /** @type {const} */ ([
  ['running', 'running'],
  ['blocked', 'blocked in a fault'],
  ['handling', 'handling'],
  ['idle', 'idle'],
]);

const HELP =
  'Up and down choose a lane, comma and full stop go to its previous and next event, W and S zoom, ' +
  'A and D move, F shows the whole recording. The table lens shows the same as rows.';

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
  const note = el('span', { class: 'fs-pane__note', role: 'status' });
  const { mostRow, depth: depthHeight } = SIZES[size];
  const head = createHead();
  const surface = el('div', {
    class: 'fs-lanes__surface',
    role: 'application',
    tabindex: 0,
    'aria-label': size === 'full' ? 'Lanes over time' : 'Lanes',
    'aria-describedby': `lanes-help-${size}`,
  });
  const spoken = el('p', { class: 'fs-spoken', 'aria-live': 'polite' });
  const tooltip = el('div', { class: 'fs-tooltip', role: 'tooltip', hidden: true });
  surface.append(tooltip);
  box.append(head, surface, spoken, el('p', { class: 'fs-spoken', id: `lanes-help-${size}`, text: HELP }));
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
  const plotWidth = () => Math.max(1, Math.round(canvas.width / canvas.ratio - LANES.label - LANES.right));
  const endNs = () => Math.max(1, state?.meta?.endNs ?? 1);

  /** @returns {TimeScale} in CSS pixels */
  const scale = () => {
    const range = state?.range ?? { fromNs: 0, toNs: endNs() };
    return new TimeScale(range.fromNs, Math.max(range.toNs, range.fromNs + 1), LANES.label, LANES.label + plotWidth());
  };
  /** @param {import('../model/view-state.js').TimeRange | null} range */
  const ask = (range) => actions.setRange(range, plotWidth());
  /** @param {TimeScale} next */
  const show = (next) => {
    const all = next.fromNs <= 0 && next.toNs >= endNs();
    ask(all ? null : { fromNs: next.fromNs, toNs: next.toNs });
  };

  function createHead() {
    const tools = el('div', { class: 'fs-lanes__tools' });
    for (const [activity, text] of KEYS) {
      const sample = el('canvas', { width: 36, height: 16, 'aria-hidden': 'true', 'data-activity': activity });
      tools.append(el('span', { class: 'fs-lanes__key' }, sample, text));
    }
    tools.append(button({ name: 'Show the whole recording (F)', label: 'fit', run: () => ask(null) }));
    const hint = createHint(`lanes-${size}`, 'What each thread does over time, and how many faults wait. Click goes there.');
    return el('div', { class: 'fs-lanes__head' }, size === 'bottom' ? el('h2', { text: 'Lanes' }) : null, hint, note, tools);
  }

  function drawKeys() {
    for (const sample of /** @type {NodeListOf<HTMLCanvasElement>} */ (box.querySelectorAll('[data-activity]'))) {
      const context = /** @type {CanvasRenderingContext2D} */ (sample.getContext('2d'));
      context.clearRect(0, 0, 36, 16);
      const whole = { fromNs: 0, toNs: 1, activity: sample.dataset.activity ?? '', seq: 0, region: null, page: null, merged: 0 };
      drawLane(context, [whole], new TimeScale(0, 1, 0, 36), 0, 16, lanePatterns(palette(), 2), 2);
    }
  }

  /** @param {number} y CSS pixels @returns {ActorInfo | null} */
  const laneAt = (y) => {
    const index = Math.floor((y - LANES.axis + scrollY) / rowHeight);
    const bottom = canvas.height / canvas.ratio - depthHeight;
    return y < LANES.axis || y >= bottom ? null : (actors[index] ?? null);
  };
  const lanesHeight = () => canvas.height / canvas.ratio - LANES.axis - depthHeight;
  const segmentsOf = (/** @type {number} */ actor) =>
    state?.lanes.value?.lanes.find((lane) => lane.actor === actor)?.segments ?? [];

  /** @param {MouseEvent} event */
  const at = (event) => {
    const bounds = surface.getBoundingClientRect();
    return { x: event.clientX - bounds.left, y: event.clientY - bounds.top };
  };

  let drag = /** @type {{x: number, y: number, scale: TimeScale, scrollY: number, moved: boolean} | null} */ (null);
  surface.addEventListener('mousedown', (event) => event.preventDefault(), { signal });
  surface.addEventListener(
    'pointerdown',
    (event) => {
      surface.setPointerCapture(event.pointerId);
      drag = { ...at(event), scale: scale(), scrollY, moved: false };
    },
    { signal },
  );
  surface.addEventListener(
    'pointermove',
    (event) => {
      const now = at(event);
      if (!drag) {
        hover(now.x, now.y);
        return;
      }
      if (Math.abs(now.x - drag.x) + Math.abs(now.y - drag.y) < 4 && !drag.moved) {
        return;
      }
      drag.moved = true;
      tooltip.hidden = true;
      show(drag.scale.moved((drag.x - now.x) * drag.scale.nsPerPixel, endNs()));
      scrollLanes(drag.scrollY + drag.y - now.y);
    },
    { signal },
  );
  surface.addEventListener(
    'pointerup',
    (event) => {
      const clicked = drag && !drag.moved;
      drag = null;
      if (clicked) {
        click(at(event));
      }
    },
    { signal },
  );
  surface.addEventListener('pointercancel', () => (drag = null), { signal });
  surface.addEventListener('pointerleave', () => (tooltip.hidden = true), { signal });
  surface.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const { x } = at(event);
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        show(scale().moved((event.deltaX + event.deltaY) * scale().nsPerPixel, endNs()));
      } else if (event.altKey || x < LANES.label) {
        scrollLanes(scrollY + event.deltaY);
      } else {
        const about = Math.max(LANES.label, x);
        show(scale().zoomed(2 ** (-event.deltaY / 240), scale().toTime(about), endNs()));
      }
    },
    { signal, passive: false },
  );

  /** @param {number} wanted */
  function scrollLanes(wanted) {
    const most = Math.max(0, actors.length * rowHeight - lanesHeight());
    scrollY = Math.max(0, Math.min(most, Math.round(wanted)));
    painted = [];
    invalidate();
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
      if (segment.region !== null && segment.page !== null && segment.merged <= 1) {
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
      tooltip.hidden = true;
      return;
    }
    const segment = actor && segmentAt(segmentsOf(actor.index), ns);
    const lines = [formatClock(ns)];
    if (actor && segment && activityOf(segment.activity)) {
      const lasting = formatDuration(segment.toNs - segment.fromNs);
      lines.push(`${actor.label}: ${segment.activity.toLowerCase()}, ${lasting}`);
      if (segment.merged > 1) {
        lines.push(`${segment.merged} short stretches together: zoom in`);
      } else if (segment.page !== null && segment.region !== null) {
        lines.push(`page ${formatHex(segment.page)} of ${regionName(state.meta, segment.region)}`);
      }
    }
    setText(tooltip, lines.join('\n'));
    tooltip.hidden = false;
    const left = x + 12 + tooltip.offsetWidth > surface.clientWidth ? x - 12 - tooltip.offsetWidth : x + 12;
    tooltip.style.left = `${left}px`;
    tooltip.style.top = `${Math.max(0, Math.min(y + 12, surface.clientHeight - tooltip.offsetHeight - 2))}px`;
  }

  /** @param {string} key @returns {boolean} */
  function move(key) {
    const current = scale();
    const middle = (current.fromNs + current.toNs) / 2;
    const about = state?.moment && state.moment.timeNs >= current.fromNs && state.moment.timeNs <= current.toNs ? state.moment.timeNs : middle;
    const moves = /** @type {Record<string, () => void>} */ ({
      W: () => show(current.zoomed(1.5, about, endNs())),
      S: () => show(current.zoomed(1 / 1.5, about, endNs())),
      A: () => show(current.moved(-current.spanNs / 6, endNs())),
      D: () => show(current.moved(current.spanNs / 6, endNs())),
      F: () => ask(null),
    });
    if (!moves[key]) {
      return false;
    }
    moves[key]();
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
    setText(spoken, `${actor.label}, ${doing ? doing.activity.toLowerCase() : 'nothing seen yet'}`);
  }

  return {
    surface,
    move,
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
      if (next.meta?.actors !== actorsFor) {
        actorsFor = next.meta?.actors;
        actors = laneOrder(next.meta?.actors ?? []);
      }
      if (next.meta && next.meta.endNs !== rangeEnd) {
        ask(next.range);
      }
      if (next.meta && next.moment && next.moment.seq !== inSight) {
        inSight = next.moment.seq;
        followMoment(next.meta, next.moment.timeNs);
      }
      const inputs = [
        next.lanes, next.range, next.moment?.seq, next.moment?.timeNs, next.actor, next.page, actors,
        palette().version, next.meta?.endNs,
      ];
      if (!inputs.every((input, i) => input === painted[i])) {
        painted = inputs;
        paint(next);
        setText(note, next.lanes.value?.approximate ? 'drawn from samples: zoom in to see every stretch' : '');
      }
    },
  };

  /** @param {{endNs: number, events: number}} meta @param {number} timeNs */
  function followMoment({ endNs, events }, timeNs) {
    const range = state?.range ?? null;
    const wanted = shownFirst ? keepInSight(range, timeNs, endNs) : (range ?? firstWindow(timeNs, endNs, events));
    shownFirst = true;
    if (wanted !== range) {
      ask(wanted);
    }
  }

  /** @param {ViewState} next */
  function paint(next) {
    const { context, width, height, ratio } = canvas;
    const colours = palette();
    const key = `${colours.version} ${ratio}`;
    if (!patterns || patternsFor !== key) {
      patterns = lanePatterns(colours, ratio);
      patternsFor = key;
      drawKeys();
    }
    context.fillStyle = colours.paper;
    context.fillRect(0, 0, width, height);
    if (!next.meta) {
      return;
    }
    rowHeight = Math.max(LEAST_ROW, Math.min(mostRow, Math.floor(lanesHeight() / Math.max(1, actors.length))));
    const css = scale();
    const at = new TimeScale(css.fromNs, css.toNs, css.left * ratio, css.right * ratio);
    const bottom = height - depthHeight * ratio;
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
      context.fillText(fitText(context, actor.label, (LANES.label - 16) * ratio), at.left - 8 * ratio, top + (rowHeight * ratio) / 2);
      const inset = Math.round((rowHeight > 34 ? 8 : rowHeight > 20 ? 5 : 3) * ratio);
      const thick = rowHeight * ratio - 2 * inset;
      const segments = segmentsOf(actor.index);
      drawLane(context, segments, at, top + inset, thick, patterns, ratio);
      outlineSelected(context, segments, at, top + inset, thick, ratio, colours.accent);
    });
    context.restore();
    drawScroll(context, width, bottom, ratio, colours.lineStrong);
    drawDepth(context, next.lanes.value?.depth ?? [], at, bottom, depthHeight * ratio, colours, ratio);
    drawNow(context, at, height, ratio, colours);
  }

  /**
   * Where more lanes are than fit, how far down these are.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {number} width
   * @param {number} bottom
   * @param {number} ratio
   * @param {string} colour
   */
  function drawScroll(context, width, bottom, ratio, colour) {
    const whole = actors.length * rowHeight;
    const shown = lanesHeight();
    if (whole <= shown) {
      return;
    }
    const top = LANES.axis * ratio;
    const track = bottom - top;
    context.fillStyle = colour;
    context.fillRect(width - 5 * ratio, top + (scrollY / whole) * track, 3 * ratio, (shown / whole) * track);
  }

  /**
   * The selected page's stretch carries the same outline as the page.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {import('../model/messages.js').Segment[]} segments
   * @param {TimeScale} at
   * @param {number} top
   * @param {number} thick
   * @param {number} ratio
   * @param {string} colour
   */
  function outlineSelected(context, segments, at, top, thick, ratio, colour) {
    const now = state?.moment?.timeNs;
    const segment = now === undefined ? null : segmentAt(segments, now);
    if (!segment || segment.region === null || segment.page === null || segment.merged > 1) {
      return;
    }
    if (samePage({ region: segment.region, page: segment.page }, state?.page ?? null)) {
      const left = Math.max(at.left, at.toPixel(segment.fromNs));
      const right = Math.min(at.right, at.toPixel(segment.toNs));
      context.strokeStyle = colour;
      context.lineWidth = 2 * ratio;
      context.strokeRect(left, top, Math.max(3 * ratio, right - left), thick);
    }
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {TimeScale} at
   * @param {number} height
   * @param {number} ratio
   * @param {import('./palette.js').Palette} colours
   */
  function drawNow(context, at, height, ratio, colours) {
    const now = state?.moment?.timeNs ?? 0;
    if (now < at.fromNs || now > at.toNs) {
      return;
    }
    const x = Math.round(at.toPixel(now));
    context.fillStyle = colours.accent;
    context.fillRect(x, 0, Math.max(1, Math.round(ratio)), height);
    context.beginPath();
    context.moveTo(x - 4 * ratio, 0);
    context.lineTo(x + 5 * ratio, 0);
    context.lineTo(x + 0.5 * ratio, 6 * ratio);
    context.fill();
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {string} text
 * @param {number} width
 * @returns {string}
 */
function fitText(context, text, width) {
  let fitted = text;
  while (fitted.length > 3 && context.measureText(fitted).width > width) {
    fitted = `${fitted.slice(0, -2)}…`;
  }
  return fitted;
}

