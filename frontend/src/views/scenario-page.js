// @ts-check
import { plural } from '../base/format.js';
import { whyNotLive } from '../model/run-request.js';
import { fileNameOf } from '../model/scenario-text.js';
import { createCodeEditor } from './code-editor.js';
import { button, el, setText } from './dom.js';
import { nameTab } from './page-title.js';
import { saveFile } from './save-file.js';
import { createPageBar } from './top-bar.js';

/** @typedef {import('../model/scenario-text.js').Problem} Problem */
/** @typedef {import('../model/run-request.js').RunFields} RunFields */


/** A file that is larger is no scenario. */
const MOST_BYTES = 1 << 20;

/**
 * A scenario's text with its mistakes in place, and what it is run with.
 *
 * @param {HTMLElement} root
 * @param {object} options
 * @param {(text: string) => void} options.changed
 * @param {(text: string, fields: RunFields) => void} options.run
 * @param {(text: string, fields: RunFields) => void} options.compare several handlers on it
 * @param {() => void} options.startOver back to what this page was opened with
 * @param {() => void} options.toggleTheme
 * @param {() => import('../model/scenario-completion.js').ScenarioSchema | null} options.schema
 */
export function createScenarioPage(root, { changed, run, compare, startOver, toggleTheme, schema }) {
  const editor = createCodeEditor({ label: 'Scenario, in YAML', describedBy: 'problems', schema, changed });
  const verdict = el('p', { class: 'fs-editor__verdict' });
  const list = el('ul', { class: 'fs-editor__problems' });
  const problems = el('div', { id: 'problems', class: 'fs-editor__state', role: 'status' }, verdict, list);
  const failure = el('p', { class: 'fs-editor__failure', role: 'alert', hidden: true });
  const again = button({ name: 'Back to what this page was opened with', label: 'Start over', class: 'fs-button', run: startOver });
  const kept = el('p', { class: 'fs-band', hidden: true }, el('span', { class: 'fs-band__text', text: 'This is the text as you left it.' }), again);
  const names = el('datalist', { id: 'policies' });
  const fields = {
    seed: el('input', { name: 'seed', inputmode: 'numeric', placeholder: "the scenario's", autocomplete: 'off' }),
    policy: el('input', { name: 'policy', list: 'policies', placeholder: "the handlers' own", autocomplete: 'off', spellcheck: 'false' }),
    engine: el('select', { name: 'engine' }, el('option', { value: 'simulation', text: 'the simulated kernel' }), el('option', { value: 'live', text: 'this machine' })),
    set: el('textarea', { name: 'set', rows: 3, placeholder: 'handlers.h.readers=4', spellcheck: 'false' }),
  };
  const wrong = Object.fromEntries(Object.keys(fields).map((name) => [name, el('span', { class: 'fs-field__wrong', id: `wrong-${name}`, role: 'alert' })]));
  const where = el('span', { class: 'fs-field__hint', text: 'that it runs on' });
  const send = el('button', { class: 'fs-button fs-button--primary', text: 'Run', title: 'Run it (Ctrl Enter)' });
  const picker = el('input', { type: 'file', class: 'fs-spoken', accept: '.yaml,.yml,text/yaml', 'aria-label': 'Scenario file to open', tabindex: -1 });
  const form = el(
    'form',
    { class: 'fs-editor__side', 'aria-label': 'Run it', novalidate: true },
    field('Kernel', where, fields.engine, wrong.engine),
    field('Seed', 'of everything that is drawn', fields.seed, wrong.seed),
    field('Policy', 'of every handler: a name, or {name: batch, after: 31}', fields.policy, wrong.policy),
    field('Settings', 'PATH=VALUE, one a line', fields.set, wrong.set),
    names,
    el('div', { class: 'fs-editor__run' }, send, el('kbd', { text: 'Ctrl Enter' })),
    button({ name: 'Run it under several policies, side by side', label: 'Compare handlers…', class: 'fs-button fs-button--line', run: () => compare(editor.text, values()) }),
    failure,
    el('p', { class: 'fs-quiet', text: 'It opens at its start and stands still. What is a section, a step, a policy or a cost is in docs/scenario-format.md.' }),
  );

  root.replaceChildren(
    el(
      'div',
      { class: 'fs-start fs-start--full' },
      createPageBar(
        'Scenario',
        toggleTheme,
        picker,
        button({ name: 'Open a scenario file…', label: 'Open…', class: 'fs-button', run: () => picker.click() }),
        button({ name: 'Save it as a file', label: 'Download', class: 'fs-button', run: download }),
      ),
      el('div', { class: 'fs-editor' }, el('div', { class: 'fs-editor__main' }, kept, editor.root, el('div', { class: 'fs-editor__foot' }, problems, editor.place)), form),
    ),
  );

  const values = () => ({ seed: fields.seed.value, policy: fields.policy.value, set: fields.set.value, engine: fields.engine.value });
  const submit = () => run(editor.text, values());
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    submit();
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      submit();
    }
  }, { capture: true });
  picker.addEventListener('change', () => {
    const file = picker.files?.[0];
    picker.value = '';
    if (file) {
      void open(file);
    }
  });
  root.addEventListener('dragover', (event) => event.dataTransfer?.types.includes('Files') && event.preventDefault());
  root.addEventListener('drop', (event) => {
    const file = event.dataTransfer?.files[0];
    if (file) {
      event.preventDefault();
      void open(file);
    }
  });

  return {
    get text() {
      return editor.text;
    },
    get fields() {
      return values();
    },
    focus: () => editor.focus(),
    /** @param {string} text @param {RunFields} [values] @param {boolean} [asLeft] */
    setText(text, values, asLeft = false) {
      editor.setText(text);
      kept.hidden = !asLeft;
      if (values) {
        for (const name of /** @type {(keyof RunFields)[]} */ (Object.keys(fields))) {
          fields[name].value = values[name] ?? fields[name].value;
        }
      }
    },
    /** @param {{name: string, about: string}[]} policies */
    setPolicies(policies) {
      names.replaceChildren(...policies.map(({ name, about }) => el('option', { value: name, text: about })));
    },
    /** @param {Problem[]} found @param {string | null} title @param {import('../model/run-request.js').EngineFit[]} [engines] */
    checked(found, title, engines = []) {
      nameTab(title, 'Scenario');
      const live = /** @type {HTMLOptionElement} */ (fields.engine.options[1]);
      const whyNot = whyNotLive(engines);
      live.disabled = whyNot !== null && whyNot !== undefined;
      setText(where, live.disabled ? `that it runs on; not this machine's: ${whyNot}` : 'that it runs on');
      editor.setProblems(found);
      problems.dataset.state = found.length > 0 ? 'wrong' : 'right';
      setText(verdict, found.length > 0 ? plural(found.length, 'mistake') : `No mistakes${title ? `: “${title}”` : ''}`);
      list.replaceChildren(...found.map(({ line, column, message }) => {
        const go = el('button', { type: 'button', class: 'fs-editor__problem' }, el('span', { class: 'fs-mono', text: `${line}:${column}` }), el('span', { text: message }));
        go.addEventListener('click', () => editor.goTo(line, column));
        return el('li', {}, go);
      }));
    },
    checking() {
      problems.dataset.state = 'busy';
    },
    /** The text cannot be looked at right now. @param {string} why */
    unchecked(why) {
      problems.dataset.state = 'unknown';
      setText(verdict, `Not checked: ${why}`);
    },
    /** @param {boolean} is */
    running(is) {
      send.disabled = is;
      setText(send, is ? 'Starting…' : 'Run');
    },
    /** What a person has to do with the request. @param {keyof RunFields | null} name @param {string} message */
    failed(name, message) {
      for (const each of /** @type {(keyof RunFields)[]} */ (Object.keys(fields))) {
        setText(wrong[each], each === name ? message : '');
        fields[each].setAttribute('aria-invalid', String(each === name));
      }
      failure.hidden = name !== null || message === '';
      setText(failure, name === null ? message : '');
      if (name !== null) {
        fields[name].focus();
      }
    },
    /** @param {Problem} problem */
    goTo: ({ line, column }) => editor.goTo(line, column),
  };

  /** @param {File} file */
  async function open(file) {
    if (file.size > MOST_BYTES) {
      verdict.textContent = `${file.name} is larger than a scenario may be (1 MiB).`;
      problems.dataset.state = 'unknown';
      return;
    }
    editor.setText(await file.text());
    kept.hidden = true;
    changed(editor.text);
  }

  function download() {
    saveFile(fileNameOf(editor.text), 'text/yaml', editor.text);
  }
}

/** @param {string} label @param {string | HTMLElement} hint @param {HTMLElement} input @param {HTMLElement} wrong */
function field(label, hint, input, wrong) {
  input.setAttribute('aria-describedby', wrong.id);
  return el('label', { class: 'fs-field' }, el('span', { class: 'fs-field__label', text: label }), typeof hint === 'string' ? el('span', { class: 'fs-field__hint', text: hint }) : hint, input, wrong);
}
