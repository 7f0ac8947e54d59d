// @ts-check
import { formatCount } from '../base/format.js';
import { explorerOf, sideBySideOf } from '../model/addresses.js';
import { canRun, countsInWords, factsInWords, isPausedFork, isRunning, isUnderWay, latenciesInWords, runInWords } from '../model/run-status.js';
import { button, el, icon, setText } from './dom.js';
import { SHAPES } from './transport-shapes.js';

/** @typedef {import('../model/run-status.js').RunStatus} RunStatus */
/** @typedef {import('../model/view-state.js').ViewState} ViewState */

/**
 * What there is of a run besides a recording, simulated or real: how it stands, how it goes on by itself, and what is done with it.
 *
 * @param {import('./actions.js').RunActions} actions
 * @returns {{about: HTMLElement, controls: HTMLElement, update: (view: ViewState) => void, setWatch: (text: string) => void}} `controls` have
 *     their place among the ways to move in time
 */
export function createRunBar(actions) {
  const state = el('p', { class: 'fs-run__state', role: 'status' });
  const facts = el('p', { class: 'fs-run__facts' });
  const counts = el('p', { class: 'fs-run__counts' });
  const line = (/** @type {string} */ label, /** @type {string} */ name, /** @type {() => void} */ run) =>
    button({ label, name, class: 'fs-button fs-button--line', run });
  const go = button({ label: 'Run', name: 'Run at the speed that is set (R)', class: 'fs-button fs-button--primary fs-run__go', icon: icon(SHAPES.play, 'solid'), run: () => actions.toggle() });
  const fast = line('Full speed', 'Run as fast as it can (Shift R)', () => actions.go(null));
  const manual = line('Manual', 'Handlers wait for you (M)', () => actions.manual());
  const fork = line('Fork here', 'Another run from the moment that is shown (Y)', () => actions.fork());
  const check = line('Check pages', 'Compare the recorded pages with the page table', () => actions.checkPages());
  const restart = button({ label: 'Restart', name: 'The same scenario with the same seed from its start', run: () => actions.restart() });
  const elsewhere = button({ label: 'Other kernel', name: 'The same scenario on the other kernel', run: () => actions.restart(shown?.engine === 'live' ? 'simulation' : 'live') });
  const stop = button({ label: 'End', name: 'End this run; what was recorded stays', run: () => actions.stop() });
  const edit = el('a', { class: 'fs-button fs-run__edit', text: 'Edit' });
  const handlers = el('a', { class: 'fs-button fs-run__edit', text: 'Compare', title: 'Other handlers on this scenario, side by side' });
  const hold = el('span', { class: 'fs-run__hold' });
  const kin = el('div', { class: 'fs-run__kin' });
  const watch = el('p', { class: 'fs-run__watch' });
  const group = (/** @type {string} */ name, /** @type {HTMLElement[]} */ ...children) => el('div', { class: 'fs-run__group', role: 'group', 'aria-label': name }, ...children);
  const controls = group('Run', go, fast, stop);
  controls.hidden = true;
  const bar = el(
    'section',
    { class: 'fs-run', 'aria-label': 'Run', hidden: true },
    el(
      'div',
      { class: 'fs-run__line' },
      state,
      facts,
      group('This run', manual, fork, check),
      group('As a whole', restart, elsewhere, edit, handlers),
    ),
    el('div', { class: 'fs-run__line fs-run__line--more' }, watch, kin, hold, counts),
  );
  /** @type {RunStatus | null} */
  let shown = null;
  let offered = 'Run';

  return {
    about: bar,
    controls,
    /** @param {ViewState} view */
    update({ run }) {
      bar.hidden = run === null;
      controls.hidden = run === null;
      if (!run || run === shown) {
        return;
      }
      const kinChanged = !shown || shown.forks.length !== run.forks.length || shown.forkOf?.id !== run.forkOf?.id;
      shown = run;
      bar.dataset.phase = run.phase;
      bar.dataset.engine = run.engine;
      bar.dataset.unexpected = String((run.report?.expectations.failed.length ?? 0) > 0);
      setText(state, runInWords(run));
      state.title = run.message ?? '';
      setText(facts, factsInWords(run));
      setText(counts, [countsInWords(run.report), latenciesInWords(run)].filter(Boolean).join(' · '));
      const over = !isUnderWay(run);
      manual.disabled = stop.disabled = over;
      // Who waits for a hand, or has come to the end, does not go on by being told to.
      go.disabled = !canRun(run);
      fast.disabled = go.disabled;
      fast.hidden = run.can.pace !== null;
      enable(fork, run.can.fork, 'Another run from the moment that is shown (Y)');
      enable(check, run.can.checkPages, 'Compare the recorded pages with the page table');
      check.hidden = run.engine !== 'live';
      setText(elsewhere, run.engine === 'live' ? 'Simulated' : 'On this machine');
      elsewhere.removeAttribute('aria-label');
      restart.hidden = elsewhere.hidden = edit.hidden = handlers.hidden = !run.hasText;
      manual.setAttribute('aria-pressed', String(run.manual));
      edit.href = run.scenario === null ? `/scenario?run=${encodeURIComponent(run.id)}` : `/scenario?copy=${encodeURIComponent(run.scenario)}`;
      handlers.href = run.scenario === null ? `/compare?run=${encodeURIComponent(run.id)}` : `/compare?scenario=${encodeURIComponent(run.scenario)}`;
      showGo(isRunning(run) ? 'Pause' : isPausedFork(run) ? 'Run on' : 'Run');
      hold.replaceChildren(...[
        ...(run.hold === null ? [] : [el('span', { class: 'fs-quiet', text: 'holds ' }), el('code', { text: run.hold })]),
        ...(run.breakpoints.length === 0 ? [] : [el('span', { class: 'fs-quiet', text: ' stops at ' }), el('code', { text: run.breakpoints.join(', ') })]),
      ]);
      if (kinChanged) {
        kin.replaceChildren(...kinOf(run));
      }
    },
    /** @param {string} text what to watch */
    setWatch(text) {
      setText(watch, text);
      watch.title = text;
    },
  };

  /** @param {'Pause' | 'Run on' | 'Run'} label */
  function showGo(label) {
    if (label !== offered) {
      offered = label;
      go.replaceChildren(icon(label === 'Pause' ? SHAPES.pause : SHAPES.play, 'solid'), label);
      const name = label === 'Pause' ? 'Pause the run (R)' : `${label} at the speed that is set (R)`;
      go.title = name;
      go.setAttribute('aria-label', name);
    }
  }
}

/** @param {HTMLButtonElement} control @param {string | null} whyNot @param {string} name what it does where it can */
function enable(control, whyNot, name) {
  control.disabled = whyNot !== null;
  control.title = whyNot ?? name;
}

/** @param {RunStatus} run @returns {(Node | string)[]} where it was forked off, and what was forked off it */
function kinOf({ id, forkOf, forks }) {
  const compare = (/** @type {string} */ other, text = 'compare') => el('a', { href: sideBySideOf(id, other), text });
  /** @type {(Node | string)[]} */
  const parts = [];
  if (forkOf) {
    parts.push(el('span', {}, 'Forked off ', el('a', { href: explorerOf(forkOf.id, `#seq=${forkOf.seq}`), text: `another run at moment ${formatCount(forkOf.seq)}` }), ' (', compare(forkOf.id, 'compare with it'), ')'));
  }
  if (forks.length > 0) {
    const list = forks.flatMap((fork, index) => [
      index > 0 ? ', ' : '', el('a', { href: explorerOf(fork.id), text: `at ${formatCount(fork.seq)}` }), ' (', compare(fork.id), ')',
    ]);
    parts.push(el('span', { class: 'fs-run__forks' }, forks.length === 1 ? 'Forked once, ' : `Forked ${forks.length} times, `, ...list));
  }
  return parts;
}
