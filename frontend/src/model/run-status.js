// @ts-check
import { formatCount, plural } from '../base/format.js';

/**
 * How a run of a scenario stands, and what it is told to do; docs/wire-protocol.md.
 */

/**
 * A fault that waits at the run's own moment, which is its last.
 *
 * @typedef {object} WaitingFault
 * @property {number} seq of its ENQUEUE
 * @property {string} uffd
 * @property {number} region
 * @property {number} page
 * @property {number} flags UFFD_PAGEFAULT_FLAG_*
 * @property {number} actor
 * @property {boolean} read
 * @property {number} sinceNs
 */

/** @typedef {{id: string, seq: number}} ForkPoint */

/** @typedef {'signal' | 'punch-hole' | 'dontneed' | 'remove' | 'kill-handler' | 'touch' | 'kvm-access'} InjectionName */

/**
 * What a run came to so far, in the terms of every engine.
 *
 * @typedef {object} RunReport
 * @property {number} events
 * @property {{missing: number, minor: number, wp: number, kvmUserfault: number, memoryFault: number}} faults
 * @property {number} messages
 * @property {Record<string, Record<string, number>>} ioctls
 * @property {Record<string, number>} stallNs
 * @property {number} elapsedNs
 * @property {{passed: number, failed: {line: number, expected: string, actual: string}[]}} expectations of its script
 */

/**
 * @typedef {object} RunStatus
 * @property {string} id
 * @property {number} revision grows with every change
 * @property {string} engine
 * @property {string} title
 * @property {string | null} scenario its name in the gallery
 * @property {ForkPoint | null} forkOf
 * @property {ForkPoint[]} forks
 * @property {number} seed
 * @property {'running' | 'paused' | 'waiting' | 'done' | 'failed' | 'ended'} phase
 * @property {boolean} manual whether handlers wait for a hand
 * @property {string} policy
 * @property {string | null} hold
 * @property {number} steps
 * @property {boolean} canFork
 * @property {string | null} message
 * @property {WaitingFault[]} waiting oldest first, at most 200
 * @property {number} waitingCount
 * @property {string[]} uffds
 * @property {InjectionName[]} injections
 * @property {RunReport} report
 */

/**
 * @typedef {{type: 'go', eventsPerSecond: number | null} | {type: 'pause'} | {type: 'stop'}
 *   | {type: 'advance', unit: 'event' | 'fault' | 'decision', by: number}
 *   | {type: 'manual', on: boolean}
 *   | {type: 'hold', query: string | null}
 *   | {type: 'answer', fault: number}
 *   | {type: 'read', uffd: string}
 *   | import('./hand.js').IoctlCommand
 *   | {type: 'inject', what: InjectionName, actor: number, region?: number, page?: number, pages?: number, write?: boolean}
 * } RunCommand
 */

/**
 * What came of a command.
 *
 * @typedef {object} RunAnswer
 * @property {number} errno
 * @property {string} errnoName `OK` for 0
 * @property {number | null} field an ioctl's result field, null where the kernel leaves it alone
 * @property {number[]} woke actors
 * @property {string} why
 * @property {{from: number, to: number}} events caused; none where `from` is above `to`
 * @property {RunStatus} status
 */

/** Bits of a message. */
const WRITE = 1;
const WP = 2;
const MINOR = 4;

/** @param {WaitingFault} fault @returns {'missing' | 'minor' | 'write-protect'} what its message asks for */
export function waitingWord({ flags }) {
  if (flags & WP) {
    return 'write-protect';
  }
  return flags & MINOR ? 'minor' : 'missing';
}

/** @param {WaitingFault} fault @returns {'write' | 'read'} */
export function waitingAccess({ flags }) {
  return flags & WRITE ? 'write' : 'read';
}

/** @param {RunStatus | null} run @returns {boolean} whether it takes commands */
export function isUnderWay(run) {
  return run !== null && run.phase !== 'ended' && run.phase !== 'failed';
}

/**
 * Whether a step forward from a moment makes the run do something new.
 *
 * @param {RunStatus | null} run
 * @param {number} seq the moment that is shown
 * @param {number} events of the recording
 */
export function goesOnFrom(run, seq, events) {
  return run?.phase === 'paused' && seq >= events;
}

/**
 * How a run stands, in one sentence that says what can be done next.
 *
 * @param {RunStatus} run
 * @returns {string}
 */
export function runInWords(run) {
  const { phase, message, waitingCount: waits, manual } = run;
  switch (phase) {
    case 'running':
      return 'Running';
    case 'waiting':
      return `${plural(waits, 'fault')} ${waits === 1 ? 'waits' : 'wait'} for you: nothing else can happen`;
    case 'paused':
      return message ?? (waits > 0 && manual ? `Paused, ${plural(waits, 'fault')} for you to answer` : 'Paused');
    case 'done':
      return message ?? (waits > 0 ? `Nothing happens any more, and ${plural(waits, 'fault')} ${waits === 1 ? 'waits' : 'wait'}` : 'Over: nothing happens any more');
    case 'failed':
      return `Failed: ${message ?? 'no reason was told'}`;
    case 'ended':
      return 'Ended: what was recorded stays';
  }
}

/** @param {RunReport} report @returns {string} faults, ioctls and expectations so far */
export function countsInWords({ faults, ioctls, expectations: { passed, failed } }) {
  const kinds = /** @type {[string, number][]} */ ([
    ['missing', faults.missing],
    ['minor', faults.minor],
    ['write-protect', faults.wp],
    ['KVM Userfault', faults.kvmUserfault],
    ['memory fault', faults.memoryFault],
  ]).filter(([, count]) => count > 0);
  const calls = Object.entries(ioctls).map(([name, outcomes]) => [name, Object.values(outcomes).reduce((a, b) => a + b, 0)]);
  const told = [...kinds, ...calls].map(([name, count]) => `${formatCount(/** @type {number} */ (count))} ${name}`);
  if (passed + failed.length > 0) {
    told.push(failed.length === 0 ? `${plural(passed, 'expectation')} held` : `${formatCount(failed.length)} of ${plural(passed + failed.length, 'expectation')} failed`);
  }
  return told.join(' · ');
}
