// @ts-check
import { assert } from './base/assert.js';
import { lastOf, messageOf } from './explorer/loaders.js';
import { startAndOpen, textOfRun } from './explorer/started.js';
import { FieldError, requestOf } from './model/run-request.js';
import { NEW_SCENARIO } from './model/scenario-text.js';
import { ApiError } from './stream/api.js';
import { checkScenario, listPolicies, scenario, scenarioSchema } from './stream/run-api.js';
import { createScenarioPage } from './views/scenario-page.js';
import { COMPARED, keep, kept } from './views/storage.js';
import { nextTheme, watchTheme } from './views/theme.js';

/** A text is looked at when typing rests. */
const REST_MS = 250;

const root = document.getElementById('app');
assert(root, 'the page has no #app');
const asked = new URLSearchParams(location.search);
const copied = asked.get('copy');
const run = asked.get('run');
/** Texts are kept by what the page was opened with: an edited copy is no new scenario. */
const key = `scenario.${copied ? `copy.${copied}` : run ? `run.${run}` : 'new'}`;

const NO_FIELDS = { seed: '', policy: '', set: '', engine: 'simulation' };
/** What can be completed; without it everything else works. @type {import('./model/scenario-completion.js').ScenarioSchema | null} */
let schema = null;
const life = new AbortController();
const page = createScenarioPage(root, {
  changed(text) {
    save();
    page.checking();
    look(text);
  },
  run: (text, fields) => void start(text, fields),
  compare(text, fields) {
    save();
    keep(COMPARED, JSON.stringify({ text, fields }));
    location.assign('/compare?draft');
  },
  startOver() {
    keep(key, null);
    void begin();
  },
  toggleTheme: () => void nextTheme(),
  schema: () => schema,
});

const look = lastOf(async (/** @type {string} */ text, signal) => {
  try {
    const { problems, title, engines } = await checkScenario(text, signal);
    page.checked(problems, title, engines);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') {
      throw error;
    }
    page.unchecked(messageOf(error));
  }
}, REST_MS);

/** What the page was opened with: as long as it stands there unchanged there is nothing to keep. */
let opened = '';

function save() {
  const fields = page.fields;
  const untouched = page.text === opened && Object.values(fields).every((value) => value === '' || value === 'simulation');
  keep(key, untouched ? null : JSON.stringify({ text: page.text, fields }));
}

/** @returns {{text: string, fields: import('./model/run-request.js').RunFields} | null} */
function saved() {
  const text = kept(key);
  return text === null ? null : JSON.parse(text);
}

async function begin() {
  const left = saved();
  if (left) {
    page.setText(left.text, left.fields, true);
  } else {
    try {
      opened = copied ? (await scenario(copied)).text : run ? await textOfRun(run) : NEW_SCENARIO;
    } catch (error) {
      opened = NEW_SCENARIO;
      page.failed(null, `${messageOf(error)} Here is a new one instead.`);
    }
    page.setText(opened, NO_FIELDS);
  }
  look(page.text);
}

/** @param {string} text @param {import('./model/run-request.js').RunFields} fields */
async function start(text, fields) {
  save();
  page.failed(null, '');
  page.running(true);
  try {
    await startAndOpen(requestOf(text, fields));
  } catch (error) {
    if (error instanceof FieldError) {
      page.failed(error.field, error.message);
    } else if (error instanceof ApiError && error.place) {
      const problem = { ...error.place, message: error.message };
      page.checked([problem], null);
      page.goTo(problem);
    } else {
      page.failed(null, messageOf(error));
    }
  } finally {
    page.running(false);
  }
}

watchTheme(() => {}, life.signal);
void begin();
void scenarioSchema().then((found) => (schema = found), () => {});
void listPolicies().then((policies) => page.setPolicies(policies), () => {});
// What is written beside the text is kept as well, when the page is left.
window.addEventListener('pagehide', save);
