// @ts-check
import { formatCount, plural } from '../base/format.js';
import { isUnderWay } from '../model/run-status.js';
import { button, el, icon, setText } from './dom.js';
import { nameTab } from './page-title.js';

/** @typedef {import('../model/view-state.js').ViewState} ViewState */

const SHARE = 'M6.5 9.5l3-3M7 4.5L8.5 3A2.5 2.5 0 0 1 13 6.5L11.5 8.5M9 11.5L7.5 13A2.5 2.5 0 0 1 3 9.5L4.5 7.5';
const THEME = 'M8 2.5a5.5 5.5 0 1 0 0 11zM8 2.5a5.5 5.5 0 0 1 0 11';
const BESIDE = 'M2.5 3h4.5v10h-4.5zM9 3h4.5v10h-4.5z';
const SIDES = 'M2.5 3h11v10h-11zM10 3v10';

/** Marks of the program: four pages, one of them waiting. */
export function createMark() {
  const mark = el('span', { class: 'fs-top-bar__mark', 'aria-hidden': 'true' });
  mark.style.background =
    'linear-gradient(var(--fs-page-present) 0 0) 0 0 / 7px 7px no-repeat,' +
    'linear-gradient(var(--fs-page-present) 0 0) 9px 0 / 7px 7px no-repeat,' +
    'linear-gradient(var(--fs-page-minor) 0 0) 0 9px / 7px 7px no-repeat,' +
    'linear-gradient(var(--fs-line-strong) 0 0) 9px 9px / 7px 7px no-repeat';
  return mark;
}

/**
 * A switch between light, dark and what the system says.
 *
 * @param {() => void} toggle
 */
export const createThemeTool = (toggle) =>
  button({ name: 'Light, dark or as the system says', class: 'fs-top-bar__tool', icon: icon(THEME), run: toggle });

/**
 * The bar of a page that is no explorer: home, where one is, and what there is to do.
 *
 * @param {string} title
 * @param {() => void} toggleTheme
 * @param {...(HTMLElement)} tools
 */
export function createPageBar(title, toggleTheme, ...tools) {
  const home = el('a', { class: 'fs-top-bar__home', href: '/' }, createMark(), 'Faultscope');
  const where = el('div', { class: 'fs-top-bar__where' }, home, el('span', { class: 'fs-quiet', text: '▸', 'aria-hidden': 'true' }), el('h1', { class: 'fs-top-bar__title', text: title }));
  return el('header', { class: 'fs-top-bar' }, where, ...tools, createThemeTool(toggleTheme));
}

/**
 * Where one is, how it hangs together with the server, and what to do with the page as a whole.
 *
 * @param {HTMLElement} root
 * @param {object} options
 * @param {import('./actions.js').Actions} options.actions
 * @param {() => void} options.toggleInspector
 * @param {{tool: HTMLElement, menu: HTMLElement}} options.save
 * @returns {{omnibox: HTMLElement, update: (state: ViewState) => void}}
 */
export function createTopBar(root, { actions, toggleInspector, save }) {
  const title = el('h1', { class: 'fs-top-bar__title' });
  const home = el('a', { class: 'fs-top-bar__home', href: '/', title: 'All recordings' }, createMark(), 'Faultscope');
  const omnibox = el('div', { class: 'fs-omnibox-place' });
  omnibox.style.display = 'contents';
  const says = el('span');
  const connection = el('div', { class: 'fs-connection', role: 'status' }, el('span', { class: 'fs-connection__sign', 'aria-hidden': 'true' }), says);
  const tool = (/** @type {string} */ name, /** @type {Node} */ drawing, /** @type {() => void} */ run) =>
    button({ name, class: 'fs-top-bar__tool', icon: drawing, run });
  root.append(
    el(
      'div',
      { class: 'fs-top-bar' },
      el('div', { class: 'fs-top-bar__where' }, home, el('span', { class: 'fs-quiet', text: '▸', 'aria-hidden': 'true' }), title),
      omnibox,
      el(
        'div',
        { class: 'fs-top-bar__tools' },
        connection,
        tool('Side by side with another recording (Shift Y)', icon(BESIDE), () => actions.compare()),
        tool('Copy a link to this moment and selection', icon(SHARE), () => actions.share()),
        save.tool,
        save.menu,
        tool('Show or hide the inspector (I)', icon(SIDES), toggleInspector),
        createThemeTool(() => actions.toggleTheme()),
        button({ name: 'Keys and commands (?)', label: '?', class: 'fs-top-bar__tool', run: () => actions.showKeys() }),
      ),
    ),
  );
  return {
    omnibox,
    update(state) {
      const name = state.recording?.title ?? 'opening…';
      setText(title, name);
      title.title = name;
      nameTab(state.recording ? name : null, kindOf(state));
      const [phase, text] = connectionText(state);
      connection.className = `fs-connection fs-connection--${phase}`;
      setText(says, text);
      connection.title = state.conflated > 0 ? `${plural(state.conflated, 'moment')} ${state.conflated === 1 ? 'was' : 'were'} skipped for this viewer` : '';
    },
  };
}

/** @param {ViewState} state @returns {string | null} what it is, for the browser's tab; null while that is not known */
function kindOf({ recording, run }) {
  if (isUnderWay(run)) {
    return run?.engine === 'live' ? 'live run' : 'simulated run';
  }
  return recording && 'recording';
}

/** @param {ViewState} state @returns {[string, string]} */
function connectionText({ connection, meta, moment, conflated }) {
  switch (connection.phase) {
    case 'connecting':
      return ['connecting', 'connecting…'];
    case 'stale':
      return ['stale', `as of ${clock(connection.sinceMs)}, reconnecting…`];
    case 'ended':
      return ['ended', `ended ${clock(connection.sinceMs)}`];
    case 'live':
      return ['live', `${meta && !meta.complete ? (meta.progress.state === 'loading' && meta.progress.bytesTotal > 0 ? 'loading' : 'recording') : 'recorded'}${conflated > 0 && moment?.playing ? ` · ${formatCount(conflated)} skipped` : ''}`];
  }
}

/** @param {number} ms @returns {string} */
function clock(ms) {
  return new Date(ms).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' });
}
