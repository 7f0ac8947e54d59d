// @ts-check
import { assert } from './base/assert.js';
import { messageOf } from './explorer/loaders.js';
import { probeMachine } from './stream/machine-api.js';
import { createProbePage } from './views/probe-page.js';
import { nextTheme, watchTheme } from './views/theme.js';

const root = document.getElementById('app');
assert(root, 'the page has no #app');

const page = createProbePage(root, { again: () => void probe(), toggleTheme: () => void nextTheme() });

async function probe() {
  page.trying();
  try {
    page.show(await probeMachine());
  } catch (error) {
    page.failed(messageOf(error));
  }
}

watchTheme(() => {}, new AbortController().signal);
void probe();
