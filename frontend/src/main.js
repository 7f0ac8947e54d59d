// @ts-check
import { assert } from './base/assert.js';
import { startExplorer } from './explorer/explorer.js';
import { messageOf } from './explorer/loaders.js';
import { stopWatch, watchOf } from './stream/watch-api.js';
import { createWatchBar } from './views/watch-bar.js';

/** How often a watch is asked how it stands. */
const WATCH_MS = 250;

const root = document.getElementById('app');
assert(root, 'the page has no #app');
const recording = root.dataset.recording;
assert(recording, 'the page does not say which recording to show');
startExplorer(root, recording);
if (root.dataset.watch === 'true') {
  showWatchBar(root, recording);
}

/**
 * Says above everything else that what is shown was sampled.
 *
 * @param {HTMLElement} page
 * @param {string} id
 */
function showWatchBar(page, id) {
  const bar = createWatchBar({ stop: () => void stopWatch(id) });
  follow(page, bar, () => watchOf(id), ({ over }) => over);
}

/**
 * Puts a bar at the top and keeps it up to date until what it is about is over.
 *
 * @template T
 * @param {HTMLElement} page
 * @param {{root: HTMLElement, update: (status: T) => void}} bar
 * @param {() => Promise<T>} ask
 * @param {(status: T) => boolean} isOver
 */
function follow(page, bar, ask, isOver) {
  page.querySelector('.fs-frame__bands')?.prepend(bar.root);
  void keepUp();

  async function keepUp() {
    try {
      const status = await ask();
      bar.update(status);
      if (isOver(status)) {
        return;
      }
    } catch {
      // The explorer says itself that the server is gone; asked again, the bar shows when it is back.
    }
    window.setTimeout(() => void keepUp(), WATCH_MS);
  }
}
