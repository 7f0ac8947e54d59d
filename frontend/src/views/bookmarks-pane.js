// @ts-check
import { formatCount } from '../base/format.js';
import { MOST_CHARS, pageOf, placeInWords } from '../model/bookmarks.js';
import { button, el, fillRows, setText } from './dom.js';
import { createPane } from './pane.js';

/** @typedef {import('../model/messages.js').BookmarkInfo} BookmarkInfo */

/**
 * What people noted at moments of the recording.
 *
 * @param {HTMLElement} root
 * @param {object} options
 * @param {import('./actions.js').Actions} options.actions
 */
export function createBookmarksPane(root, { actions }) {
  const { bookmarks: does } = actions;
  const pane = createPane({
    id: 'marks',
    title: 'Bookmarks',
    hint: 'What somebody noted at a moment and a page. They are kept with the recording, and all who look at it see them.',
  });
  root.append(pane.root);
  const add = button({ label: 'Bookmark this moment', name: 'Bookmark this moment and the selected page (C)', class: 'fs-button fs-button--line', run: () => does.begin() });
  const back = button({ label: 'Previous', name: 'Previous bookmark (Shift Z)', class: 'fs-button fs-button--line', run: () => does.beside(-1) });
  const on = button({ label: 'Next', name: 'Next bookmark (Z)', class: 'fs-button fs-button--line', run: () => does.beside(1) });
  const place = el('p', { class: 'fs-marks__place', id: 'marks-place' });
  const input = el('input', { type: 'text', class: 'fs-marks__input', 'aria-label': 'Text of the bookmark', 'aria-describedby': 'marks-place', placeholder: 'What is to be remembered', autocomplete: 'off', maxlength: MOST_CHARS });
  const cancel = button({ label: 'Cancel', name: 'Cancel', class: 'fs-button', run: () => does.cancel() });
  const form = el('form', { class: 'fs-marks__form', 'aria-label': 'Bookmark', hidden: true }, place, input, el('button', { type: 'submit', class: 'fs-button fs-button--line', text: 'Save' }), cancel);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    does.save(input.value);
  });
  form.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      does.cancel();
      event.stopPropagation();
    }
  });
  const list = el('ul', { class: 'fs-marks__list', 'aria-label': 'Bookmarks' });
  const none = el('p', { class: 'fs-state', text: 'No bookmark yet. Press C at a moment to note something there.' });
  pane.body.append(el('div', { class: 'fs-marks__go' }, add, back, on), form, list, none);

  /** @type {BookmarkInfo[]} */
  let all = [];
  let shown = /** @type {unknown[]} */ ([]);
  /** What is written. @type {import('../model/bookmarks.js').Noting | null} */
  let noting = null;
  const make = () => {
    const of = () => all.find(({ number }) => String(number) === row.dataset.number);
    const run = (/** @type {(bookmark: BookmarkInfo) => void} */ what) => () => {
      const bookmark = of();
      if (bookmark) {
        what(bookmark);
      }
    };
    const row = el(
      'li',
      { class: 'fs-marks__row' },
      button({ name: 'Go there', class: 'fs-marks__goto', run: run((bookmark) => does.goTo(bookmark)) }),
      button({ label: 'Edit', name: 'Edit', class: 'fs-button', run: run((bookmark) => does.edit(bookmark)) }),
      button({ label: '✕', name: 'Delete', class: 'fs-button', run: run((bookmark) => does.remove(bookmark)) }),
    );
    row.firstElementChild?.append(el('span', { class: 'fs-marks__text', dir: 'auto' }), el('span', { class: 'fs-marks__where' }));
    row.firstElementChild?.removeAttribute('aria-label');
    return row;
  };

  /** @param {HTMLElement} row @param {BookmarkInfo} bookmark @param {import('../model/view-state.js').ViewState} state */
  function fill(row, bookmark, { meta, moment }) {
    const [goTo, edit, remove] = /** @type {HTMLElement[]} */ ([...row.children]);
    const [text, where] = /** @type {HTMLElement[]} */ ([...goTo.children]);
    row.dataset.number = String(bookmark.number);
    row.setAttribute('aria-current', String(bookmark.seq === moment?.seq));
    setText(text, bookmark.text);
    setText(where, placeInWords(meta, { ...bookmark, page: pageOf(bookmark) }));
    edit.setAttribute('aria-label', `Edit the bookmark at #${formatCount(bookmark.seq)}`);
    remove.setAttribute('aria-label', `Delete the bookmark at #${formatCount(bookmark.seq)}`);
  }

  return {
    focus() {
      (list.querySelector('button') ?? add).focus();
    },
    /** @param {import('../model/view-state.js').ViewState} state */
    update(state) {
      const { bookmarks, moment, meta } = state;
      const inputs = [bookmarks, moment?.seq, meta?.regions, state.noting];
      if (inputs.every((each, i) => each === shown[i])) {
        return;
      }
      shown = inputs;
      all = bookmarks;
      fillRows(list, bookmarks, make, (row, each) => fill(row, each, state));
      setText(pane.note, bookmarks.length === 0 ? '' : formatCount(bookmarks.length));
      none.hidden = bookmarks.length > 0 || state.noting !== null;
      back.disabled = on.disabled = bookmarks.length === 0;
      if (state.noting !== noting) {
        noting = state.noting;
        form.hidden = noting === null;
        add.hidden = back.hidden = on.hidden = noting !== null;
        if (noting) {
          setText(place, placeInWords(meta, noting));
          input.value = noting.text;
          input.focus();
        }
      }
    },
  };
}
