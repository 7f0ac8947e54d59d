// @ts-check
import { button, el, setText } from './dom.js';
import { drawColumns, lanePatterns } from './lane-painter.js';
import { createHint } from './pane.js';

/**
 * An activity, what it is called, what that means where it needs to be said, and for which faults it stands there: those
 * that wait for the kernel itself, those of a userfaultfd, or both.
 *
 * @type {readonly [import('./lane-painter.js').Activity, string, string, 'both' | 'uffd' | 'kernel'][]}
 */
const KEYS = [
  ['running', 'running', 'of a vCPU: in its guest', 'both'],
  ['kernel', 'fault in the kernel', 'a stage-2 fault: from the exit of the guest to its entry, in KVM', 'kernel'],
  ['vmm', 'VMM', 'a vCPU that left its guest for the VMM', 'kernel'],
  ['blocked', 'blocked in a fault', '', 'uffd'],
  ['handling', 'handling', '', 'uffd'],
  ['idle', 'idle', '', 'both'],
  ['unknown', 'unknown', '', 'both'],
];

/**
 * The line above the lanes: what the colours and patterns mean, and what is not shown.
 *
 * @param {'bottom' | 'full'} size
 * @param {() => void} fit
 * @param {string} [gestures] what a pointer does
 */
export function createLanesHead(size, fit, gestures = 'Click goes there, a drag selects faults, with Shift it moves.') {
  const note = el('span', { class: 'fs-pane__note', role: 'status' });
  const tools = el('div', { class: 'fs-lanes__tools' });
  const samples = KEYS.map(([activity, text, title, faults]) => {
    const canvas = el('canvas', { width: 36, height: 16, 'aria-hidden': 'true' });
    const key = el('span', { class: 'fs-lanes__key', hidden: faults === 'kernel', title: title || null }, canvas, text);
    tools.append(key);
    return { activity, canvas, key, faults };
  });
  tools.append(button({ name: 'Show the whole recording (F)', label: 'fit', run: fit }));
  const hint = createHint(`lanes-${size}`, `What each thread does over time, and how many faults wait. Where a column holds more than one thing, each has its share of the height. ${gestures}`);
  const title = size === 'bottom' ? el('h2', { text: 'Lanes' }) : null;
  return {
    root: el('div', { class: 'fs-lanes__head' }, title, hint, note, tools),
    note: (/** @type {string} */ text) => setText(note, text),
    /** @param {boolean} uffd whether there may be faults of a userfaultfd @param {boolean} kernel whether of the kernel itself */
    explain(uffd, kernel) {
      for (const { key, faults } of samples) {
        key.hidden = faults === 'uffd' ? !uffd : faults === 'kernel' && !kernel;
      }
    },
    /** @param {import('./palette.js').Palette} palette */
    draw(palette) {
      for (const { activity, canvas } of samples) {
        const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
        context.clearRect(0, 0, 36, 16);
        const whole = { running: 0, blocked: 0, handling: 0, idle: 0, kernel: 0, vmm: 0, unknown: 0, [activity]: 1 };
        drawColumns(context, whole, 0, 36, 0, 16, lanePatterns(palette, 2), 2);
      }
    },
  };
}
