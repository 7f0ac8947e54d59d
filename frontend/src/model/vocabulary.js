// @ts-check
import {
  CAUSES,
  DECISIONS,
  ERRNOS,
  EVENT_KINDS,
  EventFlag,
  EXITS,
  FAULT_ORIGINS,
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

/** Faults that wait for the kernel itself, by what they wait for. @type {Readonly<Record<string, {word: string, name: string}>>} */
const KERNEL_FAULTS = {
  stage2: { word: 'stage 2', name: 'stage-2 fault' },
  kvm: { word: 'KVM', name: 'fault of KVM itself' },
  host: { word: 'host', name: 'host fault' },
};

/**
 * Whether faults meet no userfaultfd: the kernel itself answers them, and nobody reads a message.
 *
 * @param {string | null | undefined} origin what is waited for: `uffd`, `stage2`, `kvm` or `host`
 * @returns {boolean}
 */
export function isOfKernel(origin) {
  return origin !== null && origin !== undefined && origin in KERNEL_FAULTS;
}

/**
 * @param {{origin?: string, flags: number}} fault
 * @returns {string} which fault it is, in a word or two; those of a userfaultfd by their message
 */
export function kindOfFault({ origin, flags }) {
  return KERNEL_FAULTS[origin ?? '']?.word ?? faultWord(flags);
}

/** @param {{origin?: string, flags: number}} fault @returns {string} the same before a noun's place: `stage-2 fault`, `minor fault` */
export function nameOfFault({ origin, flags }) {
  return KERNEL_FAULTS[origin ?? '']?.name ?? faultName(flags);
}

/**
 * What was decided of a fault.
 *
 * @param {string | null} cause as the statistics name it
 * @returns {{word: string, text: string}}
 */
export function causeInWords(cause) {
  const known = cause === null ? undefined : CAUSES[cause];
  return known ? { word: known.word.replace(/^stage 2: /, ''), text: known.text } : { word: 'unknown', text: 'the recording does not tell what was decided' };
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

/** That a userfaultfd is waited for goes without saying. */
const OF_KERNEL = { ...FAULT_ORIGINS, 0: '' };

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
    case 'enqueue':
    case 'read':
    case 'wake':
      return OF_KERNEL;
    default:
      return null;
  }
}

/** @param {number} errno @returns {string} empty for success */
export function errnoName(errno) {
  return errno === 0 ? '' : (ERRNOS[errno] ?? `errno ${errno}`);
}
