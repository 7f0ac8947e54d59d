// @ts-check
import { formatCount, formatDuration } from '../base/format.js';

/**
 * A fault that waits for a person.
 *
 * @typedef {object} HeldFault
 * @property {number} fault
 * @property {number} region
 * @property {number} page
 * @property {string} kind
 * @property {boolean} write
 * @property {string} name
 * @property {number} sinceNs
 * @property {string} origin who touched the page, in words; empty where that is not known
 */

/**
 * How a live run stands; docs/wire-protocol.md.
 *
 * @typedef {object} LiveStatus
 * @property {string} id
 * @property {string} title
 * @property {'starting' | 'running' | 'held' | 'done' | 'failed'} phase
 * @property {boolean} manual
 * @property {string | null} hold
 * @property {string} policy
 * @property {string | null} message
 * @property {number | null} frozenSinceNs
 * @property {number} nowNs
 * @property {number} watchdogNs
 * @property {HeldFault[]} waiting
 * @property {{name: string, region: number, pages: number}[]} memory
 * @property {{name: string, pid: number, uid: number, gid: number, bytes: number, regions: number} | null} peer
 * @property {{accessToRead: {p50: number, p99: number}, readToIoctl: {p50: number, p99: number}, ioctl: {p50: number, p99: number}, origins: Record<string, number>, placement: string, events: number} | null} summary
 */

/**
 * What came of a command.
 *
 * @typedef {object} LiveAnswer
 * @property {number} errno
 * @property {string} errnoName
 * @property {number} field
 * @property {string[]} woke
 * @property {string} why
 * @property {LiveStatus} status
 */

/**
 * @typedef {{type: 'go' | 'stop'} | {type: 'hold', query: string | null} | {type: 'answer', fault: number | null}
 *   | {type: 'ioctl', name: string, region: number, page: number, pages: number, mode: number}} LiveCommand
 */

/** @typedef {{region: number, recorded: number, mapped: number, onlyRecorded: number, onlyMapped: number}} Residency */

/**
 * How an attachment stands; docs/wire-protocol.md.
 *
 * @typedef {object} AttachmentView
 * @property {string} id
 * @property {'waiting' | 'serving' | 'over' | 'failed'} state
 * @property {string} socket
 * @property {string} memory
 * @property {string} policy
 * @property {number} peers
 * @property {number} acceptSeconds
 * @property {number} handshakeSeconds
 * @property {number} watchdogSeconds
 * @property {string} request
 * @property {string | null} failure
 * @property {string[]} refused
 * @property {LiveStatus[]} runs
 */

/**
 * How it stands in words: how long a guest has been frozen comes first.
 *
 * @param {LiveStatus} status
 * @returns {string}
 */
export function liveInWords(status) {
  switch (status.phase) {
    case 'starting':
      return 'The guest is starting';
    case 'running':
      return status.manual ? 'Running; faults will be held' : 'Running freely';
    case 'held': {
      const frozen = formatDuration(status.nowNs - (status.frozenSinceNs ?? status.nowNs));
      const most = status.watchdogNs > 0 ? `the watchdog lets go after ${formatDuration(status.watchdogNs)}` : 'no watchdog';
      return `Guest frozen for ${frozen}; ${most}`;
    }
    case 'done':
      return `Over: ${status.message ?? ''}`;
    default:
      return `Failed: ${status.message ?? ''}`;
  }
}

/** @param {LiveAnswer} answer @returns {string} */
export function answerInWords({ errnoName, field, why }) {
  return errnoName ? `${errnoName}. ${why}` : field > 0 ? `${field} bytes. ${why}` : why;
}

/** @param {Residency[]} residency @returns {string} */
export function residencyInWords(residency) {
  return residency
    .map(({ region, recorded, mapped, onlyRecorded, onlyMapped }) =>
      onlyRecorded + onlyMapped === 0
        ? `Region ${region}: page table and recording agree on ${mapped} mapped pages`
        : `Region ${region}: ${recorded} pages mapped as recorded, ${mapped} in the page table; ${onlyRecorded} only recorded, ${onlyMapped} only there`)
    .join('. ');
}

/** @param {LiveStatus} status @returns {string} latencies of a run that is over, split where they can be */
export function latenciesInWords({ summary }) {
  if (!summary) {
    return '';
  }
  const pair = (/** @type {{p50: number, p99: number}} */ { p50, p99 }) => `${formatDuration(p50)} (99 %: ${formatDuration(p99)})`;
  const origins = Object.entries(summary.origins).map(([origin, times]) => `${formatCount(times)} × ${origin}`).join(', ');
  const touched = origins === '' ? '' : ` Who touched the pages: ${origins}.`;
  const queued = summary.accessToRead.p99 > 0 ? `Access to read ${pair(summary.accessToRead)}` : 'Access to read: not traced';
  return `${queued}. Read to ioctl ${pair(summary.readToIoctl)}, ioctl with its wake ${pair(summary.ioctl)}. Handler: ${summary.placement}.${touched}`;
}
