// @ts-check
import { formatClock, formatCount, formatExactNs } from '../base/format.js';
import { scaleLog } from '../d3.js';
import { enabledQueries, stoppedBy } from '../model/breakpoints.js';
import { goesOnFrom } from '../model/run-status.js';
import { createBookmarkFlags } from './bookmark-flags.js';
import { button, el, icon, setText } from './dom.js';
import { createRunBar } from './run-bar.js';
import { SHAPES } from './transport-shapes.js';

/** @typedef {import('../model/view-state.js').ViewState} ViewState */

/** Events a second: from one in two seconds to a million. */
const SPEEDS = scaleLog().domain([0.5, 1_000_000]).range([0, 100]).clamp(true);

/** A sentence that changes faster than this is not spoken. */
const SPEAK_AFTER_MS = 400;

/**
 * Where in time, and the ways to move: along what is recorded and, where a run writes it, on from its end.
 *
 * @param {HTMLElement} root
 * @param {object} options
 * @param {import('./actions.js').Actions} options.actions
 * @param {() => import('./palette.js').Palette} options.palette
 * @param {import('./actions.js').RunActions} options.run
 * @param {() => void} options.nextDecision as its key does
 * @param {() => void} options.goTo asks for a moment to go to
 * @param {AbortSignal} options.signal
 */
export function createTransportBar(root, { actions, run, nextDecision, palette, goTo, signal }) {
  const control = (/** @type {string} */ name, /** @type {string} */ shape, /** @type {() => void} */ run, more = '') =>
    button({ name, class: `fs-transport__button ${more}`, icon: icon(shape, 'solid'), run });
  const buttons = {
    first: control('First moment (Home)', SHAPES.first, () => actions.seek(0)),
    previousFault: control('Previous fault (Shift ←)', SHAPES.previousFault, () => actions.step(-1, 'fault')),
    back: control('Step back (←)', SHAPES.back, () => actions.step(-1)),
    play: control('Play (Space)', SHAPES.play, () => actions.togglePlay(), 'fs-transport__button--play'),
    forward: control('Step (→)', SHAPES.forward, () => actions.step(1)),
    nextFault: control('Next fault (Shift →)', SHAPES.nextFault, () => actions.step(1, 'fault')),
    nextDecision: control('Next decision of the kernel (X)', SHAPES.nextDecision, nextDecision),
    last: control('Last moment (End)', SHAPES.last, () => actions.seek(Number.MAX_SAFE_INTEGER)),
  };
  const breaks = {
    previous: control('Reverse-continue to the previous breakpoint (Shift F8)', SHAPES.previousBreak, () => actions.continueTo(-1)),
    next: control('Continue to the next breakpoint (F8)', SHAPES.nextBreak, () => actions.continueTo(1)),
  };
  const speed = el('input', { type: 'range', min: 0, max: 100, step: 1, 'aria-label': 'Speed', title: 'Speed' });
  const speedText = el('span');
  speed.addEventListener('input', () => actions.setSpeed(rounded(SPEEDS.invert(speed.valueAsNumber))), { signal });

  const ticks = el('canvas', { class: 'fs-scrub__ticks', 'aria-hidden': 'true' });
  const scrub = el('input', { type: 'range', min: 0, max: 0, step: 1, value: 0, 'aria-label': 'Moment' });
  scrub.addEventListener('input', () => actions.seek(scrub.valueAsNumber), { signal });
  // Arrow keys step; a slider of a million moments would step as well, but by its own idea of a step.
  scrub.addEventListener('keydown', (event) => {
    if (event.key.startsWith('Arrow') || event.key === 'Home' || event.key === 'End') {
      event.preventDefault();
    }
  }, { signal });

  const flags = createBookmarkFlags(actions, 'along the scrub bar');
  const where = button({ name: 'Go to a moment', label: '0', class: '', run: goTo });
  const total = document.createTextNode(' / 0');
  const time = el('div', { class: 'fs-transport__time' });
  const narrator = el('p', { class: 'fs-narrator', 'data-narration': '' });
  const spoken = el('p', { class: 'fs-spoken', role: 'status', 'aria-live': 'polite' });

  const runBar = createRunBar(run);
  root.append(
    runBar.about,
    el(
      'div',
      { class: 'fs-transport' },
      el('div', { class: 'fs-transport__buttons', role: 'group', 'aria-label': 'Transport' }, ...Object.values(buttons), breaks.previous, breaks.next),
      runBar.controls,
      el('label', { class: 'fs-transport__speed' }, speed, speedText),
      el('div', { class: 'fs-scrub' }, ticks, scrub, flags.root),
      el('div', { class: 'fs-transport__where' }, el('div', {}, where, total), time),
      narrator,
      spoken,
    ),
  );

  // Asking an element for its width in the middle of changes costs a layout: it is noted beforehand.
  let ticksWidth = 0;
  const observer = new ResizeObserver(() => (ticksWidth = ticks.clientWidth));
  observer.observe(ticks);
  signal.addEventListener('abort', () => observer.disconnect(), { once: true });

  let playing = false;
  let speakLater = 0;
  let shownHits = /** @type {unknown[]} */ ([]);

  return {
    setWatch: runBar.setWatch,
    /** @param {ViewState} state */
    update(state) {
      runBar.update(state);
      const { moment, meta } = state;
      const seq = moment?.seq ?? 0;
      const events = meta?.events ?? 0;
      scrub.max = String(events);
      if (document.activeElement !== scrub || moment?.playing || scrub.valueAsNumber !== seq) {
        scrub.value = String(seq);
      }
      scrub.setAttribute('aria-valuetext', `${formatCount(seq)} of ${formatCount(events)}, ${formatClock(moment?.timeNs ?? 0)}`);
      setText(where, formatCount(seq));
      where.setAttribute('aria-label', `${formatCount(seq)}: go to a moment`);
      setText(total, ` / ${formatCount(events)}`);
      setText(time, formatClock(moment?.timeNs ?? 0));
      time.title = formatExactNs(moment?.timeNs ?? 0);
      for (const each of [buttons.first, buttons.previousFault, buttons.back]) {
        each.disabled = seq === 0;
      }
      // At the end of a run that stands still, forward makes the next thing happen.
      const goesOn = goesOnFrom(state.run, seq, events);
      for (const each of [buttons.forward, buttons.nextFault, buttons.nextDecision]) {
        each.disabled = seq >= events && !goesOn;
      }
      buttons.last.disabled = seq >= events;
      const moving = (moment?.playing ?? false) || state.run?.phase === 'running';
      buttons.play.disabled = seq >= events && !moving && !goesOn;
      showPlaying(moving);
      if (document.activeElement !== speed) {
        speed.value = String(SPEEDS(state.speed));
      }
      setText(speedText, `${formatCount(state.speed)} ev/s`);
      breaks.previous.hidden = breaks.next.hidden = enabledQueries(state.breakpoints).length === 0;
      breaks.previous.disabled = seq === 0;
      const stops = stoppedBy(state);
      const told = moment?.narration ?? (meta ? 'Before the first event.' : '');
      narrate(stops.length === 0 ? told : `Stopped by ${stops.join(' and ')} · ${told}`, moment?.playing ?? false);
      drawTicks(state);
      flags.update(state, [events], ticksWidth, (bookmark) => (bookmark.seq > events ? null : (bookmark.seq / Math.max(1, events)) * ticksWidth));
    },
  };

  /** @param {boolean} now */
  function showPlaying(now) {
    if (now === playing) {
      return;
    }
    playing = now;
    const name = now ? 'Pause (Space)' : 'Play (Space)';
    buttons.play.title = name;
    buttons.play.setAttribute('aria-label', name);
    buttons.play.replaceChildren(icon(now ? SHAPES.pause : SHAPES.play, 'solid'));
  }

  /** @param {string} sentence @param {boolean} moving */
  function narrate(sentence, moving) {
    if (narrator.textContent === sentence) {
      return;
    }
    narrator.textContent = sentence;
    narrator.title = sentence;
    window.clearTimeout(speakLater);
    speakLater = window.setTimeout(() => setText(spoken, sentence), moving ? SPEAK_AFTER_MS * 4 : SPEAK_AFTER_MS);
  }

  /** @param {ViewState} state hits of the predicate and of breakpoints stand along the scrub bar */
  function drawTicks(state) {
    const inputs = [state.hits, state.breakpoints, state.meta?.events, palette().version, ticksWidth];
    if (inputs.every((input, i) => input === shownHits[i])) {
      return;
    }
    shownHits = inputs;
    const ratio = window.devicePixelRatio || 1;
    ticks.width = Math.max(1, Math.round(ticksWidth * ratio));
    ticks.height = Math.round(28 * ratio);
    const context = /** @type {CanvasRenderingContext2D} */ (ticks.getContext('2d'));
    const events = state.meta?.events ?? 0;
    context.fillStyle = palette().accent;
    const tick = (/** @type {number} */ seq, /** @type {number} */ top) => {
      const x = events === 0 ? 0 : (seq / events) * (ticks.width - ratio);
      context.fillRect(Math.round(x), top, Math.max(1, Math.round(ratio)), 6 * ratio);
    };
    for (const hit of state.hits?.events ?? []) {
      tick(hit.seq, 0);
    }
    context.fillStyle = palette().lanes.blocked;
    for (const breakpoint of state.breakpoints) {
      if (breakpoint.on) {
        breakpoint.ticks.forEach((seq) => tick(seq, ticks.height - 6 * ratio));
      }
    }
  }
}

/** @param {number} speed @returns {number} one or two significant digits */
function rounded(speed) {
  const digit = 10 ** Math.floor(Math.log10(speed));
  return speed < 1 ? 0.5 : Math.round(speed / digit) * digit;
}
