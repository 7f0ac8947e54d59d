// @ts-check
import { button, el } from './dom.js';
import { recall, remember } from './storage.js';

/**
 * A part of the page with a title. Under the title stands one line that says what it shows, until
 * somebody dismisses it.
 *
 * @param {object} options
 * @param {string} options.id
 * @param {string} options.title
 * @param {string} options.hint
 * @returns {{root: HTMLElement, body: HTMLElement, note: HTMLElement, head: HTMLElement, title: HTMLElement}}
 */
export function createPane({ id, title, hint }) {
  const heading = el('h2', { id: `pane-${id}`, text: title });
  const note = el('span', { class: 'fs-pane__note' });
  const head = el('div', { class: 'fs-pane__head' }, heading, note);
  const body = el('div', { class: 'fs-pane__body' });
  const root = el(
    'section',
    { class: 'fs-pane', 'aria-labelledby': `pane-${id}` },
    head,
    createHint(id, hint),
    body,
  );
  return { root, body, note, head, title: heading };
}

/**
 * @param {string} id
 * @param {string} text
 * @returns {HTMLElement}
 */
export function createHint(id, text) {
  const hint = el('p', { class: 'fs-hint', hidden: recall(`hint.${id}`) === 'gone' }, el('span', { text, title: text }));
  hint.append(
    button({
      name: 'Do not show this line again',
      label: '✕',
      class: '',
      run: () => {
        remember(`hint.${id}`, 'gone');
        hint.hidden = true;
      },
    }),
  );
  return hint;
}
