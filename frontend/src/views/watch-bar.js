// @ts-check
import { seenInWords, watchInWords } from '../model/watching.js';
import { button, el, setText } from './dom.js';

/** @typedef {import('../model/watching.js').WatchStatus} WatchStatus */

/**
 * Says above the explorer that what is shown was sampled from outside, and ends the watch.
 *
 * @param {object} options
 * @param {() => void} options.stop
 */
export function createWatchBar({ stop }) {
  const state = el('p', { class: 'fs-live__state', role: 'status' });
  const seen = el('p', { class: 'fs-live__seen' });
  const end = button({ name: 'Stop watching; what was recorded stays', label: 'Stop', class: 'fs-button fs-button--line', run: stop });
  const root = el('section', { class: 'fs-live', 'aria-label': 'Watch' }, el('div', { class: 'fs-live__controls' }, state, end), seen);

  return {
    root,
    /** @param {WatchStatus} status */
    update(status) {
      root.dataset.phase = status.over ? 'done' : 'running';
      setText(state, watchInWords(status));
      setText(seen, seenInWords(status));
      end.hidden = status.over;
    },
  };
}
