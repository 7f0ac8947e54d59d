// @ts-check
import {
  DECISIONS,
  ERRNOS,
  EVENT_KINDS,
  EventFlag,
  EXITS,
  HOLES,
  IOCTL_NAMES,
  KERNEL_EVENTS,
  ORIGINS,
  REGION_CHANGES,
} from './vocabulary.generated.js';

/** @param {number} code @returns {string} */
export function kindName(code) {
  return EVENT_KINDS[code] ?? `kind ${code}`;
}

/** @param {string} name in either case @returns {number} 0 where no kind has it */
export function kindCode(name) {
  const found = Object.entries(EVENT_KINDS).find(([, kind]) => kind === name.toLowerCase());
  return found ? Number(found[0]) : 0;
}

/**
 * What a fault message asks for, in a word.
 *
 * @param {number} flags of an ENQUEUE
 * @returns {'missing' | 'minor' | 'write-protect' | 'read-write-protect' | 'unknown'}
 */
export function faultWord(flags) {
  if (flags & EventFlag.KIND_UNKNOWN) {
    return 'unknown';
  }
  if (flags & EventFlag.RWP) {
    return 'read-write-protect';
  }
  if (flags & EventFlag.WP) {
    return 'write-protect';
  }
  return flags & EventFlag.MINOR ? 'minor' : 'missing';
}

/**
 * The kind of a fault as it stands before a noun's place: `minor fault`, `fault of an unknown kind`.
 *
 * @param {number} flags of an ENQUEUE
 * @returns {string}
 */
export function faultName(flags) {
  return flags & EventFlag.KIND_UNKNOWN ? 'fault of an unknown kind' : `${faultWord(flags)} fault`;
}

/**
 * Whether a recording says which page a fault is on. Its page number means nothing where it does not.
 *
 * @template {{region: number | null, flags: number}} T
 * @param {T} fault
 * @returns {fault is T & {region: number}}
 */
export function isPlaced(fault) {
  return fault.region !== null && (fault.flags & EventFlag.PAGE_UNKNOWN) === 0;
}

/** @param {number} flags @returns {string} `write`, `read`, `fetch` or `unknown` */
export function accessWord(flags) {
  if (flags & EventFlag.ACCESS_UNKNOWN) {
    return 'unknown';
  }
  if (flags & EventFlag.FETCH) {
    return 'fetch';
  }
  return flags & EventFlag.WRITE ? 'write' : 'read';
}

/**
 * An event's detail in a few words, for a table row. The server's narration says it at length.
 *
 * @param {number} kind
 * @param {number} detail
 * @returns {string} empty for a kind without a detail
 */
export function detailWord(kind, detail) {
  const words = detailsOf(kindName(kind));
  return words ? (words[detail] ?? `${kindName(kind)} ${detail}`) : '';
}

/** @param {string} kind @returns {Readonly<Record<number, string>> | null} */
function detailsOf(kind) {
  switch (kind) {
    case 'touch':
      return ORIGINS;
    case 'decide':
      return DECISIONS;
    case 'call':
    case 'ioctl':
      return IOCTL_NAMES;
    case 'exit':
      return EXITS;
    case 'hole':
      return HOLES;
    case 'kernel':
      return KERNEL_EVENTS;
    case 'region':
      return REGION_CHANGES;
    default:
      return null;
  }
}

/** @param {number} errno @returns {string} empty for success */
export function errnoName(errno) {
  return errno === 0 ? '' : (ERRNOS[errno] ?? `errno ${errno}`);
}
