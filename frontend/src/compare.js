// @ts-check
import { assert } from './base/assert.js';
import { messageOf } from './explorer/loaders.js';
import { textOfRun } from './explorer/started.js';
import { comparisonOf, isOver } from './model/comparison.js';
import { FieldError } from './model/run-request.js';
import { ApiError } from './stream/api.js';
import { comparison, forgetComparison, startComparison } from './stream/comparison-api.js';
import { listPolicies, listScenarios, scenario } from './stream/run-api.js';
import { createComparePage } from './views/compare-page.js';
import { COMPARED, kept } from './views/storage.js';
import { nextTheme, watchTheme } from './views/theme.js';

/** How often a comparison under way is looked at. */
const LOOK_MS = 250;

const root = document.getElementById('app');
assert(root, 'the page has no #app');
const asked = new URLSearchParams(location.search);
const life = new AbortController();
/** @type {import('./model/run-request.js').ScenarioInfo[]} */
let gallery = [];
/** @type {() => Promise<string>} the text that is compared on */
let textOf = async () => '';
/** @type {string | null} */
let underWay = null;

const page = createComparePage(root, {
  compare: () => void compare(),
  cancel: () => void cancel(),
  chooseScenario: choose,
  toggleTheme: () => void nextTheme(),
  signal: life.signal,
});

/** @param {string} name */
function choose(name) {
  textOf = async () => (await scenario(name)).text;
  page.form.setChosen(gallery.find((each) => each.name === name) ?? null, '');
  history.replaceState(null, '', `?scenario=${encodeURIComponent(name)}`);
}

async function begin() {
  const [policies, scenarios] = await Promise.all([listPolicies(), listScenarios()]);
  gallery = scenarios;
  page.form.setPolicies(policies);
  const run = asked.get('run');
  const draft = asked.has('draft') ? kept(COMPARED) : null;
  if (run !== null) {
    page.form.setScenarios(gallery, '', 'The scenario of the run');
    page.form.setChosen(null, `/scenario?run=${encodeURIComponent(run)}`);
    textOf = () => textOfRun(run);
  } else if (draft !== null) {
    const { text, fields } = JSON.parse(draft);
    page.form.setScenarios(gallery, '', 'The text as you left it');
    page.form.setChosen(null, '');
    page.form.setFields(fields);
    textOf = async () => text;
  } else {
    const named = gallery.find(({ name, comparable }) => comparable && name === asked.get('scenario'));
    const first = named ?? gallery.find(({ comparable }) => comparable);
    page.form.setScenarios(gallery, first?.name ?? '', '');
    if (first) {
      choose(first.name);
    }
  }
}

async function compare() {
  if (underWay !== null) {
    return;
  }
  page.form.failed(null, '');
  page.form.running(true);
  try {
    const { id } = await startComparison(comparisonOf(await textOf(), page.form.fields));
    underWay = id;
    await follow(id);
  } catch (error) {
    if (error instanceof FieldError) {
      page.form.failed(error.field, error.message);
    } else if (error instanceof ApiError && error.place) {
      page.form.failed(null, `Line ${error.place.line}, column ${error.place.column}: ${error.message}`);
    } else {
      page.form.failed(null, messageOf(error));
    }
  } finally {
    underWay = null;
    page.form.running(false);
  }
}

/** @param {string} id */
async function follow(id) {
  while (underWay === id) {
    const state = await comparison(id).catch((error) => {
      if (underWay === id) {
        throw error;
      }
      return null; // cancelled meanwhile, and so forgotten
    });
    if (state === null || underWay !== id) {
      return;
    }
    page.show(state);
    if (isOver(state)) {
      return;
    }
    await new Promise((resolve) => window.setTimeout(resolve, LOOK_MS));
  }
}

async function cancel() {
  const id = underWay;
  if (id !== null) {
    underWay = null;
    page.cancelled();
    await forgetComparison(id).catch(() => {}); // gone already: there is nothing to stop
  }
}

// Nobody will look at it any more.
window.addEventListener('pagehide', () => void cancel(), { signal: life.signal });
watchTheme(() => {}, life.signal);
begin().catch((error) => page.form.failed(null, messageOf(error)));
