// @ts-check
import { formatCount, plural, threeDigits } from '../base/format.js';

/**
 * A process that has a userfaultfd open; docs/wire-protocol.md.
 *
 * @typedef {object} UffdProcess
 * @property {number} pid
 * @property {string} name
 * @property {string} command
 * @property {string} user
 * @property {{fd: number, nonBlocking: boolean, pending: number, total: number, features: number}[]} uffds
 * @property {number} pending
 * @property {number} unanswered
 * @property {number} sleeping threads
 */

/** @typedef {{processes: UffdProcess[], hidden: number, cut: boolean}} FoundProcesses */

/**
 * How a watch stands; docs/wire-protocol.md.
 *
 * @typedef {object} WatchStatus
 * @property {string} id
 * @property {string} title
 * @property {number} rateHz
 * @property {boolean} over
 * @property {WatchSummary} summary
 */

/**
 * @typedef {object} WatchSummary
 * @property {number} pid
 * @property {string} name
 * @property {string} end
 * @property {number} seconds
 * @property {number} samples
 * @property {number} late
 * @property {unknown[]} uffds
 * @property {number} presentPages
 * @property {number} appeared
 * @property {number} vanished
 * @property {number} sleeping
 * @property {number} waits
 * @property {Record<string, number>} origins
 */

/** @param {UffdProcess} process @param {string} words @returns {boolean} whether every word is in its name, command, user or number */
export function matches({ pid, name, command, user }, words) {
  const text = `${pid} ${name} ${command} ${user}`.toLowerCase();
  return words.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

/** @param {UffdProcess} process @returns {string} */
export function processInWords({ uffds, pending, unanswered, sleeping }) {
  const waits = pending + unanswered === 0 ? 'no fault waits' : `${formatCount(pending)} unread, ${formatCount(unanswered)} read and unanswered`;
  return `${plural(uffds.length, 'userfaultfd')}; ${waits}; ${plural(sleeping, 'thread')} asleep`;
}

/** @param {FoundProcesses} found @returns {string} what is not in the list, and what to do */
export function missingInWords({ hidden, cut }) {
  return [
    cut ? 'There are more than are shown here.' : '',
    hidden > 0 ? `${plural(hidden, 'process', 'processes')} may not be looked at: start Faultscope as their user, or with CAP_SYS_PTRACE.` : '',
  ].filter(Boolean).join(' ');
}

/** @param {WatchStatus} status @returns {string} */
export function watchInWords({ rateHz, over, summary }) {
  return over
    ? `The watch is over: ${summary.end}, after ${threeDigits(summary.seconds)} s`
    : `Watched from outside, ${plural(rateHz, 'sample')} a second; nothing is touched`;
}

/** @param {WatchStatus} status @returns {string} what was seen */
export function seenInWords({ summary }) {
  const late = summary.late > 0 ? `, ${formatCount(summary.late)} left out for want of time` : '';
  const origins = Object.entries(summary.origins).map(([origin, times]) => `${formatCount(times)} × ${origin}`);
  return [
    `${plural(summary.samples, 'sample')}${late}`,
    `${plural(summary.presentPages, 'page')} mapped`,
    `seen to appear ${formatCount(summary.appeared)}, to vanish ${formatCount(summary.vanished)}`,
    `${plural(summary.sleeping, 'thread')} asleep, ${plural(summary.waits, 'wait')} seen${origins.length > 0 ? ` (${origins.join(', ')})` : ''}`,
  ].join(' · ');
}
