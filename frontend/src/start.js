// @ts-check
import { assert } from './base/assert.js';
import { messageOf } from './explorer/loaders.js';
import { startAndOpen, startBoth } from './explorer/started.js';
import { explorerOf } from './model/addresses.js';
import { ApiError, forgetRecording, listRecordings } from './stream/api.js';
import { listScenarios } from './stream/run-api.js';
import { uploadRecording } from './stream/upload.js';
import { createGallery } from './views/gallery.js';
import { readPalette } from './views/palette.js';
import { createStartPage } from './views/start-page.js';
import { nextTheme, watchTheme } from './views/theme.js';
import { createUploadPanel } from './views/upload-panel.js';

const root = document.getElementById('app');
assert(root, 'the page has no #app');

/** How long until the list is asked for again while something loads. */
const LOADING_MS = 700;

const life = new AbortController();
let colours = readPalette(document.body);
/** @type {AbortController | null} */
let uploading = null;
/** @type {File | null} */
let lastFile = null;
/** @type {import('./model/messages.js').RecordingInfo[]} */
let recordings = [];

const gallery = createGallery({
  open: (name, engine) => startAndOpen({ scenario: name, engine, seed: null, policy: null, set: {}, paused: true }),
  openBoth: startBoth,
  messageOf,
});
const page = createStartPage(root, {
  gallery: gallery.root,
  open: (file) => void upload(file, []),
  forget: (id) => void forgetRecording(id).then(refresh, (error) => page.failed(messageOf(error))),
  retry: () => void refresh(),
  toggleTheme: () => {
    nextTheme();
    recolour();
  },
  palette: () => colours,
  signal: life.signal,
});
const panel = createUploadPanel(page.upload, {
  cancel: () => uploading?.abort(new DOMException('cancelled', 'AbortError')),
  again: (regions) => lastFile && void upload(lastFile, regions),
});

function recolour() {
  colours = readPalette(document.body);
  page.show(recordings);
}

/** Shows the list, and again while some recording of it is still being read: its picture comes with its end. */
async function refresh() {
  try {
    recordings = await listRecordings();
    page.show(recordings);
    if (recordings.some((recording) => recording.state === 'loading')) {
      window.setTimeout(() => void refresh(), LOADING_MS);
    }
  } catch (error) {
    page.failed(messageOf(error));
  }
}

async function showGallery() {
  try {
    gallery.show(await listScenarios());
  } catch (error) {
    gallery.failed(error, () => void showGallery());
  }
}

/** @param {File} file @param {string[]} regions */
async function upload(file, regions) {
  if (uploading) {
    return;
  }
  lastFile = file;
  uploading = new AbortController();
  panel.start(file);
  try {
    const { id } = await uploadRecording(file, { onProgress: panel.progress, signal: uploading.signal, regions });
    location.assign(explorerOf(id));
  } catch (error) {
    if (uploading.signal.aborted) {
      panel.hide();
    } else {
      panel.failed(messageOf(error), error instanceof ApiError && error.status >= 400 && error.status < 500);
    }
  } finally {
    uploading = null;
  }
}

watchTheme(recolour, life.signal);
page.loading();
void refresh();
void showGallery();
// The browser may show this page again as it was left; recordings may have come since.
window.addEventListener('pageshow', (event) => event.persisted && void refresh(), { signal: life.signal });
