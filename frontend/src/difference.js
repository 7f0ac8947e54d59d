// @ts-check
import { assert } from './base/assert.js';
import { messageOf } from './explorer/loaders.js';
import { RecordingApi } from './stream/api.js';
import { differenceOf } from './stream/difference-api.js';
import { createDifferencePage } from './views/difference-page.js';
import { nextTheme, watchTheme } from './views/theme.js';

const root = document.getElementById('app');
assert(root, 'the page has no #app');
const asked = new URLSearchParams(location.search);
const left = asked.get('a') ?? '';
const right = asked.get('b') ?? '';

const life = new AbortController();
/** What is shown, to be painted again in other colours. */
let show = () => {};
const page = createDifferencePage(root, { again: () => void compare(), toggleTheme });

function toggleTheme() {
  nextTheme();
  show();
}

/** @param {string} id @returns {Promise<import('./model/difference.js').Side>} */
async function side(id) {
  const info = /** @type {{title: string, regions: {name: string}[]}} */ (/** @type {unknown} */ (await new RecordingApi(id).info()));
  return { id, title: info.title, regions: info.regions.map(({ name }) => name) };
}

async function compare() {
  if (left === '' || right === '') {
    page.failed('Say which runs: open one of them and choose “compare” beside its forks.');
    return;
  }
  try {
    const [one, other, difference] = await Promise.all([side(left), side(right), differenceOf(left, right)]);
    show = () => page.show(one, other, difference);
    show();
  } catch (error) {
    page.failed(messageOf(error));
  }
}

watchTheme(() => show(), life.signal);
void compare();
