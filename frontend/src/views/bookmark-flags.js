// @ts-check
import { bookmarksInWords, flagsOf } from '../model/bookmarks.js';
import { attribute, el, fillRows, icon, setText } from './dom.js';

/** @typedef {import('../model/messages.js').BookmarkInfo} BookmarkInfo */

const SHAPE = 'M3 1v14h1.5V9.5H13L10.5 5.5 13 1.5z';
/** Flags stand at least so far apart, CSS pixels. */
const GAP = 9;

/**
 * Bookmarks along a line: what they say on hover and focus, a click goes there. One stop of Tab; arrow
 * keys go from flag to flag.
 *
 * @param {import('./actions.js').Actions} actions
 * @param {string} name where they stand
 */
export function createBookmarkFlags(actions, name) {
  const list = el('div', { class: 'fs-flags__list' });
  const words = el('div', { class: 'fs-tooltip fs-flags__words', 'aria-hidden': 'true', hidden: true });
  const root = el('div', { class: 'fs-flags', role: 'toolbar', 'aria-label': `Bookmarks ${name}`, hidden: true }, list, words);

  let known = /** @type {unknown[]} */ ([]);
  let current = -1;
  /** @type {import('../model/bookmarks.js').Flag[]} */
  let flags = [];
  /** @type {import('../model/messages.js').MetaMessage | null} */
  let meta = null;
  let width = 0;
  let stop = 0;

  const buttons = () => /** @type {HTMLElement[]} */ ([...list.children]);
  const indexOf = (/** @type {EventTarget | null} */ target) => (target instanceof Element ? buttons().findIndex((each) => each.contains(target)) : -1);

  /** @param {number} index */
  function tell(index) {
    const flag = flags[index];
    words.hidden = flag === undefined;
    if (flag) {
      setText(words, bookmarksInWords(meta, flag.bookmarks));
      // Towards the middle there is room.
      const right = flag.at > width / 2;
      words.style.left = right ? 'auto' : `${flag.at}px`;
      words.style.right = right ? `${width - flag.at}px` : 'auto';
    }
  }

  /** @param {number} index */
  function move(index) {
    stop = Math.max(0, Math.min(flags.length - 1, index));
    buttons().forEach((each, i) => (each.tabIndex = i === stop ? 0 : -1));
  }

  const focused = () => indexOf(document.activeElement);
  root.addEventListener('focusin', (event) => {
    move(indexOf(event.target));
    tell(stop);
  });
  root.addEventListener('focusout', () => tell(-1));
  root.addEventListener('pointerover', (event) => tell(indexOf(event.target)));
  root.addEventListener('pointerleave', () => tell(focused()));
  // What lies under a flag has gestures of its own.
  for (const kind of ['pointerdown', 'mousedown']) {
    root.addEventListener(kind, (event) => event.stopPropagation());
  }
  root.addEventListener('keydown', (event) => {
    const to = /** @type {Record<string, number>} */ ({ ArrowLeft: stop - 1, ArrowRight: stop + 1, Home: 0, End: flags.length - 1 })[event.key];
    if (to !== undefined && !event.shiftKey && !event.altKey) {
      move(to);
      buttons()[stop]?.focus();
      event.preventDefault();
      event.stopPropagation();
    }
  });

  const make = () => {
    const flag = el('button', { type: 'button', class: 'fs-flags__flag', tabindex: -1 }, icon(SHAPE, 'solid'));
    flag.addEventListener('click', () => {
      const first = flags[indexOf(flag)]?.bookmarks[0];
      if (first) {
        actions.bookmarks.goTo(first);
      }
    });
    return flag;
  };

  return {
    root,
    /**
     * @param {import('../model/view-state.js').ViewState} state
     * @param {unknown[]} line what the places are worked out from
     * @param {number} across its whole width, CSS pixels
     * @param {(bookmark: BookmarkInfo) => number | null} placeOf CSS pixels from its left; null: not on it
     */
    update(state, line, across, placeOf) {
      const seq = state.moment?.seq ?? -1;
      const inputs = [state.bookmarks, state.meta?.regions, across, ...line];
      const same = inputs.length === known.length && inputs.every((each, i) => each === known[i]);
      if (same && seq === current) {
        return;
      }
      if (!same) {
        known = inputs;
        meta = state.meta;
        width = across;
        flags = flagsOf(state.bookmarks, placeOf, GAP);
        root.hidden = flags.length === 0;
        fillRows(list, flags, make, (flag, { at, bookmarks }) => {
          flag.style.left = `${at}px`;
          attribute(flag, 'aria-label', bookmarksInWords(meta, bookmarks));
        });
        move(stop);
        tell(focused());
      }
      current = seq;
      buttons().forEach((flag, i) => attribute(flag, 'aria-current', flags[i].bookmarks.some((each) => each.seq === seq) ? 'true' : null));
    },
  };
}
