// @ts-check
import { explorerOf } from '../model/addresses.js';
import { matches, missingInWords, processInWords, watchInWords } from '../model/watching.js';
import { button, el, setText } from './dom.js';

/** @typedef {import('../model/watching.js').UffdProcess} UffdProcess */
/** @typedef {import('../model/watching.js').FoundProcesses} FoundProcesses */
/** @typedef {import('../model/watching.js').WatchStatus} WatchStatus */

const RATES = { 1: '1 a second', 10: '10 a second', 100: '100 a second', 1000: '1000 a second' };

/**
 * Which processes have a userfaultfd, and a button to watch each.
 *
 * @param {object} options
 * @param {(pid: number, rateHz: number) => void} options.watch
 * @param {(id: string) => void} options.stop
 * @param {(id: string) => HTMLCanvasElement | null} options.picture of a watch that is over
 */
export function createWatchSection({ watch, stop, picture }) {
  const filter = el('input', { type: 'search', 'aria-label': 'Filter processes', placeholder: 'name, command, user or pid', autocomplete: 'off', spellcheck: 'false' });
  const rate = el('select', { 'aria-label': 'Samples' }, ...Object.entries(RATES).map(([value, text]) => el('option', { value, text })));
  rate.value = '10';
  const body = el('tbody');
  const table = el(
    'table',
    { class: 'fs-table fs-watch__table' },
    el('thead', {}, el('tr', {}, ...['pid', 'process', 'user', 'userfaultfd'].map((text) => el('th', { scope: 'col', text })), el('th', { scope: 'col' }, el('span', { class: 'fs-spoken', text: 'watch' })))),
    body,
  );
  const none = el('p', { class: 'fs-quiet' });
  const missing = el('p', { class: 'fs-quiet' });
  const list = el('ul', { class: 'fs-live-list' });
  const root = el(
    'section',
    { class: 'fs-start__section fs-watch', 'aria-labelledby': 'watch' },
    el('h2', { id: 'watch', text: 'Watch a process' }),
    el('p', { class: 'fs-quiet', text: 'Whatever handler it has: its counters, sleeping threads and page table are sampled; of a KVM guest without a userfaultfd, trace events tell the faults. No message is read and no page touched.' }),
    el('div', { class: 'fs-watch__tools' }, filter, el('label', {}, 'samples ', rate)),
    table,
    none,
    missing,
    list,
  );
  /** @type {FoundProcesses} */
  let found = { processes: [], hidden: 0, cut: false };
  let shown = '';
  filter.addEventListener('input', () => showProcesses());

  return {
    root,
    /** @param {FoundProcesses} processes @param {WatchStatus[]} watches */
    show(processes, watches) {
      found = processes;
      showProcesses();
      const entries = watches.toReversed().map(entry);
      if (entries.map((each) => each.outerHTML).join() !== [...list.children].map((each) => each.outerHTML).join()) {
        list.replaceChildren(...entries);
      }
    },
  };

  function showProcesses() {
    const wanted = found.processes.filter((process) => matches(process, filter.value));
    const key = JSON.stringify(wanted);
    // What stands there already keeps the focus.
    if (key !== shown) {
      shown = key;
      const at = /** @type {HTMLElement | null} */ (document.activeElement?.closest('[data-pid]'))?.dataset.pid;
      body.replaceChildren(...wanted.map(row));
      if (at !== undefined) {
        /** @type {HTMLElement | null} */ (body.querySelector(`[data-pid="${at}"] button`))?.focus();
      }
    }
    table.hidden = wanted.length === 0;
    none.hidden = wanted.length > 0;
    setText(none, found.processes.length === 0 ? 'No process that may be looked at has a userfaultfd open or runs a KVM guest.' : 'None of them matches.');
    setText(missing, missingInWords(found));
  }

  /** @param {UffdProcess} process */
  function row(process) {
    const { pid, name, command, user } = process;
    return el(
      'tr',
      { 'data-pid': pid },
      el('td', { class: 'fs-number', text: String(pid) }),
      el('th', { scope: 'row', title: command }, el('span', { class: 'fs-watch__name', text: name }), ' ', el('span', { class: 'fs-quiet', text: command })),
      el('td', { text: user }),
      el('td', { text: processInWords(process) }),
      el('td', {}, button({ name: `Watch ${name}, process ${pid}`, label: 'Watch', class: 'fs-button fs-button--line', run: () => watch(pid, Number(rate.value)) })),
    );
  }

  /** @param {WatchStatus} status */
  function entry(status) {
    return el(
      'li',
      { class: 'fs-live-entry', 'data-watch': status.id, 'data-phase': status.over ? 'done' : 'running' },
      status.over ? picture(status.id) : null,
      el('a', { href: explorerOf(status.id), text: status.title }),
      el('p', { class: 'fs-live-entry__state', text: watchInWords(status) }),
      status.over ? null : button({ name: `Stop watching ${status.title}`, label: 'Stop', class: 'fs-button fs-button--line', run: () => stop(status.id) }),
    );
  }
}
