// @ts-check
import { TimeScale } from '../base/time-scale.js';
import { button, el, setText } from './dom.js';
import { drawLane, lanePatterns } from './lane-painter.js';
import { createHint } from './pane.js';

const KEYS = /** @type {const} */ ([
  ['running', 'running'],
  ['blocked', 'blocked in a fault'],
  ['handling', 'handling'],
  ['idle', 'idle'],
]);

/**
 * The line above the lanes: what the colours and patterns mean, and what is not exact.
 *
 * @param {'bottom' | 'full'} size
 * @param {() => void} fit
 */
export function createLanesHead(size, fit) {
  const note = el('span', { class: 'fs-pane__note', role: 'status' });
  const tools = el('div', { class: 'fs-lanes__tools' });
  const samples = KEYS.map(([activity, text]) => {
    const canvas = el('canvas', { width: 36, height: 16, 'aria-hidden': 'true' });
    tools.append(el('span', { class: 'fs-lanes__key' }, canvas, text));
    return { activity, canvas };
  });
  tools.append(button({ name: 'Show the whole recording (F)', label: 'fit', run: fit }));
  const hint = createHint(`lanes-${size}`, 'What each thread does over time, and how many faults wait. Click goes there.');
  const title = size === 'bottom' ? el('h2', { text: 'Lanes' }) : null;
  return {
    root: el('div', { class: 'fs-lanes__head' }, title, hint, note, tools),
    note: (/** @type {string} */ text) => setText(note, text),
    /** @param {import('./palette.js').Palette} palette */
    draw(palette) {
      for (const { activity, canvas } of samples) {
        const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
        context.clearRect(0, 0, 36, 16);
        const whole = { fromNs: 0, toNs: 1, activity, seq: 0, region: null, page: null, merged: 0 };
        drawLane(context, [whole], new TimeScale(0, 1, 0, 36), 0, 16, lanePatterns(palette, 2), 2);
      }
    },
  };
}
