// @ts-check
import { formatCount, formatDuration, plural } from '../base/format.js';

/**
 * How a run stands, on the simulated kernel or on a real one, and what it is told to do; docs/wire-protocol.md.
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
 * @property {boolean} held whether it waits for a hand
 * @property {number} sinceNs
 * @property {string} origin who touched the page, in words; empty where that is not known
 */

/** @typedef {{id: string, seq: number}} ForkPoint */

/** @typedef {'signal' | 'punch-hole' | 'dontneed' | 'remove' | 'kill-handler' | 'touch' | 'kvm-access'} InjectionName */

/**
 * What a run came to so far, in the terms of every engine.
 *
 * @typedef {object} RunReport
 * @property {number} events
 * @property {{missing: number, minor: number, wp: number, kvmUserfault: number, memoryFault: number, stage2: number}} faults
 * @property {number} messages
 * @property {Record<string, Record<string, number>>} ioctls
 * @property {Record<string, number>} stallNs
 * @property {number} elapsedNs
 * @property {{passed: number, failed: {line: number, expected: string, actual: string}[], suspended: number}} expectations of its script
 */

/** Something by its name, and why it cannot be; null where it can. @typedef {{name: string, whyNot: string | null}} Ability */

/**
 * By what a run goes on right now, and why it cannot do the rest; null where it can.
 *
 * @typedef {object} Capabilities
 * @property {('event' | 'fault' | 'decision')[]} advance
 * @property {string | null} pace
 * @property {string | null} fork
 * @property {string | null} read
 * @property {string | null} checkPages
 * @property {string | null} source
 * @property {Ability[]} inject
 * @property {Ability[]} ioctl
 */

/** A median and a 99th percentile, nanoseconds. @typedef {{p50: number, p99: number}} Quantiles */

/**
 * What only a real kernel has.
 *
 * @typedef {object} LiveFacts
 * @property {number} nowNs the recording's time
 * @property {number} watchdogNs how long a fault may be held, 0 for ever
 * @property {{name: string, pid: number, uid: number, gid: number, bytes: number, regions: number} | null} peer
 * @property {{accessToRead: Quantiles, readToIoctl: Quantiles, ioctl: Quantiles, origins: Record<string, number>, placement: string}} [latencies]
 */

/**
 * @typedef {object} RunStatus
 * @property {string} id
 * @property {number} revision grows with every change
 * @property {'simulation' | 'live'} engine
 * @property {string} title
 * @property {string | null} scenario its name in the gallery
 * @property {boolean} hasText whether it is made of a scenario's text
 * @property {ForkPoint | null} forkOf
 * @property {ForkPoint[]} forks
 * @property {'starting' | 'running' | 'paused' | 'waiting' | 'done' | 'failed' | 'ended'} phase
 * @property {boolean} manual whether handlers wait for a hand
 * @property {string} policy
 * @property {string | null} hold a predicate that holds faults from the start on; live only
 * @property {string[]} breakpoints predicates that stop it
 * @property {import('./breakpoints.js').Stop | null} stop where one of them did
 * @property {string | null} message
 * @property {WaitingFault[]} waiting oldest first, at most 200
 * @property {number} waitingCount
 * @property {string[]} uffds
 * @property {Capabilities} can
 * @property {RunReport | null} report null where that is known at the end only
 * @property {{seed: number, steps: number} | null} simulated
 * @property {LiveFacts | null} live
 */

/**
 * @typedef {{type: 'go', eventsPerSecond: number | null} | {type: 'pause' | 'stop' | 'check-pages'}
 *   | {type: 'advance', unit: 'event' | 'fault' | 'decision', by: number}
 *   | {type: 'manual', on: boolean}
 *   | {type: 'break', queries: string[]}
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
  return run !== null && run.can.advance.length > 0 && seq >= events;
}

/** @param {RunStatus | null} run @returns {boolean} whether it can be told to go on by itself, or to stand still */
export function canRun(run) {
  return run !== null && (run.phase === 'running' || run.phase === 'paused' || (run.engine === 'live' && run.phase === 'waiting'));
}

/** @param {RunStatus} run @returns {boolean} whether it was forked off another and stands still */
export function isPausedFork({ forkOf, phase }) {
  return forkOf !== null && phase === 'paused';
}

/** @param {RunStatus | null} run @returns {boolean} whether it goes on by itself and can be told to stand still */
export function isRunning(run) {
  return run?.phase === 'running' && !(run.engine === 'live' && run.manual);
}

/**
 * How a run stands, in one sentence that says what can be done next.
 *
 * @param {RunStatus} run
 * @returns {string}
 */
export function runInWords(run) {
  const { phase, message, waitingCount: waits, manual, live } = run;
  switch (phase) {
    case 'starting':
      return 'The guest is starting';
    case 'running':
      return message ?? (live && manual ? 'Running; the next fault will be held' : 'Running');
    case 'waiting':
      if (live) {
        return frozenInWords(run, live);
      }
      return `${plural(waits, 'fault')} ${waits === 1 ? 'waits' : 'wait'} for you: nothing else can happen`;
    case 'paused':
      return message ?? (waits > 0 && manual ? `Paused, ${plural(waits, 'fault')} for you to answer` : isPausedFork(run) ? 'This fork is paused: R runs on' : 'Paused');
    case 'done':
      return message ?? (waits > 0 ? `Nothing happens any more, and ${plural(waits, 'fault')} ${waits === 1 ? 'waits' : 'wait'}` : 'Over: nothing happens any more');
    case 'failed':
      return `Failed: ${message ?? 'no reason was told'}`;
    case 'ended':
      return live ? `Over: ${message ?? ''}` : 'Ended: what was recorded stays';
  }
}

/** How long somebody has been frozen comes first. @param {RunStatus} run @param {LiveFacts} live */
function frozenInWords({ waiting: [first], waitingCount }, { nowNs, watchdogNs }) {
  const frozen = formatDuration(Math.max(0, nowNs - (first?.sinceNs ?? nowNs)));
  const most = watchdogNs > 0 ? `the watchdog lets go after ${formatDuration(watchdogNs)}` : 'no watchdog';
  return `${plural(waitingCount, 'fault')} held, frozen for ${frozen}; ${most}`;
}

/** @param {RunStatus} run @returns {string} whose run it is: what a person needs to start it again, or to find it */
export function factsInWords({ policy, simulated, live }) {
  const peer = live?.peer;
  return [
    peer ? `${peer.name}, pid ${peer.pid}` : '',
    simulated ? `seed ${simulated.seed}` : '',
    policy,
    simulated ? plural(simulated.steps, 'step') : '',
  ].filter(Boolean).join(' · ');
}

/** @param {RunStatus} run @returns {string} latencies of a live run that is over, split where they can be */
export function latenciesInWords({ live }) {
  const latencies = live?.latencies;
  if (!latencies) {
    return '';
  }
  const pair = (/** @type {Quantiles} */ { p50, p99 }) => `${formatDuration(p50)} (99 %: ${formatDuration(p99)})`;
  const origins = Object.entries(latencies.origins).map(([origin, times]) => `${formatCount(times)} × ${origin}`).join(', ');
  const touched = origins === '' ? '' : ` Who touched the pages: ${origins}.`;
  const queued = latencies.accessToRead.p99 > 0 ? `Access to read ${pair(latencies.accessToRead)}` : 'Access to read: not traced';
  return `${queued}. Read to ioctl ${pair(latencies.readToIoctl)}, ioctl with its wake ${pair(latencies.ioctl)}. Handler: ${latencies.placement}.${touched}`;
}

/** @param {Ability[]} abilities @param {string} name @returns {string | null} why it cannot be, null where it can */
export function whyNot(abilities, name) {
  return abilities.find((each) => each.name === name)?.whyNot ?? null;
}

/** @param {RunReport | null} report @returns {string} faults, ioctls and expectations so far */
export function countsInWords(report) {
  if (!report) {
    return '';
  }
  const { faults, ioctls, expectations: { passed, failed, suspended } } = report;
  const kinds = /** @type {[string, number][]} */ ([
    ['missing', faults.missing],
    ['minor', faults.minor],
    ['write-protect', faults.wp],
    ['KVM Userfault', faults.kvmUserfault],
    ['memory fault', faults.memoryFault],
    ['of stage 2', faults.stage2],
  ]).filter(([, count]) => count > 0);
  const calls = Object.entries(ioctls).map(([name, outcomes]) => [name, Object.values(outcomes).reduce((a, b) => a + b, 0)]);
  const told = [...kinds, ...calls].map(([name, count]) => `${formatCount(/** @type {number} */ (count))} ${name}`);
  if (passed + failed.length > 0) {
    told.push(failed.length === 0 ? `${plural(passed, 'expectation')} held` : `${formatCount(failed.length)} of ${plural(passed + failed.length, 'expectation')} failed`);
  }
  if (suspended > 0) {
    told.push(`${plural(suspended, 'expectation')} suspended: a hand was at work`);
  }
  return told.join(' · ');
}
