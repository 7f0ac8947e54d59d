// @ts-check
import { formatClock, formatCount, formatDuration, formatExactNs, formatHex, plural } from '../base/format.js';
import { areaOf } from '../model/fault-filter.js';
import { shownQuery } from '../model/view-state.js';
import { button, el, setText } from './dom.js';

/** @typedef {import('../model/fault-filter.js').Area} Area */

/**
 * What the faults of the selected area add up to, and how to be rid of it. Nothing where none is selected.
 *
 * @param {import('./actions.js').Actions} actions
 */
export function createAreaStrip(actions) {
  const words = el('p', { role: 'status' });
  const rows = button({ label: 'Rows', name: 'Show these faults as rows', run: () => actions.setTable('faults') });
  const drop = button({ label: 'Drop', name: 'Drop the selected area (Shift T)', run: () => actions.selectArea(null) });
  const root = el('div', { class: 'fs-area', role: 'group', 'aria-label': 'Selected area', hidden: true }, words, rows, drop);
  return {
    root,
    /** @param {import('../model/view-state.js').ViewState} state */
    update(state) {
      const area = areaOf(shownQuery(state));
      root.hidden = area === null;
      if (!area) {
        return;
      }
      const { value, error } = state.totals;
      setText(words, `${areaInWords(area)}: ${value ? totalsInWords(value) : (error ?? 'summing…')}`);
      words.title = `${formatExactNs(area.fromNs)} to ${formatExactNs(area.toNs)}`;
    },
  };
}

/** @param {Area} area @returns {string} */
function areaInWords(area) {
  const time = `${formatClock(area.fromNs)} to ${formatClock(area.toNs)}`;
  switch (area.kind) {
    case 'latency':
      return `Woken ${time} after ${formatDuration(area.leastNs)} to ${formatDuration(area.beforeNs)}`;
    case 'pages':
      return `Queued ${time} on ${area.region} ${formatHex(area.first)} to ${formatHex(area.last)}`;
    case 'threads':
      return `Queued ${time}${area.actors.length === 0 ? '' : ` by ${area.actors.join(', ')}`}`;
  }
}

/** @param {import('../model/messages.js').FaultSums} sums by ioctl @returns {string} */
function totalsInWords({ faults, unreadFaults, latency, groups }) {
  const parts = [plural(faults + unreadFaults, 'fault')];
  if (unreadFaults > 0) {
    parts.push(`${formatCount(unreadFaults)} unread`);
  }
  parts.push(`waited ${formatDuration(groups.reduce((sum, { waitNs }) => sum + waitNs, 0))} in all`);
  if (latency.faults > 0) {
    parts.push(`p50 ${formatDuration(latency.p50Ns)}`, `p99 ${formatDuration(latency.p99Ns)}`, `longest ${formatDuration(latency.maxNs)}`);
  }
  if (groups.length > 0) {
    parts.push(`answered by ${groups.map((group) => `${group.name} ${formatCount(group.faults + group.unreadFaults)}`).join(', ')}`);
  }
  return parts.join(' · ');
}
