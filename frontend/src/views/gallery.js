// @ts-check
import { grouped, whyNotLive } from '../model/run-request.js';
import { button, el } from './dom.js';

/** @typedef {import('../model/run-request.js').ScenarioInfo} ScenarioInfo */

/**
 * Scenarios to open: each says what to watch.
 *
 * @param {object} options
 * @param {(name: string, engine: 'simulation' | 'live') => Promise<void>} options.open
 * @param {(left: string, right: string) => Promise<void>} options.openBoth runs both to their ends, beside each other
 * @param {(error: unknown) => string} options.messageOf
 */
export function createGallery({ open, openBoth, messageOf }) {
  const state = el('p', { class: 'fs-state', role: 'status', text: 'Looking for scenarios…' });
  const groups = el('div', { class: 'fs-gallery' });
  const root = el(
    'section',
    { class: 'fs-start__section', 'aria-labelledby': 'gallery' },
    el(
      'div',
      { class: 'fs-gallery__head' },
      el('h2', { id: 'gallery', text: 'Scenarios' }),
      el('p', { class: 'fs-quiet', text: 'Each runs in the simulated kernel, some on the kernel of this machine too: step it, answer its faults yourself, fork it.' }),
      el('a', { class: 'fs-button fs-button--line fs-gallery__new', href: '/scenario', text: 'New scenario' }),
    ),
    state,
    groups,
  );
  let busy = false;
  /** @type {ScenarioInfo[]} */
  let all = [];

  return {
    root,
    /** @param {ScenarioInfo[]} scenarios */
    show(scenarios) {
      all = scenarios;
      state.hidden = scenarios.length > 0;
      state.className = 'fs-state';
      state.textContent = 'There is no scenario here. Write one.';
      groups.replaceChildren(...grouped(scenarios).map(({ group, scenarios: of }) =>
        el('section', { class: 'fs-gallery__group', 'aria-label': group }, el('h3', { text: group }), el('ul', { class: 'fs-gallery__cards' }, ...of.map(card)))));
    },
    /** @param {unknown} error @param {() => void} [retry] */
    failed(error, retry) {
      state.hidden = false;
      state.className = 'fs-state fs-state--error';
      state.replaceChildren(
        el('span', { text: messageOf(error) }),
        ...(retry ? [button({ name: 'Try again', label: 'Try again', class: 'fs-button fs-button--line', run: retry })] : []),
      );
    },
  };

  /** @param {ScenarioInfo} scenario */
  function card({ name, title, about, beside, engines, comparable }) {
    const start = el('button', { type: 'button', class: 'fs-scenario__open', text: title });
    start.addEventListener('click', () => void run(start, () => open(name, 'simulation')));
    return el(
      'li',
      { class: 'fs-scenario', 'data-scenario': name },
      start,
      el('p', { class: 'fs-scenario__about', text: about }),
      el(
        'p',
        { class: 'fs-scenario__foot' },
        onThisMachine(name, title, whyNotLive(engines)),
        sideBySide(name, all.find((each) => each.name === beside)),
        comparable ? el('a', { href: `/compare?scenario=${encodeURIComponent(name)}`, text: 'Compare handlers', 'aria-label': `Compare handlers on ${title}` }) : null,
        el('a', { href: `/scenario?copy=${encodeURIComponent(name)}`, text: 'Edit a copy', 'aria-label': `Edit a copy of ${title}` }),
      ),
    );
  }

  /** @param {string} name @param {string} title @param {string | null | undefined} whyNot */
  function onThisMachine(name, title, whyNot) {
    if (whyNot !== null) {
      return el('span', { class: 'fs-quiet', text: 'simulated only', title: whyNot ?? null });
    }
    const live = button({ label: 'On this machine', name: `Run ${title} on this machine's kernel`, class: 'fs-button fs-button--line', run: () => void run(live, () => open(name, 'live')) });
    return live;
  }

  /** @param {string} name @param {ScenarioInfo | undefined} other @returns {HTMLElement | null} */
  function sideBySide(name, other) {
    if (!other) {
      return null;
    }
    const both = button({ label: 'Side by side', name: `Side by side with ${other.title}`, class: 'fs-button fs-button--line', run: () => void run(both, () => openBoth(name, other.name)) });
    return both;
  }

  /** @param {HTMLElement} start @param {() => Promise<void>} work */
  async function run(start, work) {
    if (busy) {
      return;
    }
    busy = true;
    start.setAttribute('aria-busy', 'true');
    try {
      await work();
    } catch (error) {
      state.hidden = false;
      state.className = 'fs-state fs-state--error';
      state.textContent = messageOf(error);
      state.scrollIntoView({ block: 'nearest' });
    } finally {
      busy = false;
      start.removeAttribute('aria-busy');
    }
  }
}
