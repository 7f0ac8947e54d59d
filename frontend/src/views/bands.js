// @ts-check
import { formatBytes, formatShare, plural } from '../base/format.js';
import { button, el } from './dom.js';

/** @typedef {import('../model/view-state.js').ViewState} ViewState */

/**
 * Quiet lines above everything: what is still to come, what is missing, what is old.
 *
 * @param {HTMLElement} root
 * @param {import('./actions.js').Actions} actions
 */
export function createBands(root, actions) {
  const place = el('div');
  const notes = el('ol', { class: 'fs-notes', hidden: true, 'aria-label': 'Notes' });
  root.append(place, notes);
  let shown = '';

  return {
    /** @param {ViewState} state */
    update(state) {
      const { connection, meta, notes: texts } = state;
      const key = JSON.stringify([connection.phase, connection.reason, meta?.progress, meta?.notes, meta?.regions.some((region) => region.inferred), texts.length]);
      if (key === shown) {
        return;
      }
      shown = key;
      place.replaceChildren(...[connectionBand(state), progressBand(state), notesBand(state)].filter((band) => band !== null));
      notes.replaceChildren(...texts.map((text) => el('li', { text })));
    },
  };

  /** @param {ViewState} state */
  function connectionBand({ connection }) {
    if (connection.phase === 'stale') {
      return band(
        `What is shown is from the last connection${connection.reason ? ` (${connection.reason})` : ''}. Reconnecting by itself.`,
        button({ name: 'Reconnect now', label: 'Reconnect now', run: () => actions.retry() }),
      );
    }
    if (connection.phase === 'ended') {
      return bad(connection.reason ?? 'The session has ended.', el('a', { href: '/', text: 'All recordings' }));
    }
    return null;
  }

  /** @param {ViewState} state */
  function progressBand({ meta }) {
    if (!meta) {
      return null;
    }
    const { state, bytesRead, bytesTotal, message } = meta.progress;
    switch (state) {
      case 'loading': {
        if (bytesTotal === 0) {
          return null; // Something runs and is recorded: there is no file to read.
        }
        const bar = el('progress', { class: 'fs-band__progress', max: Math.max(1, bytesTotal), value: bytesRead, 'aria-label': 'Reading the file' });
        return band(
          `Reading: ${formatBytes(bytesRead)} of ${formatBytes(bytesTotal)} (${formatShare(bytesRead, bytesTotal)})`,
          bar,
          button({ name: 'Stop reading', label: 'Stop reading', run: () => actions.cancelImport() }),
        );
      }
      case 'failed':
        return bad(message ?? 'The file could not be read.');
      case 'cancelled':
        return band(message ?? 'Reading was stopped: this is what had been read by then.');
      case 'partial':
        return bad(message ?? 'The file ends in the middle: this is everything up to there.');
      case 'running':
      case 'complete':
        return null;
    }
  }

  /** @param {ViewState} state */
  function notesBand({ meta }) {
    if (!meta || meta.notes === 0) {
      return null;
    }
    const inferred = meta.regions.filter((region) => region.inferred).length;
    const text = [
      `${plural(meta.notes, 'note')} on how this was read`,
      inferred > 0 ? `${plural(inferred, 'region')} inferred from the faults` : '',
    ].filter(Boolean);
    const toggle = button({
      name: 'Show or hide the notes',
      label: 'Notes',
      run: () => {
        notes.hidden = !notes.hidden;
        toggle.setAttribute('aria-expanded', String(!notes.hidden));
        if (!notes.hidden) {
          actions.loadNotes();
        }
      },
    });
    toggle.setAttribute('aria-expanded', String(!notes.hidden));
    return band(text.join(' · '), toggle);
  }
}

/** @param {string} text @param {...Node} more @returns {HTMLElement} */
function band(text, ...more) {
  return el('div', { class: 'fs-band', role: 'status' }, el('span', { class: 'fs-band__text', text, title: text }), ...more);
}

/** @param {string} text @param {...Node} more @returns {HTMLElement} a band of what went wrong */
function bad(text, ...more) {
  const line = band(text, ...more);
  line.classList.add('fs-band--bad');
  return line;
}
