// @ts-check
import { formatCount } from '../base/format.js';
import { wokeInWords } from '../model/hand.js';
import { actorLabel } from '../model/view-state.js';
import { el, fillRows, setText } from './dom.js';

/**
 * What a person did and what the kernel said, the newest first.
 *
 * @param {object} options
 * @param {(seq: number) => void} options.seek
 */
export function createInputLog({ seek }) {
  const list = el('ol', { class: 'fs-inputs', 'aria-label': 'What you did, newest first' });
  const none = el('p', { class: 'fs-quiet fs-hand__none', text: 'Nothing yet.' });
  const spoken = el('p', { class: 'fs-spoken', role: 'status' });
  const root = el('div', { class: 'fs-inputs-part' }, spoken, list, none);
  /** @type {import('../model/hand.js').RunInput[]} */
  let shown = [];
  /** @type {number | undefined} */
  let actors = 0;

  const make = () => {
    const at = el('button', { type: 'button', class: 'fs-inputs__at' });
    at.addEventListener('click', () => seek(Number(at.dataset.seq)));
    return el(
      'li',
      { class: 'fs-inputs__input' },
      el('div', { class: 'fs-inputs__head' }, el('span', { class: 'fs-inputs__what' }), at),
      el('div', { class: 'fs-inputs__result' }, el('strong'), el('span')),
      el('p', { class: 'fs-inputs__why' }),
    );
  };

  return {
    root,
    /** @param {import('../model/view-state.js').ViewState} state */
    update({ inputs, meta }) {
      // Whom a command made has a name a moment later.
      if (inputs === shown && meta?.actors.length === actors) {
        return;
      }
      shown = inputs;
      actors = meta?.actors.length;
      const woke = (/** @type {import('../model/hand.js').RunInput} */ input) => wokeInWords(input, (actor) => actorLabel(meta, actor));
      none.hidden = inputs.length > 0;
      fillRows(list, inputs, make, (row, input) => {
        row.dataset.ok = String(input.ok);
        const at = /** @type {HTMLElement} */ (row.querySelector('button'));
        at.hidden = input.from === null;
        at.dataset.seq = String(input.from);
        setText(at, `#${formatCount(input.from ?? 0)}`);
        at.title = 'Go to the first event that it caused';
        setText(/** @type {HTMLElement} */ (row.querySelector('.fs-inputs__what')), input.what);
        setText(/** @type {HTMLElement} */ (row.querySelector('strong')), input.result);
        setText(/** @type {HTMLElement} */ (row.querySelector('.fs-inputs__result > span')), woke(input));
        setText(/** @type {HTMLElement} */ (row.querySelector('.fs-inputs__why')), input.why);
      });
      const [newest] = inputs;
      setText(spoken, newest ? `${newest.what}: ${newest.result}, ${woke(newest)}. ${newest.why}` : '');
    },
  };
}
