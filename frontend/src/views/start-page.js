// @ts-check
import { formatDuration, plural } from '../base/format.js';
import { explorerOf } from '../model/addresses.js';
import { button, el } from './dom.js';
import { drawThumbnail } from './thumbnail.js';
import { createMark, createThemeTool } from './top-bar.js';

/** @typedef {import('../model/messages.js').RecordingInfo} RecordingInfo */

/**
 * The start page: open a file, go on with a recent one, or look at a sample.
 *
 * @param {HTMLElement} root
 * @param {object} options
 * @param {HTMLElement} options.gallery scenarios
 * @param {(file: File) => void} options.open
 * @param {(id: string) => void} options.forget
 * @param {() => void} options.retry
 * @param {() => void} options.toggleTheme
 * @param {() => import('./palette.js').Palette} options.palette
 * @param {AbortSignal} options.signal
 */
export function createStartPage(root, { gallery, open, forget, retry, toggleTheme, palette, signal }) {
  const picker = el('input', { type: 'file', id: 'file', class: 'fs-spoken', 'aria-label': 'Recording to open' });
  picker.addEventListener('change', () => {
    const file = picker.files?.[0];
    picker.value = '';
    if (file) {
      open(file);
    }
  }, { signal });
  const upload = el('div', {});
  const samples = section('samples', 'Samples', 'Real recordings of userfaultfd at work, with their true counts');
  const recent = section('recent', 'Recent', 'Files that were opened and scenarios that were run here');
  const state = el('div', { class: 'fs-state' });
  const drop = el('div', { class: 'fs-drop', hidden: true, text: 'Drop to open' });

  root.replaceChildren(
    el(
      'div',
      { class: 'fs-start' },
      el(
        'header',
        { class: 'fs-top-bar' },
        el('div', { class: 'fs-top-bar__where' }, el('span', { class: 'fs-top-bar__home' }, createMark(), 'Faultscope')),
        el('a', { href: '/live', text: 'Live guests' }),
        el('a', { href: '/probe', text: 'This machine' }),
        createThemeTool(toggleTheme),
      ),
      el(
        'div',
        { class: 'fs-start__body' },
        el(
          'div',
          { class: 'fs-start__lead' },
          el(
            'div',
            {},
            el('h1', { text: 'See how guest memory faults are raised, queued, handled and resumed' }),
            el('p', { text: 'Open a recording: raw ftrace text, trace-cmd report, perf script, .fscope or NDJSON. Drop a file anywhere on this page. It stays on this machine.' }),
          ),
          el('div', {}, picker, button({ name: 'Open a file…', label: 'Open a file…', class: 'fs-button fs-button--primary', run: () => picker.click() })),
        ),
        // The gallery is long: with the keyboard, what stands below it is one jump away.
        el('nav', { class: 'fs-start__jumps', 'aria-label': 'On this page' }, el('a', { href: '#gallery', text: 'Scenarios' }), recent.jump, samples.jump),
        upload,
        gallery,
        state,
        recent.root,
        samples.root,
      ),
    ),
    drop,
  );
  listenToDrops(open, drop, signal);

  return {
    upload,
    /** @param {RecordingInfo[]} recordings */
    show(recordings) {
      state.hidden = true;
      fill(samples, recordings.filter(({ kind }) => kind.toLowerCase() === 'sample'));
      fill(recent, recordings.filter(({ kind }) => kind.toLowerCase() !== 'sample'));
    },
    loading() {
      state.hidden = false;
      state.className = 'fs-state';
      state.textContent = 'Looking for recordings…';
      for (const { root: place, jump } of [samples, recent]) {
        place.hidden = jump.hidden = true;
      }
    },
    /** @param {string} message */
    failed(message) {
      state.hidden = false;
      state.className = 'fs-state fs-state--error';
      state.replaceChildren(el('p', { text: message }), button({ name: 'Try again', label: 'Try again', class: 'fs-button fs-button--line', run: retry }));
    },
  };

  /** @param {ReturnType<typeof section>} place @param {RecordingInfo[]} recordings */
  function fill(place, recordings) {
    place.root.hidden = place.jump.hidden = recordings.length === 0;
    const focused = document.activeElement?.closest('[data-recording]')?.getAttribute('data-recording');
    place.list.replaceChildren(...recordings.map(entry));
    const again = [...place.list.children].find((item) => item.getAttribute('data-recording') === focused);
    /** @type {HTMLElement | null | undefined} */ (again?.querySelector('a'))?.focus();
  }

  /** @param {RecordingInfo} recording */
  function entry(recording) {
    const picture = el('canvas', { class: 'fs-recording__picture', 'aria-hidden': 'true', width: 64, height: 24 });
    drawThumbnail(picture, recording.thumbnail ?? [], palette());
    const text = el(
      'div',
      {},
      el('a', { class: 'fs-recording__title', href: explorerOf(recording.id), text: recording.title }),
      el('p', { class: 'fs-recording__facts', text: factsOf(recording) }),
    );
    if (recording.message) {
      text.append(el('p', { class: 'fs-recording__text fs-recording__text--bad', text: recording.message }));
    }
    if (recording.text) {
      text.append(el('p', { class: 'fs-recording__text', text: recording.text }));
    }
    const item = el('li', { class: 'fs-recording', 'data-recording': recording.id }, picture, text);
    if (recording.kind.toLowerCase() !== 'sample') {
      item.append(button({ name: `Forget ${recording.title}`, label: 'Forget', class: 'fs-button fs-recording__forget', run: () => forget(recording.id) }));
    }
    return item;
  }
}

/** @param {RecordingInfo} recording @returns {string} */
function factsOf({ events, faults, pages, durationNs }) {
  if (!events) {
    return '';
  }
  return [plural(events, 'event'), plural(faults, 'fault'), plural(pages, 'page'), formatDuration(durationNs)].join(' · ');
}

/** @param {string} id @param {string} title @param {string} hint */
function section(id, title, hint) {
  const list = el('ul', { class: 'fs-recordings' });
  const root = el('section', { class: 'fs-start__section', 'aria-labelledby': id }, el('h2', { id, text: title, title: hint }), list);
  return { root, list, jump: el('a', { href: `#${id}`, text: title }) };
}

/**
 * @param {(file: File) => void} open
 * @param {HTMLElement} drop
 * @param {AbortSignal} signal
 */
function listenToDrops(open, drop, signal) {
  const carriesFile = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes('Files') ?? false;
  window.addEventListener('dragover', (event) => {
    if (carriesFile(event)) {
      event.preventDefault();
      drop.hidden = false;
    }
  }, { signal });
  window.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) {
      drop.hidden = true;
    }
  }, { signal });
  window.addEventListener('drop', (event) => {
    drop.hidden = true;
    const file = event.dataTransfer?.files[0];
    if (file) {
      event.preventDefault();
      open(file);
    }
  }, { signal });
}
