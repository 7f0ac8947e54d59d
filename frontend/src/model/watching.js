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
 * @property {boolean} guest whether it runs a guest with KVM
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
 * @property {{lines: number, lost: number, cpuShare: number, faults: Record<string, number>, silent: string[]} | null} traced what trace events told; null where counters were sampled
 */

/** @param {UffdProcess} process @param {string} words @returns {boolean} whether every word is in its name, command, user or number */
export function matches({ pid, name, command, user }, words) {
  const text = `${pid} ${name} ${command} ${user}`.toLowerCase();
  return words.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

/** @param {UffdProcess} process @returns {string} */
export function processInWords({ uffds, pending, unanswered, sleeping, guest }) {
  if (uffds.length === 0 && guest) {
    return 'no userfaultfd; a KVM guest, whose faults trace events tell';
  }
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
  if (!over && summary.traced !== null) {
    return 'Watched by the kernel’s trace events; nothing is touched';
  }
  return over
    ? `The watch is over: ${summary.end}, after ${threeDigits(summary.seconds)} s`
    : `Watched from outside, ${plural(rateHz, 'sample')} a second; nothing is touched`;
}

/** @param {WatchStatus} status @returns {string} what was seen */
export function seenInWords({ summary }) {
  if (summary.traced !== null) {
    return tracedInWords(summary.traced);
  }
  const late = summary.late > 0 ? `, ${formatCount(summary.late)} left out for want of time` : '';
  const origins = Object.entries(summary.origins).map(([origin, times]) => `${formatCount(times)} × ${origin}`);
  return [
    `${plural(summary.samples, 'sample')}${late}`,
    `${plural(summary.presentPages, 'page')} mapped`,
    `seen to appear ${formatCount(summary.appeared)}, to vanish ${formatCount(summary.vanished)}`,
    `${plural(summary.sleeping, 'thread')} asleep, ${plural(summary.waits, 'wait')} seen${origins.length > 0 ? ` (${origins.join(', ')})` : ''}`,
  ].join(' · ');
}

/** @param {NonNullable<WatchSummary['traced']>} traced @returns {string} */
function tracedInWords({ lines, lost, cpuShare, faults, silent }) {
  const counts = Object.entries(faults).filter(([, count]) => count > 0);
  return [
    counts.length > 0 ? counts.map(([origin, count]) => `${plural(count, 'fault')} of ${origin}`).join(', ') : 'no fault yet',
    `${plural(lines, 'line')}, ${lost === 0 ? 'none lost' : lost < 0 ? 'some lost' : `${formatCount(lost)} lost`}`,
    `${threeDigits(100 * cpuShare)} % of a CPU to watch`,
    ...silent.map((what) => `not told: ${what}`),
  ].join(' · ');
}
