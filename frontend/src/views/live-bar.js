// @ts-check
import { answerInWords, latenciesInWords, liveInWords, residencyInWords } from '../model/live.js';
import { IOCTLS } from '../model/vocabulary.generated.js';
import { button, el, setText } from './dom.js';

/** @typedef {import('../model/live.js').LiveStatus} LiveStatus */
/** @typedef {import('../model/live.js').LiveCommand} LiveCommand */
/** @typedef {import('../model/live.js').LiveAnswer} LiveAnswer */

/** What can be done to another process's memory from outside it. */
const FROM_OUTSIDE = IOCTLS.filter(({ name, source }) => source !== 'pages' && name !== 'REGISTER');

/**
 * The hand on a guest that runs: hold, step, answer by hand, let go.
 *
 * @param {object} options
 * @param {(command: LiveCommand) => Promise<LiveAnswer>} options.command
 * @param {() => Promise<import('../model/live.js').Residency[]>} options.residency
 * @param {(error: unknown) => string} options.messageOf
 */
export function createLiveBar({ command, residency, messageOf }) {
  const state = el('p', { class: 'fs-live__state', role: 'status' });
  const said = el('p', { class: 'fs-live__said', role: 'status' });
  const query = el('input', { class: 'fs-live__query', 'aria-label': 'Which faults to hold', placeholder: 'every fault, or a predicate: page >= 16' });
  const name = el('select', { 'aria-label': 'Ioctl' }, ...FROM_OUTSIDE.map((each) => el('option', { text: each.name })));
  const page = number('Page', 0);
  const pages = number('Pages', 1);
  const dontWake = el('input', { type: 'checkbox' });
  const step = button({ name: 'Answer the fault held longest as the policy says', label: 'Step', class: 'fs-button fs-button--primary', run: () => run({ type: 'answer', fault: null }) });
  const go = button({ name: 'Answer everything from now on', label: 'Run freely', class: 'fs-button fs-button--line', run: () => run({ type: 'go' }) });
  const check = button({ name: 'Compare with the page table', label: 'Check pages', class: 'fs-button', run: () => void compare() });
  const end = button({ name: 'End this run', label: 'End', class: 'fs-button', run: () => run({ type: 'stop' }) });
  const hold = form('fs-live__hold', () => run({ type: 'hold', query: query.value.trim() || null }), query, el('button', { class: 'fs-button fs-button--line', text: 'Hold' }));
  const byHand = form(
    'fs-live__hand',
    () => run({ type: 'ioctl', name: name.value, region: 0, page: Number(page.value), pages: Number(pages.value), mode: dontWake.checked ? dontWakeBit(name.value) : 0 }),
    name, el('label', {}, 'page ', page), el('label', {}, 'pages ', pages), el('label', {}, dontWake, ' DONTWAKE'),
    el('button', { class: 'fs-button fs-button--line', text: 'By hand' }),
  );
  const root = el('section', { class: 'fs-live', 'aria-label': 'Live guest' }, state, el('div', { class: 'fs-live__controls' }, step, go, hold, byHand, check, end), said);
  let followed = -1;

  return {
    root,
    /** @param {LiveStatus} status */
    update(status) {
      const over = status.phase === 'done' || status.phase === 'failed';
      root.dataset.phase = status.phase;
      setText(state, liveInWords(status) + held(status));
      for (const control of root.querySelectorAll('button, input, select')) {
        /** @type {HTMLButtonElement} */ (control).disabled = over || status.phase === 'starting';
      }
      step.disabled = step.disabled || status.phase !== 'held';
      const first = status.waiting[0];
      if (first && first.fault !== followed && !byHand.contains(document.activeElement)) {
        followed = first.fault;
        page.value = String(first.page);
        name.value = first.kind === 'minor' ? 'CONTINUE' : first.kind === 'missing' ? 'COPY' : 'WRITEPROTECT';
      }
      if (over) {
        setText(said, latenciesInWords(status));
      }
    },
  };

  /** @param {LiveCommand} wanted */
  function run(wanted) {
    command(wanted).then((answer) => setText(said, answerInWords(answer)), (error) => setText(said, messageOf(error)));
  }

  async function compare() {
    try {
      setText(said, residencyInWords(await residency()));
    } catch (error) {
      setText(said, messageOf(error));
    }
  }
}

/** @param {string} ioctl @returns {number} 0 where it always wakes, or never */
function dontWakeBit(ioctl) {
  const modes = FROM_OUTSIDE.find((each) => each.name === ioctl)?.modes ?? {};
  return Object.entries(modes).find(([mode]) => mode === 'DONTWAKE')?.[1] ?? 0;
}

/** @param {LiveStatus} status @returns {string} */
function held({ waiting }) {
  const first = waiting[0];
  if (!first) {
    return '';
  }
  const more = waiting.length > 1 ? `, and ${waiting.length - 1} more` : '';
  return ` · ${first.name} ${first.write ? 'writes' : 'reads'} page ${first.page}, ${first.kind}${first.origin ? `, ${first.origin}` : ''}${more}`;
}

/** @param {string} label @param {number} value */
function number(label, value) {
  return el('input', { type: 'number', min: 0, value, 'aria-label': label });
}

/** @param {string} className @param {() => void} submit @param {...HTMLElement} parts */
function form(className, submit, ...parts) {
  const element = el('form', { class: className }, ...parts);
  element.addEventListener('submit', (event) => {
    event.preventDefault();
    submit();
  });
  // The explorer's keys are not meant while somebody types here.
  element.addEventListener('keydown', (event) => event.stopPropagation());
  return element;
}
