// @ts-check
import { assert } from './base/assert.js';
import { startExplorer } from './explorer/explorer.js';

const root = document.getElementById('app');
assert(root, 'the page has no #app');
const recording = root.dataset.recording;
assert(recording, 'the page does not say which recording to show');
startExplorer(root, recording);
