// @ts-check
import { keyLabel } from '../base/keyboard.js';
import { ALIGNMENTS, positionInWords } from '../model/beside.js';
import { button, el, icon, setText } from './dom.js';
import { SHAPES } from './transport-shapes.js';

/** @typedef {import('../model/beside.js').Align} Align */
/** @typedef {import('../model/commands.js').Command} Command */

/**
 * One position for two recordings: by what they are laid beside each other, and the ways to move.
 *
 * @param {object} options
 * @param {(id: string) => Command} options.command
 * @param {(align: Align) => void} options.align
 * @param {(at: number) => void} options.go
 * @param {AbortSignal} options.signal
 */
export function createBesideBar({ command, align, go, signal }) {
  const choices = ALIGNMENTS.map(({ id, name, about }, i) => {
    const choice = button({ label: name, name: `${name}: ${about.toLowerCase()} (${i + 1})`, class: 'fs-button fs-button--line', run: () => align(id) });
    return { id, choice };
  });
  const move = (/** @type {string} */ id, /** @type {string} */ shape) => {
    const { name, keys, run } = command(id);
    return button({ name: `${name} (${keyLabel(keys?.[0] ?? '')})`, class: 'fs-transport__button', icon: icon(shape, 'solid'), run });
  };
  const buttons = {
    first: move('first', SHAPES.first),
    faultBack: move('fault.back', SHAPES.previousFault),
    back: move('step.back', SHAPES.back),
    forward: move('step.forward', SHAPES.forward),
    faultForward: move('fault.forward', SHAPES.nextFault),
    last: move('last', SHAPES.last),
  };
  const scrub = el('input', { type: 'range', min: 0, max: 0, step: 1, value: 0, 'aria-label': 'Position of both' });
  scrub.addEventListener('input', () => go(scrub.valueAsNumber), { signal });
  // The keys of the page step; a slider of nanoseconds would step by its own idea of a step.
  scrub.addEventListener('keydown', (event) => {
    if (event.key.startsWith('Arrow') || event.key === 'Home' || event.key === 'End') {
      event.preventDefault();
    }
  }, { signal });
  const where = el('p', { class: 'fs-beside__where' });

  return {
    root: el(
      'div',
      { class: 'fs-beside__bar' },
      el('div', { class: 'fs-beside__align', role: 'group', 'aria-label': 'Side by side by' }, el('span', { class: 'fs-quiet', text: 'by', 'aria-hidden': 'true' }), ...choices.map(({ choice }) => choice)),
      el('div', { class: 'fs-transport__buttons', role: 'group', 'aria-label': 'Transport of both' }, ...Object.values(buttons)),
      el('div', { class: 'fs-scrub' }, scrub),
      where,
    ),
    /** @param {import('../model/beside.js').Beside} beside */
    update(beside) {
      const { at, nth, end, steps } = beside;
      for (const { id, choice } of choices) {
        choice.setAttribute('aria-pressed', String(id === beside.align));
      }
      scrub.max = String(end);
      scrub.value = String(at);
      const words = positionInWords(beside);
      scrub.setAttribute('aria-valuetext', words);
      setText(where, words);
      buttons.first.disabled = at === 0 && (nth === 0 || beside.align !== 'time');
      buttons.faultBack.disabled = steps.faultBack === null;
      buttons.back.disabled = steps.back === null;
      buttons.forward.disabled = steps.forward === null;
      buttons.faultForward.disabled = steps.faultForward === null;
      buttons.last.disabled = at >= end && nth === null;
    },
  };
}
