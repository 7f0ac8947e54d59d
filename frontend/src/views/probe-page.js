// @ts-check
import { containerCommand, machineInWords } from '../model/machine.js';
import { button, el } from './dom.js';
import { createPageBar } from './top-bar.js';

/** @typedef {import('../model/machine.js').MachineReport} MachineReport */
/** @typedef {import('../model/machine.js').Trial} Trial */

const MODES = ['MISSING', 'WP', 'MINOR'];
/** Read without colour, too. */
const SIGNS = { yes: '✓', partly: '◐', no: '✕' };

/**
 * What this machine can do, and what to do where it cannot.
 *
 * @param {HTMLElement} root
 * @param {object} options
 * @param {() => void} options.again
 * @param {() => void} options.toggleTheme
 */
export function createProbePage(root, { again, toggleTheme }) {
  const says = el('p', { class: 'fs-probe__says', role: 'status' });
  const body = el('div', {});
  const retry = button({ name: 'Try everything again', label: 'Try again', class: 'fs-button', run: again });
  root.replaceChildren(
    el(
      'div',
      { class: 'fs-start' },
      createPageBar(
        'This machine',
        toggleTheme,
        retry,
        el('a', { href: '/live', text: 'Live guests' }),
      ),
      el('div', { class: 'fs-start__body fs-probe' }, says, body),
    ),
  );

  return {
    trying() {
      retry.disabled = true;
      says.textContent = 'Trying what this machine can do…';
    },
    /** @param {MachineReport} report */
    show(report) {
      retry.disabled = false;
      says.textContent = machineInWords(report);
      body.replaceChildren(
        ...report.groups.filter(({ trials }) => trials.length > 0).map(({ id, title, trials }) => section(title, id === 'register' ? matrix(trials) : list(trials))),
        section('In a container', container(report)),
      );
    },
    /** @param {string} message */
    failed(message) {
      retry.disabled = false;
      says.textContent = '';
      body.replaceChildren(el('div', { class: 'fs-state fs-state--error', role: 'alert' }, el('p', { text: message }), button({ name: 'Try again', label: 'Try again', class: 'fs-button fs-button--line', run: again })));
    },
  };
}

/** @param {string} title @param {HTMLElement} content */
function section(title, content) {
  return el('section', { class: 'fs-start__section', 'aria-label': title }, el('h2', { text: title }), content);
}

/** @param {Trial[]} trials */
function list(trials) {
  return table(['Verdict', 'Tried', 'What the machine said'], trials.map((trial) => [verdict(trial), name(trial), el('td', {}, ...said(trial))]), trials);
}

/** A row a kind of memory, a column a register mode. @param {Trial[]} trials */
function matrix(trials) {
  return table(
    ['Verdict', 'Memory', ...MODES, 'What the machine said'],
    trials.map((trial) => [verdict(trial), name(trial), ...MODES.map((mode) => cell(trial, mode)), el('td', {}, ...(trial.modes.length > 0 ? remedy(trial) : said(trial)))]),
    trials,
  );
}

/** @param {string[]} heads @param {HTMLElement[][]} rows @param {Trial[]} trials */
function table(heads, rows, trials) {
  return el(
    'table',
    { class: 'fs-table fs-probe__table' },
    el('thead', {}, el('tr', {}, ...heads.map((text) => el('th', { scope: 'col', text })))),
    el('tbody', {}, ...rows.map((cells, index) => el('tr', { 'data-trial': trials[index]?.id, 'data-verdict': trials[index]?.verdict }, ...cells))),
  );
}

/** @param {Trial} trial */
function verdict({ verdict: word }) {
  return el('td', { class: 'fs-probe__verdict', 'data-verdict': word }, el('span', { 'aria-hidden': 'true', text: SIGNS[word] }), ` ${word}`);
}

/** @param {Trial} trial */
function name({ title }) {
  return el('th', { scope: 'row', text: title });
}

/** @param {Trial} trial @param {string} mode */
function cell({ modes }, mode) {
  const known = modes.find((each) => each.name === mode);
  if (!known) {
    return el('td', { class: 'fs-probe__verdict fs-quiet', text: 'not tried' });
  }
  const word = known.works ? 'yes' : 'no';
  return el(
    'td',
    { class: 'fs-probe__verdict', 'data-verdict': word, title: known.detail },
    el('span', { 'aria-hidden': 'true', text: SIGNS[word] }),
    known.works ? ' yes' : ` ${known.detail}`,
  );
}

/** @param {Trial} trial */
function said(trial) {
  return [el('p', { class: 'fs-probe__detail', text: trial.detail }), ...remedy(trial)];
}

/** @param {Trial} trial */
function remedy({ remedy: text }) {
  return text === '' ? [] : [el('p', { class: 'fs-probe__remedy', text: `→ ${text}` })];
}

/** @param {MachineReport} report */
function container(report) {
  return el(
    'div',
    {},
    el('pre', { class: 'fs-probe__command', text: containerCommand(report) }),
    el('dl', { class: 'fs-probe__options' }, ...report.options.flatMap(({ option, why }) => [el('dt', { class: 'fs-mono', text: option }), el('dd', { text: why })])),
  );
}
