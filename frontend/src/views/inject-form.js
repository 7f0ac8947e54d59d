// @ts-check
import { formatHex } from '../base/format.js';
import { actorsFor, INJECTIONS, injectCommand, injectionKind } from '../model/injection.js';
import { whyNot } from '../model/run-status.js';
import { actorLabel } from '../model/view-state.js';
import { el, isEdited, setText } from './dom.js';

/** @typedef {import('../model/run-status.js').WaitingFault} WaitingFault */
/** @typedef {import('../model/view-state.js').ViewState} ViewState */
/** @typedef {import('../model/run-status.js').RunCommand} RunCommand */

/**
 * What else can happen to a run: to the selected pages, or to somebody.
 *
 * @param {object} options
 * @param {(command: RunCommand, words: (regionName: (region: number) => string) => string) => void} options.submit
 */
export function createInjectForm({ submit }) {
  const what = el('select', { class: 'fs-field-box', 'aria-label': 'What happens' });
  const actor = el('select', { class: 'fs-field-box', 'aria-label': 'Who' });
  const region = el('select', { class: 'fs-field-box', 'aria-label': 'Region' });
  const page = el('input', { class: 'fs-field-box', 'aria-label': 'First page', value: '0x0', autocomplete: 'off', spellcheck: 'false' });
  const pages = el('input', { class: 'fs-field-box', 'aria-label': 'Pages', value: '1', autocomplete: 'off' });
  const write = el('input', { type: 'checkbox' });
  const about = el('p', { class: 'fs-quiet fs-hand__about' });
  const wrong = el('p', { class: 'fs-field__wrong', role: 'alert' });
  const send = el('button', { class: 'fs-button fs-button--line', text: 'Do it' });
  const row = (/** @type {string} */ label, /** @type {HTMLElement[]} */ ...controls) =>
    el('div', { class: 'fs-hand__row' }, el('span', { class: 'fs-hand__label', text: label }), el('span', { class: 'fs-hand__controls' }, ...controls));
  const actorRow = row('who', actor);
  const rangeRow = row('at', region, page);
  const pagesRow = row('pages', pages);
  const writeRow = row('', el('label', {}, write, 'writes'));
  const fieldset = el('fieldset', { class: 'fs-hand__fields' }, row('what', what), about, actorRow, rangeRow, pagesRow, writeRow, wrong, send);
  const root = el('form', { class: 'fs-hand__form', 'aria-label': 'Meddle', novalidate: true }, fieldset);
  /** @type {ViewState | null} */
  let state = null;
  /** @type {unknown[]} */
  let known = [];
  /** @type {import('../model/page-ref.js').PageRef | null} */
  let followed = null;
  /** @type {number | null} */
  let sleeper = null;

  what.addEventListener('change', showKind);
  root.addEventListener('submit', (event) => {
    event.preventDefault();
    const command = injectCommand({ what: what.value, actor: actor.value, region: region.value, page: page.value, pages: pages.value, write: write.checked });
    setText(wrong, typeof command === 'string' ? command : '');
    if (typeof command !== 'string') {
      const who = actor.selectedOptions[0]?.text ?? '';
      submit(command, (name) => injectionKind(what.value).words(command, who, name));
    }
  });

  return {
    root,
    /** @param {ViewState} view @param {WaitingFault | null} fault @param {boolean} over */
    update(view, fault, over) {
      state = view;
      sleeper = fault?.actor ?? null;
      fieldset.disabled = over;
      const { meta, run } = view;
      if (!meta || !run) {
        return;
      }
      const now = [JSON.stringify(run.can.inject), meta.actors.length, meta.regions.map(({ name }) => name).join('\n')];
      if (now.some((each, index) => each !== known[index])) {
        known = now;
        refill(what, INJECTIONS.map(({ what: each, label }) => [each, label]));
        const possible = INJECTIONS.find(({ what: each }) => whyNot(run.can.inject, each) === null);
        if (possible && whyNot(run.can.inject, what.value) !== null) {
          what.value = possible.what;
        }
        refill(region, meta.regions.map(({ name }, index) => [String(index), name]));
        showKind();
      }
      if (view.page && view.page !== followed && !isEdited(root)) {
        followed = view.page;
        region.value = String(view.page.region);
        page.value = formatHex(view.page.page);
      }
    },
  };

  function showKind() {
    const kind = injectionKind(what.value);
    const not = whyNot(state?.run?.can.inject ?? [], kind.what);
    setText(about, not ?? kind.about);
    about.dataset.not = String(not !== null);
    send.disabled = not !== null;
    const actors = actorsFor(kind, state?.meta?.actors ?? []);
    actorRow.hidden = actors.length === 0 && kind.nobody === null;
    refill(actor, [
      ...(kind.nobody === null ? [] : [/** @type {[string, string]} */ (['-1', kind.nobody])]),
      ...actors.map((index) => /** @type {[string, string]} */ ([String(index), actorLabel(state?.meta ?? null, index)])),
    ]);
    if (kind.nobody === null && sleeper !== null && actors.includes(sleeper)) {
      actor.value = String(sleeper);
    }
    rangeRow.hidden = kind.pages === 'none';
    pagesRow.hidden = kind.pages !== 'range';
    writeRow.hidden = !kind.writes;
  }
}

/** @param {HTMLSelectElement} select @param {[string, string][]} options */
function refill(select, options) {
  const was = select.value;
  select.replaceChildren(...options.map(([value, text]) => el('option', { value, text })));
  if (options.some(([value]) => value === was)) {
    select.value = was;
  }
}
