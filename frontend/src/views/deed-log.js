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
export function createDeedLog({ seek }) {
  const list = el('ol', { class: 'fs-deeds', 'aria-label': 'What you did, newest first' });
  const none = el('p', { class: 'fs-quiet fs-hand__none', text: 'Nothing yet.' });
  const spoken = el('p', { class: 'fs-spoken', role: 'status' });
  const root = el('div', { class: 'fs-deeds-part' }, spoken, list, none);
  /** @type {import('../model/hand.js').Deed[]} */
  let shown = [];
  /** @type {number | undefined} */
  let actors = 0;

  const make = () => {
    const at = el('button', { type: 'button', class: 'fs-deeds__at' });
    at.addEventListener('click', () => seek(Number(at.dataset.seq)));
    return el(
      'li',
      { class: 'fs-deeds__deed' },
      el('div', { class: 'fs-deeds__head' }, el('span', { class: 'fs-deeds__what' }), at),
      el('div', { class: 'fs-deeds__result' }, el('strong'), el('span')),
      el('p', { class: 'fs-deeds__why' }),
    );
  };

  return {
    root,
    /** @param {import('../model/view-state.js').ViewState} state */
    update({ deeds, meta }) {
      // Whom a command made has a name a moment later.
      if (deeds === shown && meta?.actors.length === actors) {
        return;
      }
      shown = deeds;
      actors = meta?.actors.length;
      const woke = (/** @type {import('../model/hand.js').Deed} */ deed) => wokeInWords(deed, (actor) => actorLabel(meta, actor));
      none.hidden = deeds.length > 0;
      fillRows(list, deeds, make, (row, deed) => {
        row.dataset.ok = String(deed.ok);
        const at = /** @type {HTMLElement} */ (row.querySelector('button'));
        at.hidden = deed.from === null;
        at.dataset.seq = String(deed.from);
        setText(at, `#${formatCount(deed.from ?? 0)}`);
        at.title = 'Go to the first event that it caused';
        setText(/** @type {HTMLElement} */ (row.querySelector('.fs-deeds__what')), deed.what);
        setText(/** @type {HTMLElement} */ (row.querySelector('strong')), deed.result);
        setText(/** @type {HTMLElement} */ (row.querySelector('.fs-deeds__result > span')), woke(deed));
        setText(/** @type {HTMLElement} */ (row.querySelector('.fs-deeds__why')), deed.why);
      });
      const [newest] = deeds;
      setText(spoken, newest ? `${newest.what}: ${newest.result}, ${woke(newest)}. ${newest.why}` : '');
    },
  };
}
