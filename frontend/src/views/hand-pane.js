// @ts-check
import { formatCount, formatDuration, formatExactNs, formatHex, plural } from '../base/format.js';
import { commandInWords } from '../model/hand.js';
import { isUnderWay, waitingAccess, waitingWord } from '../model/run-status.js';
import { actorLabel, regionName } from '../model/view-state.js';
import { createInputLog } from './input-log.js';
import { button, el, fillRows, setText } from './dom.js';
import { createInjectForm } from './inject-form.js';
import { createIoctlForm } from './ioctl-form.js';
import { createPane } from './pane.js';

/** @typedef {import('../model/run-status.js').WaitingFault} WaitingFault */
/** @typedef {import('../model/view-state.js').ViewState} ViewState */

/**
 * Being the handler: what waits, what to answer, and what came of it.
 *
 * @param {HTMLElement} root
 * @param {object} options
 * @param {import('./actions.js').Actions} options.actions
 * @param {import('./actions.js').RunActions} options.run
 */
export function createHandPane(root, { actions, run }) {
  const pane = createPane({ id: 'hand', title: 'Be the handler', hint: 'Pick a fault, choose an ioctl, right or wrong, and see what the kernel answers.' });
  root.append(pane.root);
  const manual = button({ label: 'Manual', name: 'Handlers wait for you (M)', class: 'fs-button fs-button--line', run: () => run.manual() });
  const says = el('p', { class: 'fs-hand__says' });
  const away = el('p', { class: 'fs-hand__away', role: 'status' }, el('span'), button({ label: 'Go to the end', name: 'Go to the end of the run', class: 'fs-button fs-button--line', run: () => run.toEnd() }));
  const list = el('ol', { class: 'fs-hand__queue', role: 'listbox', 'aria-label': 'Faults that wait, oldest first' });
  const none = el('p', { class: 'fs-quiet fs-hand__none' });
  const policy = button({ label: 'Let the policy answer', name: 'The handler answers this one as its policy says (P)', class: 'fs-button fs-button--line', run: () => answer() });
  const read = button({ label: 'Read a message', name: 'Read the oldest message, as read(2) does (U)', class: 'fs-button fs-button--line', run: () => readOne() });
  const ioctl = createIoctlForm({ submit: (command) => void run.perform(command, (name) => commandInWords(command, name)) });
  const inject = createInjectForm({ submit: (command, words) => void run.perform(command, words) });
  const log = createInputLog({ seek: (seq) => actions.seek(seq) });
  const part = (/** @type {string} */ title, /** @type {(Node | string | null)[]} */ ...children) =>
    el('section', { class: 'fs-inspector__part', 'aria-label': title }, el('h3', { text: title }), ...children);
  pane.body.append(
    el('div', { class: 'fs-inspector__part fs-hand__mode' }, says, manual),
    away,
    part('Waiting', list, none, el('div', { class: 'fs-hand__buttons' }, policy, read)),
    part('Answer', ioctl.root),
    part('What came of it', log.root),
    part('Meddle', inject.root),
  );

  /** @type {number | null} */
  let chosen = null;
  /** @type {WaitingFault[]} */
  let waiting = [];
  /** @type {ViewState | null} */
  let shown = null;

  const make = () => {
    const row = el('li', { class: 'fs-hand__fault', role: 'option', tabindex: -1 }, el('span', { class: 'fs-hand__page' }), el('span', { class: 'fs-hand__who' }), el('span', { class: 'fs-queue__age' }));
    row.addEventListener('click', () => choose(Number(row.dataset.seq)));
    return row;
  };
  list.addEventListener('keydown', (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    if (by !== undefined) {
      chooseNext(by);
      /** @type {HTMLElement | null} */ (list.querySelector('[aria-selected=true]'))?.focus();
      event.preventDefault();
      event.stopPropagation();
    }
  });

  return {
    /** @param {ViewState} state */
    update(state) {
      const { run: status, meta } = state;
      const same = shown && shown.run === status && shown.meta === meta && shown.page === state.page && shown.inputs === state.inputs && shown.moment === state.moment;
      if (!status || same) {
        shown = state;
        return;
      }
      const before = shown;
      shown = state;
      const over = !isUnderWay(status);
      const events = meta?.events ?? 0;
      const seq = state.moment?.seq ?? 0;
      setText(pane.note, status.waitingCount > 0 ? `${formatCount(status.waitingCount)} waiting` : '');
      setText(says, over ? 'The run is over.' : modeInWords(status));
      manual.setAttribute('aria-pressed', String(status.manual));
      manual.disabled = policy.disabled = read.disabled = over;
      away.hidden = over || seq >= events || status.phase === 'running';
      setText(/** @type {HTMLElement} */ (away.firstElementChild), `You look at moment ${formatCount(seq)}; the run stands at ${formatCount(events)}, and there your hand acts.`);
      if (status !== before?.run || meta !== before?.meta) {
        waiting = status.waiting;
        showQueue(state);
      }
      policy.disabled ||= waiting.length === 0;
      read.disabled ||= status.can.read !== null;
      read.title = status.can.read ?? 'Read the oldest message, as read(2) does (U)';
      const fault = waiting.find(({ seq: each }) => each === chosen) ?? null;
      ioctl.update(state, fault, over);
      inject.update(state, fault, over);
      log.update(state);
    },
    focus() {
      const first = /** @type {HTMLElement | null} */ (list.querySelector('[aria-selected=true]') ?? manual);
      first?.focus();
    },
    chooseNext,
    answer,
    readOne,
    submit: () => ioctl.submit(),
  };

  /** @param {ViewState} state */
  function showQueue({ meta, run: status }) {
    if (!waiting.some(({ seq }) => seq === chosen)) {
      chosen = waiting[0]?.seq ?? null;
    }
    fillRows(list, waiting, make, (row, fault) => {
      const [page, who, age] = /** @type {HTMLElement[]} */ ([...row.children]);
      const word = waitingWord(fault);
      const waited = Math.max(0, (status?.live?.nowNs ?? meta?.endNs ?? 0) - fault.sinceNs);
      row.dataset.seq = String(fault.seq);
      row.dataset.word = word;
      const picked = fault.seq === chosen;
      row.setAttribute('aria-selected', String(picked));
      row.tabIndex = picked ? 0 : -1;
      setText(page, `${regionName(meta, fault.region)} ${formatHex(fault.page)}`);
      setText(who, `${actorLabel(meta, fault.actor)} ${waitingAccess(fault)}, ${word}${fault.read ? ', read' : ''}`);
      setText(age, formatDuration(waited));
      row.title = `#${fault.seq}: ${word} fault, ${waitingAccess(fault)} by ${actorLabel(meta, fault.actor)}, ${fault.read ? 'its message was read' : 'nobody has read its message'}, on ${fault.uffd}, waits ${formatExactNs(waited)}${fault.origin ? `; ${fault.origin}` : ''}`;
    });
    const hidden = (status?.waitingCount ?? 0) - waiting.length;
    none.hidden = waiting.length > 0 && hidden === 0;
    setText(none, hidden > 0 ? `and ${plural(hidden, 'fault')} more, younger ones` : nothingWaits());
  }

  function nothingWaits() {
    const status = shown?.run;
    if (!status || !isUnderWay(status)) {
      return 'Nothing waits.';
    }
    if (status.engine === 'live') {
      return status.manual ? 'Nothing is held. The next fault will be.' : 'Nothing is held. Switch to manual: the next fault waits for you.';
    }
    return status.manual ? 'Nothing waits. Run on to the next fault (Shift →).' : 'Nothing waits. Switch to manual, then run on to the next fault.';
  }

  /** @param {number} seq */
  function choose(seq) {
    const fault = waiting.find((each) => each.seq === seq);
    if (fault && shown) {
      chosen = seq;
      showQueue(shown);
      ioctl.update(shown, fault, !isUnderWay(shown.run));
      inject.update(shown, fault, !isUnderWay(shown.run));
      actions.selectPage({ region: fault.region, page: fault.page }, true);
    }
  }

  /** @param {number} by rows; beyond the end: the last */
  function chooseNext(by) {
    const at = waiting.findIndex(({ seq }) => seq === chosen);
    const to = Math.max(0, Math.min(waiting.length - 1, at + by));
    if (waiting.length > 0) {
      choose(waiting[to].seq);
    }
  }

  function answer() {
    const fault = waiting.find(({ seq }) => seq === chosen);
    if (fault) {
      void run.perform({ type: 'answer', fault: fault.seq }, (name) => `The policy answers ${name(fault.region)} ${formatHex(fault.page)}`);
    }
  }

  function readOne() {
    const uffd = waiting.find(({ seq }) => seq === chosen)?.uffd ?? shown?.run?.uffds[0];
    if (uffd !== undefined) {
      void run.perform({ type: 'read', uffd }, () => `read(${uffd})`);
    }
  }
}

/** @param {import('../model/run-status.js').RunStatus} status @returns {string} who answers faults */
function modeInWords({ manual, engine, hold }) {
  if (manual) {
    return 'Handlers wait for you.';
  }
  return engine === 'live' && hold !== null ? 'Handlers answer by themselves what the predicate does not hold.' : 'Handlers answer by themselves.';
}
