// @ts-check
import { markSpan, offsetOf, positionOf, problemSpan, tokensOf } from '../model/scenario-text.js';
import { el, setText } from './dom.js';

/** @typedef {import('../model/scenario-text.js').Problem} Problem */

/** Longer texts are edited without colours: painting them would hold up typing. */
const MOST_COLOURED = 200_000;

/** Columns that a window shows at the least without being scrolled sideways. */
const COLUMNS_SHOWN = 60;

/**
 * A text of many lines with colours, line numbers and mistakes in their place. It is a text area, so that
 * selecting, undoing and screen readers work as everywhere; the colours lie under it. Tab leaves it.
 *
 * @param {object} options
 * @param {string} options.label
 * @param {string} options.describedBy id of what says its mistakes in words
 * @param {(text: string) => void} options.changed
 */
export function createCodeEditor({ label, describedBy, changed }) {
  const input = el('textarea', {
    class: 'fs-code__input', wrap: 'off', spellcheck: 'false', autocomplete: 'off', autocapitalize: 'off', 'aria-label': label, 'aria-describedby': describedBy,
  });
  const paint = el('div', { class: 'fs-code__paint', 'aria-hidden': 'true' });
  const gutter = el('div', { class: 'fs-code__gutter', 'aria-hidden': 'true' });
  const place = el('span', { class: 'fs-code__place' });
  const scroll = el('div', { class: 'fs-code__scroll' }, gutter, el('div', { class: 'fs-code__area' }, paint, input));
  const root = el('div', { class: 'fs-code' }, scroll);
  /** @type {Problem[]} */
  let problems = [];
  /** What each painted line was painted from. @type {string[]} */
  let painted = [];

  input.addEventListener('input', () => {
    // A mistake stays marked until the text was looked at again; it moves with nothing.
    draw();
    changed(input.value);
  });
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing) {
      event.preventDefault();
      insert(`\n${indentation(input.value, input.selectionStart)}`);
    }
    event.stopPropagation();
  });
  for (const type of ['keyup', 'click', 'focus', 'select']) {
    input.addEventListener(type, tellPlace);
  }

  return {
    root,
    place,
    get text() {
      return input.value;
    },
    /** @param {string} text */
    setText(text) {
      input.value = text;
      draw();
      tellPlace();
    },
    /** @param {Problem[]} found */
    setProblems(found) {
      problems = found;
      input.setAttribute('aria-invalid', String(found.length > 0));
      draw();
    },
    /** Puts the caret where something is, and shows it. @param {number} line @param {number} column */
    goTo(line, column) {
      const at = offsetOf(input.value, line, column);
      const span = problemSpan(input.value.split('\n')[line - 1] ?? '', column);
      input.focus();
      input.setSelectionRange(at, Math.min(input.value.length, at + span.to - span.from));
      reveal(line, column);
      tellPlace();
    },
    focus: () => input.focus(),
  };

  /** The text area never scrolls itself: what is around it does. @param {number} line @param {number} column */
  function reveal(line, column) {
    const row = paint.children[line - 1];
    const inner = row?.getBoundingClientRect();
    const outer = scroll.getBoundingClientRect();
    if (inner && (inner.top < outer.top || inner.bottom > outer.bottom)) {
      scroll.scrollTop += inner.top - outer.top - outer.height / 3;
    }
    scroll.scrollLeft = column < COLUMNS_SHOWN ? 0 : scroll.scrollLeft;
  }

  /** @param {string} text as if it were typed, so that it can be undone */
  function insert(text) {
    if (!document.execCommand('insertText', false, text)) {
      input.setRangeText(text, input.selectionStart, input.selectionEnd, 'end');
      input.dispatchEvent(new Event('input'));
    }
  }

  function tellPlace() {
    const { line, column } = positionOf(input.value, input.selectionStart);
    setText(place, `Line ${line}, column ${column}`);
  }

  function draw() {
    const { value } = input;
    const coloured = value.length <= MOST_COLOURED;
    const lines = coloured ? value.split('\n') : [];
    root.classList.toggle('fs-code--plain', !coloured);
    while (paint.children.length > lines.length) {
      paint.lastElementChild?.remove();
      gutter.lastElementChild?.remove();
    }
    painted.length = Math.min(painted.length, lines.length);
    lines.forEach((line, index) => {
      const problem = problems.find((each) => each.line === index + 1);
      const key = `${problem ? problem.column : ''} ${line}`;
      if (painted[index] === key) {
        return;
      }
      painted[index] = key;
      if (index === paint.children.length) {
        paint.append(el('div', { class: 'fs-code__line' }));
        gutter.append(el('div', { class: 'fs-code__number', text: String(index + 1) }));
      }
      paintLine(/** @type {HTMLElement} */ (paint.children[index]), line, problem);
      gutter.children[index].classList.toggle('fs-code__number--wrong', problem !== undefined);
    });
    if (!coloured) {
      // The area is as high as what is painted; without paint the text says itself how high it is.
      input.rows = value.split('\n').length;
    }
  }
}

/** @param {HTMLElement} row @param {string} line @param {Problem | undefined} problem */
function paintLine(row, line, problem) {
  const tokens = tokensOf(line);
  const pieces = problem ? markSpan(tokens, problemSpan(line, problem.column)) : tokens.map((token) => ({ ...token, wrong: false }));
  row.replaceChildren(
    ...pieces.map(({ kind, text, wrong }) => el('span', { class: `fs-code__${kind === 'number' ? 'digit' : kind}${wrong ? ' fs-code__wrong' : ''}`, text })),
  );
  if (line === '') {
    row.append(problem ? el('span', { class: 'fs-code__wrong', text: ' ' }) : '\u200b');
  }
}

/** @param {string} text @param {number} caret @returns {string} white space that the next line begins with */
function indentation(text, caret) {
  const line = text.slice(text.lastIndexOf('\n', caret - 1) + 1, caret);
  const indent = /^\s*/.exec(line)?.[0] ?? '';
  return /:\s*$/.test(line) ? `${indent}  ` : indent;
}
