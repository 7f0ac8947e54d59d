// @ts-check
import { formatClock, formatCount, formatHex, plural } from '../base/format.js';
import { keyLabel } from '../base/keyboard.js';
import { runIfAvailable } from '../model/commands.js';
import { suggest } from '../model/search.js';
import { actorLabel } from '../model/view-state.js';
import { el, setText } from './dom.js';

/** @typedef {import('../model/view-state.js').ViewState} ViewState */
/** @typedef {import('../model/search.js').Target} Target */
/** @typedef {{text: string, note: string, run: () => void, keep?: boolean}} Option */

/** Hits that are listed; all of them are on the scrub bar. */
const MOST_HITS = 200;

/**
 * One field for everything: `/` searches, `>` runs commands, `:` finds events by a predicate.
 *
 * @param {HTMLElement} root
 * @param {object} options
 * @param {import('./actions.js').Actions} options.actions
 * @param {import('../model/commands.js').CommandRegistry} options.registry
 * @param {(target: Target) => void} options.go
 * @param {AbortSignal} options.signal
 */
export function createOmnibox(root, { actions, registry, go, signal }) {
  const mode = el('span', { class: 'fs-omnibox__mode', 'aria-hidden': 'true' });
  const input = el('input', {
    class: 'fs-omnibox__input',
    type: 'text',
    role: 'combobox',
    placeholder: '/ search · > command · : predicate',
    'aria-label': 'Search, command or predicate',
    'aria-expanded': 'false',
    'aria-controls': 'omnibox-list',
    'aria-autocomplete': 'list',
    autocomplete: 'off',
    spellcheck: 'false',
    maxlength: 2000,
  });
  const count = el('span', { class: 'fs-omnibox__hits', role: 'status' });
  // What is said of the options is none of them.
  const says = el('div');
  const list = el('div', { id: 'omnibox-list', role: 'listbox', 'aria-label': 'Suggestions', hidden: true });
  const drop = el('div', { class: 'fs-omnibox__list', hidden: true }, says, list);
  const box = el('div', { class: 'fs-omnibox', role: 'search' }, el('div', { class: 'fs-omnibox__field' }, mode, input, count), drop);
  root.append(box);

  /** @type {ViewState | null} */
  let state = null;
  /** @type {Option[]} */
  let options = [];
  let active = 0;
  let hits = /** @type {import('../model/view-state.js').Hits | null} */ (null);
  let open = false;

  /** @returns {['/' | '>' | ':', string]} */
  const parsed = () => {
    const text = input.value;
    const first = text[0];
    return first === '>' || first === ':' || first === '/' ? [first, text.slice(1).trim()] : ['/', text.trim()];
  };

  input.addEventListener('input', () => show(true), { signal });
  input.addEventListener('focus', () => show(true), { signal });
  input.addEventListener('blur', () => show(false), { signal });
  // Pressing on the list must not take the focus away before the click is done.
  drop.addEventListener('mousedown', (event) => event.preventDefault(), { signal });
  input.addEventListener('keydown', onKey, { signal });

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const [kind, text] = parsed();
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      move(active + (event.key === 'ArrowDown' ? 1 : -1));
    } else if (event.key === 'Escape') {
      // A predicate stays: F5 goes on to its hits from anywhere.
      if (kind !== ':') {
        input.value = '';
      }
      input.blur();
    } else if (event.key === 'Enter') {
      const chosen = options[active];
      if (kind === ':' && text === '') {
        actions.clearHits();
      } else if (kind === ':' && (text !== hits?.query || hits.error)) {
        actions.findAll(text);
      } else if (chosen && !(kind === ':' && active === 0 && event.shiftKey)) {
        choose(chosen);
      } else if (kind === ':') {
        actions.findNext(event.shiftKey ? -1 : 1);
      }
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {Option} option */
  function choose(option) {
    option.run();
    if (!option.keep) {
      input.value = '';
      input.blur();
    }
  }

  /** @param {number} to */
  function move(to) {
    active = Math.max(0, Math.min(options.length - 1, to));
    [...list.querySelectorAll('[role=option]')].forEach((row, i) => {
      row.setAttribute('aria-selected', String(i === active));
      if (i === active) {
        row.scrollIntoView({ block: 'nearest' });
      }
    });
    input.setAttribute('aria-activedescendant', options.length > 0 ? `omnibox-${active}` : '');
  }

  /** @param {boolean} wanted */
  function show(wanted) {
    const [kind, text] = parsed();
    setText(mode, input.value.startsWith(kind) ? '' : '/');
    mode.hidden = input.value.startsWith(kind);
    open = wanted && (document.activeElement === input || wanted);
    if (!wanted) {
      drop.hidden = true;
      input.setAttribute('aria-expanded', 'false');
      return;
    }
    says.replaceChildren();
    options = kind === '>' ? commandOptions(text) : kind === ':' ? hitOptions(text) : searchOptions(text);
    list.replaceChildren(
      ...options.map((option, i) => {
        const row = el(
          'div',
          { class: 'fs-omnibox__option', role: 'option', id: `omnibox-${i}` },
          el('span', { class: 'fs-omnibox__option-text', text: option.text }),
          el('span', { class: 'fs-omnibox__option-note', text: option.note }),
        );
        row.addEventListener('click', () => choose(option));
        return row;
      }),
    );
    list.hidden = options.length === 0;
    drop.hidden = list.hidden && says.children.length === 0;
    input.setAttribute('aria-expanded', String(!list.hidden));
    move(0);
  }

  /** @param {string} text @returns {Option[]} */
  function searchOptions(text) {
    if (text === '') {
      heading('A page, gfn, address, moment, time, region or thread: 0x1a3, gfn 0x41, #12, 1.5 ms, vCPU 1');
      return [];
    }
    const found = suggest(text, state?.meta ?? null).map(({ text: name, note, target }) => ({
      text: name,
      note,
      keep: target.kind === 'query',
      run: () => (target.kind === 'query' ? findAll(target.query) : go(target)),
    }));
    if (found.length === 0) {
      heading('Nothing has this name or number. A predicate starts with a colon.');
    }
    return found;
  }

  /** @param {string} query */
  function findAll(query) {
    input.value = `:${query}`;
    actions.findAll(query);
    show(true);
  }

  /** @param {string} text @returns {Option[]} */
  function commandOptions(text) {
    const found = registry.match(text);
    if (found.length === 0) {
      heading('No command has this name.');
    }
    return found.map((command) => ({
      text: command.name,
      note: (command.keys ?? []).map(keyLabel).join(', '),
      run: () => void setTimeout(() => runIfAvailable(command)),
    }));
  }

  /** @param {string} text @returns {Option[]} */
  function hitOptions(text) {
    if (hits?.error && hits.query === text) {
      says.append(errorBox(text, hits.error));
      return [];
    }
    if (!hits || hits.query !== text) {
      heading(text === '' ? 'page in 0x100..0x1ff and kind = ioctl · errno = EEXIST · latency > 200us · vcpu = 1 · queue > 8' : 'Enter finds every event for which this holds.');
      return [];
    }
    heading(hits.events.length === 0 ? (hits.searching ? 'Searching…' : 'No event satisfies this.') : 'Enter goes to the event; F5 and Shift F5 go to the next and previous from anywhere.');
    const now = state?.moment?.seq ?? 0;
    const from = Math.max(0, hits.events.findIndex((event) => event.seq > now));
    return hits.events.slice(from, from + MOST_HITS).map((event) => ({
      text: `#${event.seq} ${event.kind.toLowerCase()} ${event.detailText ?? ''}`,
      note: [
        event.pages > 0 ? formatHex(event.page) : '',
        actorLabel(state?.meta ?? null, event.actor),
        event.errnoName ?? '',
        formatClock(event.timeNs),
      ].filter(Boolean).join(' · '),
      keep: true,
      run: () => actions.seek(event.seq),
    }));
  }

  /** @param {string} text */
  function heading(text) {
    says.append(el('p', { class: 'fs-omnibox__heading', text }));
  }

  return {
    /** @param {'/' | '>' | ':'} kind @param {string} [text] */
    open(kind, text = '') {
      input.value = kind === '/' && text === '' ? '' : kind + text;
      input.focus();
      show(true);
    },
    /** @param {ViewState} next */
    update(next) {
      state = next;
      if (next.hits !== hits) {
        hits = next.hits;
        setText(count, hits ? hitsText(hits) : '');
        if (open) {
          show(true);
        }
      }
    },
  };
}

/** @param {import('../model/view-state.js').Hits} hits */
function hitsText(hits) {
  if (hits.error) {
    return '';
  }
  const many = hits.events.length;
  return hits.searching ? `${formatCount(many)} …` : `${hits.complete ? '' : '≥ '}${plural(many, 'hit')}`;
}

/**
 * The predicate with a caret under the place that cannot be understood.
 *
 * @param {string} query
 * @param {{message: string, position: number | null}} error
 * @returns {HTMLElement}
 */
export function errorBox(query, { message, position }) {
  const box = el('div', { class: 'fs-omnibox__error', role: 'alert' });
  if (position !== null) {
    box.append(
      el(
        'pre',
        {},
        `${query}\n${' '.repeat(Math.max(0, Math.min(query.length, position)))}`,
        el('span', { class: 'fs-omnibox__caret', text: '^' }),
      ),
    );
  }
  box.append(el('p', { text: message }));
  return box;
}
