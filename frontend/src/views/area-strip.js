// @ts-check
import { formatClock, formatCount, formatDuration, formatExactNs, formatHex, plural } from '../base/format.js';
import { faultsInWords } from '../model/fault-count.js';
import { areaOf, lastNs } from '../model/fault-filter.js';
import { shownQuery } from '../model/view-state.js';
import { button, el, setText } from './dom.js';

/** @typedef {import('../model/fault-filter.js').Area} Area */

/**
 * The stretch of time from A to B: how long it is, how many events it has, and what the faults of the selected area
 * add up to. While there is no B, how far from A the moment is. Nothing where there is neither.
 *
 * @param {import('./actions.js').Actions} actions
 */
export function createAreaStrip(actions) {
  const words = el('p', { role: 'status' });
  // Not spoken: it changes with every moment.
  const since = el('p', { hidden: true });
  const rows = button({ label: 'Rows', name: 'Show these faults as rows', run: () => actions.setTable('faults') });
  const drop = button({ label: 'Drop', name: 'Drop A and B (Shift T)', run: () => actions.selectArea(null) });
  const root = el('div', { class: 'fs-area', role: 'group', 'aria-label': 'From A to B', hidden: true }, words, since, rows, drop);
  return {
    root,
    /** @param {import('../model/view-state.js').ViewState} state */
    update(state) {
      const area = areaOf(shownQuery(state));
      const { mark, moment, totals, stretch } = state;
      root.hidden = area === null && mark === null;
      words.hidden = rows.hidden = area === null || mark !== null;
      since.hidden = mark === null;
      if (mark !== null) {
        const now = moment?.timeNs ?? 0;
        setText(since, `A ${formatClock(mark)} · here Δ ${formatDuration(now - mark)} · T at another moment sets B`);
        since.title = `A ${formatExactNs(mark)}, here ${formatExactNs(now)}`;
      } else if (area) {
        const { value, error } = totals;
        setText(words, `${endsInWords(area, stretch.value)} · ${facetInWords(area)}: ${value ? totalsInWords(value) : (error ?? 'summing…')}`);
        words.title = `A ${formatExactNs(area.fromNs)}, B ${formatExactNs(lastNs(area))}, Δ ${formatExactNs(lastNs(area) - area.fromNs)}`;
      }
    },
  };
}

/**
 * @param {Area} area
 * @param {import('../model/messages.js').StretchAnswer | null} stretch
 * @returns {string}
 */
function endsInWords(area, stretch) {
  const events = stretch ? ` · Δ ${plural(stretch.events, 'event')}` : '';
  return `A ${formatClock(area.fromNs)} · B ${formatClock(lastNs(area))} · Δ ${formatDuration(lastNs(area) - area.fromNs)}${events}`;
}

/** @param {Area} area @returns {string} which faults of the stretch are meant */
function facetInWords(area) {
  switch (area.kind) {
    case 'latency':
      return `woken after ${formatDuration(area.leastNs)} to ${formatDuration(area.beforeNs)}`;
    case 'pages':
      return `queued on ${area.region} ${formatHex(area.first)} to ${formatHex(area.last)}`;
    case 'threads':
      return `queued${area.actors.length === 0 ? '' : ` by ${area.actors.join(', ')}`}`;
  }
}

/** @param {import('../model/messages.js').FaultSums} sums by ioctl @returns {string} */
function totalsInWords({ faults, unreadFaults, latency, groups }) {
  const parts = [faultsInWords(faults + unreadFaults, unreadFaults)];
  parts.push(`waited ${formatDuration(groups.reduce((sum, { waitNs }) => sum + waitNs, 0))} in all`);
  if (latency.faults > 0) {
    parts.push(`p50 ${formatDuration(latency.p50Ns)}`, `p99 ${formatDuration(latency.p99Ns)}`, `longest ${formatDuration(latency.maxNs)}`);
  }
  if (groups.length > 0) {
    parts.push(`answered by ${groups.map((group) => `${group.name} ${formatCount(group.faults + group.unreadFaults)}`).join(', ')}`);
  }
  return parts.join(' · ');
}
