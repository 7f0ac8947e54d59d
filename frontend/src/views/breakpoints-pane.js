// @ts-check
import { formatCount, plural } from '../base/format.js';
import { enabledQueries, stoppedBy } from '../model/breakpoints.js';
import { button, el, fillRows, setText } from './dom.js';
import { errorBox } from './omnibox.js';
import { createPane } from './pane.js';

/** @typedef {import('../model/breakpoints.js').Breakpoint} Breakpoint */

/**
 * Predicates that stop what runs, and that a person goes on to in what is recorded.
 *
 * @param {HTMLElement} root
 * @param {object} options
 * @param {import('./actions.js').Actions} options.actions
 */
export function createBreakpointsPane(root, { actions }) {
  const pane = createPane({
    id: 'breaks',
    title: 'Breakpoints',
    hint: 'Predicates: a run stops at them, a recording is walked from hit to hit, both ways.',
  });
  root.append(pane.root);
  const input = el('input', { type: 'text', class: 'fs-breaks__input', 'aria-label': 'Stop where this predicate holds', placeholder: 'kind = ioctl and errno = EAGAIN', autocomplete: 'off', spellcheck: 'false', maxlength: 2000 });
  const form = el('form', { class: 'fs-breaks__form' }, input, el('button', { type: 'submit', class: 'fs-button fs-button--line', text: 'Add' }));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (actions.addBreakpoint(input.value)) {
      input.value = '';
    }
  });
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      input.blur();
      event.stopPropagation();
    }
  });
  const back = button({ label: 'Reverse-continue', name: 'Back to the previous hit of any that is on (Shift F8)', class: 'fs-button fs-button--line', run: () => actions.continueTo(-1) });
  const on = button({ label: 'Continue', name: 'On to the next hit of any that is on; at the end a run goes on (F8)', class: 'fs-button fs-button--line', run: () => actions.continueTo(1) });
  const says = el('p', { class: 'fs-breaks__says', role: 'status' });
  const list = el('ul', { class: 'fs-breaks__list', 'aria-label': 'Breakpoints' });
  const none = el('p', { class: 'fs-state', text: 'No breakpoint yet. Type a predicate, press B while one is searched for, or choose one under “Stop when” of a page.' });
  pane.body.append(form, el('div', { class: 'fs-breaks__go' }, back, on), says, list, none);

  let shown = /** @type {unknown[]} */ ([]);
  const make = () => {
    const check = el('input', { type: 'checkbox' });
    const once = el('input', { type: 'checkbox' });
    const first = button({ label: 'First', name: 'Go to its first hit', class: 'fs-button fs-breaks__first', run: () => actions.seek(Number(row.dataset.first)) });
    const remove = button({ label: '✕', name: 'Remove', class: 'fs-button', run: () => actions.removeBreakpoint(row.dataset.query ?? '') });
    const row = el(
      'li',
      { class: 'fs-breaks__row' },
      el('label', { class: 'fs-breaks__what' }, check, el('code')),
      el('span', { class: 'fs-breaks__count' }),
      el('label', { class: 'fs-breaks__once', title: 'Off as soon as it has stopped something' }, once, 'once'),
      first,
      remove,
      el('div', { class: 'fs-breaks__wrong' }),
    );
    once.addEventListener('change', () => actions.stopOnce(row.dataset.query ?? '', once.checked));
    check.addEventListener('change', () => actions.switchBreakpoint(row.dataset.query ?? '', check.checked));
    return row;
  };

  /** @param {HTMLElement} row @param {Breakpoint} breakpoint @param {boolean} stops */
  function fill(row, { query, on: isOn, once, spent, count, complete, ticks, error }, stops) {
    const [what, hits, only, first, remove, wrong] = /** @type {HTMLElement[]} */ ([...row.children]);
    row.dataset.query = query;
    row.dataset.first = String(ticks[0] ?? 0);
    row.dataset.on = String(isOn && error === null);
    row.setAttribute('aria-current', String(stops));
    const check = /** @type {HTMLInputElement} */ (what.firstElementChild);
    check.checked = isOn;
    setText(/** @type {HTMLElement} */ (what.lastElementChild), query);
    what.title = query;
    const single = /** @type {HTMLInputElement} */ (only.firstElementChild);
    single.checked = once;
    single.setAttribute('aria-label', `once: ${query}`);
    setText(hits, error ? '' : `${complete ? '' : '≥ '}${plural(count, 'hit')}${spent === null ? '' : ` · stopped at #${formatCount(spent)}, off now`}`);
    hits.title = complete ? `${plural(count, 'event')} of the recording` : 'Not every event has been looked at yet';
    /** @type {HTMLButtonElement} */ (first).disabled = ticks.length === 0;
    first.setAttribute('aria-label', `First hit of ${query}`);
    remove.setAttribute('aria-label', `Remove ${query}`);
    const key = error ? `${query}\n${error.position}\n${error.message}` : '';
    if (wrong.dataset.key !== key) {
      wrong.dataset.key = key;
      wrong.replaceChildren(...(error ? [errorBox(query, error)] : []));
    }
  }

  return {
    focus() {
      input.focus();
    },
    /** @param {import('../model/view-state.js').ViewState} state */
    update(state) {
      const { breakpoints, moment, run, stopped } = state;
      const inputs = [breakpoints, moment?.seq, run, stopped];
      if (inputs.every((each, i) => each === shown[i])) {
        return;
      }
      shown = inputs;
      const stops = stoppedBy(state);
      setText(says, stops.length === 0 ? '' : `Stopped at #${formatCount(moment?.seq ?? 0)} by ${stops.join(' and ')}`);
      fillRows(list, breakpoints, make, (row, each) => fill(row, each, stops.includes(each.query)));
      none.hidden = breakpoints.length > 0;
      back.disabled = on.disabled = enabledQueries(breakpoints).length === 0;
    },
  };
}
