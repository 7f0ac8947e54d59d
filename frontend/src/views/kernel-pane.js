// @ts-check
import { formatDuration, plural } from '../base/format.js';
import { button, el, fillRows, icon, setText } from './dom.js';
import { createHint } from './pane.js';
import { recall, remember } from './storage.js';

/** @typedef {import('../model/messages.js').KernelAnswer} KernelAnswer */
/** @typedef {import('../model/messages.js').KernelFrame} KernelFrame */

const COPY = 'M5.5 5.5h7v8h-7zM3.5 10.5v-8h7';

/** Names at the end of a sleeping thread's way that are shown. */
const LAST_NAMES = 3;

/**
 * The functions that the kernel is in at this moment, from the outside in, and what other kernels do
 * differently there.
 *
 * @param {HTMLElement} root
 * @param {object} options
 * @param {import('./actions.js').Actions} options.actions
 * @param {(text: string) => void} options.copy
 */
export function createKernelPane(root, { actions, copy }) {
  const title = el('h2', { class: 'fs-kernel__title', text: 'Kernel' });
  const kernel = el('p', { class: 'fs-kernel__of' });
  const note = el('p', { class: 'fs-kernel__note' });
  const trouble = el('p', { class: 'fs-state fs-state--error' });
  const versions = el('div', { class: 'fs-kernel__versions', role: 'group', 'aria-label': 'Compare with' });
  const compare = el('div', { class: 'fs-kernel__compare' }, el('span', { class: 'fs-quiet', text: 'Compare' }), versions);
  const frames = el('ol', { class: 'fs-frames', 'aria-label': 'Functions, from the outside in' });
  const asleepTitle = el('h3');
  const asleep = el('ol', { class: 'fs-sleepers' });
  const sleeping = el('section', { class: 'fs-inspector__part' }, asleepTitle, asleep);
  const tools = el('div', { class: 'fs-inspector__head-tools' });
  const body = el('div', { class: 'fs-pane__body' }, trouble, kernel, compare, frames, note, sleeping);
  root.append(
    el(
      'div',
      { class: 'fs-pane' },
      el('div', { class: 'fs-pane__head' }, title, tools),
      createHint('kernel', 'Where in the kernel this moment is; the last function is where it happens.'),
      body,
    ),
  );
  const everything = button({ label: 'Explain all', name: 'Say of every function what it does', run: () => openAll() });
  tools.append(
    everything,
    button({ name: 'Copy the path', class: 'fs-top-bar__tool', icon: icon(COPY), run: () => copy(asText(answer)) }),
  );

  /** @type {KernelAnswer | null} */
  let answer = null;
  /** @type {unknown[]} */
  let shown = [];
  let open = recall('kernel.open') === 'all';
  const compared = new Set((recall('kernel.compared') ?? '').split(' ').filter(Boolean));
  /** Functions that were opened one by one, by name: they stay open from moment to moment. */
  const opened = new Set();

  function openAll() {
    open = !open;
    opened.clear();
    remember('kernel.open', open ? 'all' : null);
    draw();
  }

  const makeVersion = () => {
    const toggle = el('button', { type: 'button', class: 'fs-kernel__version' });
    toggle.addEventListener('click', () => {
      const id = toggle.dataset.version ?? '';
      if (!compared.delete(id)) {
        compared.add(id);
      }
      remember('kernel.compared', compared.size === 0 ? null : [...compared].join(' '));
      draw();
    });
    return toggle;
  };

  const makeFrame = () => {
    const head = el(
      'button',
      { type: 'button', class: 'fs-frames__head' },
      el('span', { class: 'fs-frames__name' }),
      el('span', { class: 'fs-frames__mark' }),
    );
    const values = el('dl', { class: 'fs-frames__values' });
    const details = el('div', { class: 'fs-frames__details' }, el('p', { class: 'fs-frames__text' }), el('p', { class: 'fs-frames__file' }));
    const others = el('dl', { class: 'fs-frames__others' });
    const row = el('li', {}, head, values, details, others);
    head.addEventListener('click', () => {
      const name = row.dataset.function ?? '';
      if (!opened.delete(name)) {
        opened.add(name);
      }
      draw();
    });
    return row;
  };

  /** @param {HTMLElement} row @param {KernelFrame} frame @param {number} depth */
  const fillFrame = (row, frame, depth) => {
    const [head, values, details, others] = /** @type {HTMLElement[]} */ ([...row.children]);
    row.dataset.function = frame.function;
    row.style.setProperty('--depth', String(depth));
    row.classList.toggle('fs-frames--current', frame.current);
    row.setAttribute('aria-current', frame.current ? 'step' : 'false');
    const isOpen = open || frame.current !== opened.has(frame.function);
    head.setAttribute('aria-expanded', String(isOpen));
    const other = frame.differences.length;
    head.title = [isOpen ? '' : frame.text, other > 0 ? `${plural(other, 'other kernel')} differ${other === 1 ? 's' : ''} here: see Compare` : ''].filter(Boolean).join('\n');
    setText(head.children[0], `${frame.function}()`);
    setText(head.children[1], marksOf(frame));
    fillPairs(values, frame.values.map(({ name, value }) => [name, value]));
    details.hidden = !isOpen;
    setText(details.children[0], frame.text);
    setText(details.children[1], `${frame.file} · ${frame.kernel}`);
    const differences = frame.differences.filter(({ version }) => compared.has(version));
    others.hidden = differences.length === 0;
    fillPairs(others, differences.map(({ version, text }) => [labelOf(version), text]));
  };

  /** @param {string} version */
  const labelOf = (version) => answer?.versions.find(({ id }) => id === version)?.label ?? version;

  /** @param {KernelFrame} frame */
  const marksOf = (frame) => {
    const marks = frame.inferred ? ['inferred'] : [];
    const hidden = frame.differences.filter(({ version }) => !compared.has(version)).length;
    if (hidden > 0) {
      marks.push(`≠ ${hidden}`);
    }
    return marks.join(' · ');
  };

  const makeSleeper = () => {
    const link = el('button', { type: 'button', class: 'fs-sleepers__link' }, el('span', { class: 'fs-sleepers__who' }), el('span', { class: 'fs-sleepers__where' }));
    const row = el('li', {}, link);
    link.addEventListener('click', () => actions.seek(Number(row.dataset.seq)));
    return row;
  };

  function draw() {
    if (!answer) {
      return;
    }
    const { seq, frames: list, asleep: sleepers, waiting } = answer;
    setText(title, answer.title);
    title.title = answer.title;
    setText(kernel, answer.kernel);
    setText(note, answer.note);
    note.hidden = answer.note === '';
    everything.setAttribute('aria-pressed', String(open));
    const different = new Set(list.flatMap((frame) => frame.differences.map(({ version }) => version)));
    fillRows(versions, answer.versions, makeVersion, (toggle, version) => {
      toggle.dataset.version = version.id;
      setText(toggle, version.label);
      toggle.setAttribute('aria-pressed', String(compared.has(version.id)));
      toggle.classList.toggle('fs-kernel__version--same', !different.has(version.id));
      toggle.title = `${version.text}${different.has(version.id) ? '' : ': no difference on this path'}`;
    });
    fillRows(frames, list, makeFrame, fillFrame);
    if (frames.dataset.seq !== String(seq)) {
      frames.dataset.seq = String(seq);
      showCurrent();
    }
    sleeping.hidden = sleepers.length === 0;
    setText(asleepTitle, `Asleep meanwhile${waiting > sleepers.length ? `, ${sleepers.length} of ${waiting}` : ''}`);
    fillRows(asleep, sleepers, makeSleeper, (row, sleeper) => {
      row.dataset.seq = String(sleeper.seq);
      const link = /** @type {HTMLElement} */ (row.firstElementChild);
      link.title = `Go to #${sleeper.seq}, where it fell asleep:\n${sleeper.frames.join('()\n')}()`;
      setText(link.children[0], `${sleeper.label} ${sleeper.text}, for ${formatDuration(Math.max(0, nowNs - sleeper.sinceNs))}`);
      setText(link.children[1], `… ${sleeper.frames.slice(-LAST_NAMES).join(' › ')}`);
    });
  }

  /** Where it happens is at the end of a path that may be longer than the pane. */
  function showCurrent() {
    const current = frames.lastElementChild;
    if (!current) {
      body.scrollTop = 0;
      return;
    }
    const below = current.getBoundingClientRect().bottom - body.getBoundingClientRect().bottom;
    const above = current.getBoundingClientRect().top - body.getBoundingClientRect().top;
    body.scrollTop += above < 0 ? above : Math.max(0, below);
  }

  let nowNs = 0;
  return {
    /** @param {import('../model/view-state.js').ViewState} state */
    update(state) {
      const inputs = [state.side, state.kernel];
      if (state.side !== 'kernel' || inputs.every((input, i) => input === shown[i])) {
        return;
      }
      shown = inputs;
      answer = state.kernel.value;
      nowNs = state.moment?.timeNs ?? 0;
      trouble.hidden = state.kernel.status !== 'failed';
      setText(trouble, state.kernel.error ?? '');
      compare.hidden = answer === null;
      sleeping.hidden = answer === null;
      draw();
    },
  };
}

/** @param {HTMLElement} list @param {[string, string][]} pairs */
function fillPairs(list, pairs) {
  fillRows(list, pairs, () => el('div', {}, el('dt'), el('dd')), (row, [name, value]) => {
    setText(row.children[0], name);
    setText(row.children[1], value);
  });
}

/** @param {KernelAnswer | null} answer @returns {string} */
function asText(answer) {
  if (!answer) {
    return '';
  }
  const lines = [`#${answer.seq} ${answer.title} (${answer.kernel})`];
  answer.frames.forEach((frame, depth) => {
    const indent = '  '.repeat(depth + 1);
    const values = frame.values.map(({ name, value }) => `${name} = ${value}`).join(', ');
    lines.push(`${indent}${frame.function}()${frame.inferred ? ' [inferred]' : ''}  ${values}`, `${indent}  ${frame.text}`);
    for (const { version, text } of frame.differences) {
      lines.push(`${indent}  ${version}: ${text}`);
    }
  });
  if (answer.note) {
    lines.push(answer.note);
  }
  for (const sleeper of answer.asleep) {
    lines.push(`${sleeper.label} ${sleeper.text}: ${sleeper.frames.join(' > ')}`);
  }
  return lines.join('\n');
}
