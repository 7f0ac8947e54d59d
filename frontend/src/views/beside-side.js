// @ts-check
import { formatClock, formatCount, plural } from '../base/format.js';
import { explorerOf } from '../model/addresses.js';
import { pastInWords } from '../model/beside.js';
import { canRun, isPausedFork, isRunning, runInWords } from '../model/run-status.js';
import { button, el, setText } from './dom.js';

/** @typedef {import('../model/difference.js').Side} Side */
/** @typedef {import('../model/run-status.js').RunStatus} RunStatus */
/** @typedef {import('../model/messages.js').RecordingInfo} RecordingInfo */

/**
 * One of two recordings at the position: which it is, its moment and sentence, and how its run goes on.
 *
 * @param {object} options
 * @param {'left' | 'right'} options.which
 * @param {(id: string) => void} options.choose another recording
 * @param {() => void} options.toggleRun
 */
export function createBesideSide({ which, choose, toggleRun }) {
  const picker = el('select', { 'aria-label': `The ${which} recording`, class: 'fs-select fs-beside__picker' });
  picker.addEventListener('change', () => choose(picker.value));
  const open = el('a', { class: 'fs-beside__moment', title: 'Open this moment in the explorer' });
  const past = el('span', { class: 'fs-beside__past' });
  const narration = el('p', { class: 'fs-beside__narration', 'data-narration': which });
  const waiting = el('span', { class: 'fs-quiet' });
  const says = el('span', { class: 'fs-quiet' });
  const go = button({ label: 'Run on', name: 'Run on', class: 'fs-button fs-button--primary', run: toggleRun });
  const run = el('p', { class: 'fs-beside__run', hidden: true }, says, go);
  const root = el(
    'section',
    { class: 'fs-difference__side', 'aria-label': which },
    el('div', { class: 'fs-beside__which' }, el('span', { class: 'fs-quiet', text: which, 'aria-hidden': 'true' }), picker),
    el('p', { class: 'fs-beside__at' }, open, waiting, past),
    narration,
    run,
  );

  return {
    root,
    /** @param {RecordingInfo[]} recordings @param {string} chosen */
    offer(recordings, chosen) {
      const options = recordings.map(({ id, title, events }) => el('option', { value: id, text: `${title}${events ? ` · ${plural(events, 'event')}` : ''}` }));
      picker.replaceChildren(...(recordings.some(({ id }) => id === chosen) ? [] : [el('option', { value: chosen, text: chosen === '' ? 'choose a recording…' : chosen })]), ...options);
      picker.value = chosen;
    },
    /** @param {Side} of @param {import('../model/beside.js').Align} align @param {import('../model/beside.js').BesideSide} side */
    update({ id, over }, align, side) {
      open.href = explorerOf(id, `#seq=${side.seq}`);
      setText(open, `#${formatCount(side.seq)} of ${formatCount(side.events)} · ${formatClock(side.timeNs)}`);
      setText(waiting, side.waiting === 0 ? '' : `${plural(side.waiting, 'fault')} ${side.waiting === 1 ? 'waits' : 'wait'}`);
      setText(past, pastInWords(align, side, over));
      root.dataset.past = String(side.past);
      setText(narration, side.narration);
      narration.title = side.narration;
    },
    /** @param {RunStatus | null} status @param {boolean} hasKey whether R is about this one */
    showRun(status, hasKey) {
      run.hidden = !canRun(status);
      if (status && canRun(status)) {
        setText(says, isPausedFork(status) ? 'This fork is paused.' : runInWords(status));
        const label = isRunning(status) ? 'Pause' : 'Run on';
        const name = hasKey ? `${label} (R)` : label;
        setText(go, label);
        go.title = name;
        go.setAttribute('aria-label', name);
      }
    },
  };
}
