// @ts-check
import { BASELINES, USUAL_POLICIES } from '../model/comparison.js';
import { button, el, setText } from './dom.js';
import { nameTab } from './page-title.js';

/** @typedef {import('../model/comparison.js').ComparisonFields} ComparisonFields */
/** @typedef {import('../model/comparison.js').PolicyChoice} PolicyChoice */
/** @typedef {import('../model/run-request.js').ScenarioInfo} ScenarioInfo */

/**
 * What is compared, and with what.
 *
 * @param {object} options
 * @param {() => void} options.compare
 * @param {() => void} options.cancel
 * @param {(name: string) => void} options.chooseScenario
 */
export function createCompareForm({ compare, cancel, chooseScenario }) {
  const scenario = el('select', { name: 'scenario' });
  const about = el('p', { class: 'fs-quiet' });
  const edit = el('a', { hidden: true, text: 'Edit a copy of its text' });
  const policies = el('fieldset', { class: 'fs-compare__policies' }, el('legend', { text: 'Policies of every handler' }));
  const baselines = el('fieldset', { class: 'fs-compare__policies' }, el('legend', { text: 'Baselines' }));
  const more = el('textarea', { name: 'more', rows: 2, placeholder: '{name: batch, after: 63}', spellcheck: 'false' });
  const engine = el(
    'select',
    { name: 'engine' },
    ...[['simulation', 'the simulated kernel'], ['live', 'the kernel of this machine'], ['simulation,live', 'both, side by side']].map(([value, text]) => el('option', { value, text })),
  );
  const seed = el('input', { name: 'seed', placeholder: "the scenario's", autocomplete: 'off' });
  const set = el('textarea', { name: 'set', rows: 2, placeholder: 'handlers.h.readers=4', spellcheck: 'false' });
  const wrong = Object.fromEntries(['policy', 'seed', 'set'].map((name) => [name, el('span', { class: 'fs-field__wrong', id: `wrong-${name}`, role: 'alert' })]));
  const send = el('button', { class: 'fs-button fs-button--primary', text: 'Compare', title: 'Run the scenario under each policy (Ctrl Enter)' });
  const stop = button({ name: 'Stop; what ran to its end stays', label: 'Cancel', class: 'fs-button fs-button--line', run: cancel });
  const failure = el('p', { class: 'fs-editor__failure', role: 'alert', hidden: true });
  const form = el(
    'form',
    { class: 'fs-editor__side fs-compare__form', 'aria-label': 'What to compare', novalidate: true },
    field('Scenario', '', scenario, null),
    about,
    edit,
    policies,
    baselines,
    field('With settings', 'a policy a line', more, wrong.policy),
    field('Runs on', 'real runs take what fits a real kernel', engine, null),
    field('Seeds', 'each policy runs with each: 1, 2, 3', seed, wrong.seed),
    field('Settings', 'PATH=VALUE of the scenario, one a line', set, wrong.set),
    el('div', { class: 'fs-editor__run' }, send, stop, el('kbd', { text: 'Ctrl Enter' })),
    failure,
  );
  stop.hidden = true;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    compare();
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      compare();
    }
  }, { capture: true });
  scenario.addEventListener('change', () => chooseScenario(scenario.value));

  return {
    root: form,
    /** @returns {ComparisonFields} */
    get fields() {
      const boxes = /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll('input[type=checkbox]:checked'));
      return { chosen: [...boxes].map(({ value }) => value), more: more.value, seed: seed.value, set: set.value, engines: engine.value.split(',') };
    },
    /** @param {{seed: string, set: string, policy: string}} values typed elsewhere */
    setFields(values) {
      seed.value = values.seed;
      set.value = values.set;
      more.value = values.policy;
    },
    /** @param {PolicyChoice[]} choices */
    setPolicies(choices) {
      const box = (/** @type {PolicyChoice} */ { name, about: does, settings }) => {
        const chosen = BASELINES.includes(name) || USUAL_POLICIES.includes(name);
        const defaults = settings.map((setting) => `${setting.name} ${setting.otherwise}: ${setting.about}`).join('\n');
        return el('label', { class: 'fs-compare__choice', title: defaults || null }, el('input', { type: 'checkbox', value: name, checked: chosen }), el('span', {}, el('span', { class: 'fs-compare__policy', text: name }), ' ', el('span', { class: 'fs-quiet' }, ...inCode(does.replace(': a baseline', '')))));
      };
      const isBaseline = (/** @type {PolicyChoice} */ { name }) => BASELINES.includes(name);
      policies.append(...choices.filter((choice) => !isBaseline(choice)).map(box));
      baselines.append(...choices.filter(isBaseline).map(box));
    },
    /** @param {ScenarioInfo[]} gallery @param {string} name empty for a text of one's own @param {string} own what that one is called */
    setScenarios(gallery, name, own) {
      scenario.replaceChildren(
        ...(own === '' ? [] : [el('option', { value: '', text: own })]),
        ...gallery.filter(({ comparable }) => comparable).map((each) => el('option', { value: each.name, text: each.title })),
      );
      scenario.value = name;
    },
    /** @param {ScenarioInfo | null} chosen null for a text of one's own @param {string} own where that can be edited, or empty */
    setChosen(chosen, own) {
      nameTab(chosen?.title, 'Handlers compared');
      setText(about, chosen?.about ?? '');
      about.hidden = chosen === null;
      edit.href = chosen === null ? own : `/scenario?copy=${encodeURIComponent(chosen.name)}`;
      edit.hidden = chosen === null && own === '';
    },
    /** @param {boolean} is */
    running(is) {
      send.disabled = is;
      stop.hidden = !is;
    },
    /** What a person has to do with the request. @param {'seed' | 'policy' | 'set' | null} name @param {string} message */
    failed(name, message) {
      for (const [key, input] of /** @type {[string, HTMLElement][]} */ ([['policy', more], ['seed', seed], ['set', set]])) {
        setText(wrong[key], key === name ? message : '');
        input.setAttribute('aria-invalid', String(key === name));
        if (key === name) {
          input.focus();
        }
      }
      failure.hidden = name !== null || message === '';
      setText(failure, name === null ? message : '');
    },
  };
}

/** @param {string} label @param {string} hint @param {HTMLElement} input @param {HTMLElement | null} wrong */
function field(label, hint, input, wrong) {
  if (wrong) {
    input.setAttribute('aria-describedby', wrong.id);
  }
  return el('label', { class: 'fs-field' }, el('span', { class: 'fs-field__label', text: label }), hint === '' ? null : el('span', { class: 'fs-field__hint', text: hint }), input, wrong);
}

/** @param {string} text with names between backticks @returns {(string | HTMLElement)[]} */
function inCode(text) {
  return text.split('`').map((part, i) => (i % 2 === 0 ? part : el('code', { text: part })));
}
