// @ts-check

/**
 * The numbers of files and frames and the words for them; the same as in `dev.faultscope.model`.
 */

/** @type {readonly string[]} by code; 0 is no kind */
export const EVENT_KINDS = [
  '',
  'touch',
  'decide',
  'enqueue',
  'read',
  'call',
  'ioctl',
  'install',
  'wake',
  'retry',
  'exit',
  'hole',
  'kernel',
  'region',
  'note',
];

/** @param {number} code @returns {string} */
export function kindName(code) {
  return EVENT_KINDS[code] ?? `kind ${code}`;
}

/** Bits of an event's flags. */
export const EventFlag = /** @type {const} */ ({
  WRITE: 1,
  INFERRED: 1 << 1,
  KERNEL_MODE: 1 << 2,
  MINOR: 1 << 3,
  WP: 1 << 4,
  DONTWAKE: 1 << 5,
  FETCH: 1 << 6,
  PAGE_UNKNOWN: 1 << 7,
});

/**
 * What a fault message asks for, in a word.
 *
 * @param {number} flags of an ENQUEUE
 * @returns {'missing' | 'minor' | 'write-protect'}
 */
export function faultWord(flags) {
  if (flags & EventFlag.WP) {
    return 'write-protect';
  }
  return flags & EventFlag.MINOR ? 'minor' : 'missing';
}

/** @param {number} flags @returns {string} `write`, `read` or `fetch` */
export function accessWord(flags) {
  if (flags & EventFlag.FETCH) {
    return 'fetch';
  }
  return flags & EventFlag.WRITE ? 'write' : 'read';
}

/** The index that stands for "no region" or "no actor" in a record. */
export const NONE = 0xffff;

/** Modes of a region's registration. */
export const RegionMode = /** @type {const} */ ({ MISSING: 1, WP: 2, MINOR: 4 });

/** @type {Record<number, string>} */
const IOCTLS = {
  0x00: 'REGISTER',
  0x01: 'UNREGISTER',
  0x02: 'WAKE',
  0x03: 'COPY',
  0x04: 'ZEROPAGE',
  0x05: 'MOVE',
  0x06: 'WRITEPROTECT',
  0x07: 'CONTINUE',
  0x08: 'POISON',
  0x3f: 'API',
};

/** @type {Record<number, string>} */
const DECISIONS = {
  1: 'cached: minor',
  2: 'absent: missing',
  3: 'anonymous: missing',
  4: 'write-protected',
  5: 'mapped without a message',
  6: 'zero page without a message',
  7: 'present',
  8: 'answered: queued',
  9: 'not answered: resolved by the kernel',
  10: 'may not sleep',
  11: 'SIGBUS feature',
  12: 'user mode only',
  13: 'poisoned',
  14: 'beyond the end',
  15: 'copy on write',
  16: 'Userfault bit',
  17: 'private/shared mismatch',
  18: 'full minor',
  19: 'guest_memfd directly',
  20: 'already queued',
  21: 'outside',
};

/** @type {Record<number, string>} */
const ORIGINS = { 1: 'user', 2: 'kernel', 3: 'stage 2', 4: 'KVM', 5: 'VMM' };

/** @type {Record<number, string>} */
const EXITS = {
  1: 'exception',
  2: 'port I/O',
  4: 'debug',
  5: 'halt',
  6: 'MMIO',
  8: 'shutdown',
  9: 'entry failed',
  10: 'signal',
  17: 'internal error',
  39: 'memory fault',
  128: 'stage-2 fault',
  129: 'interrupt',
  130: 'MMIO handled',
  131: 'guest entered',
  132: 'restart',
  133: 'KVM_RUN failed',
};

/** @type {Record<number, string>} */
const HOLES = {
  1: 'punch hole',
  2: 'MADV_DONTNEED',
  3: 'MADV_REMOVE',
  4: 'MADV_FREE',
  5: 'munmap',
  6: 'truncate',
  7: 'conversion',
};

/** @type {Record<number, string>} */
const KERNEL_EVENTS = {
  1: 'runs',
  2: 'sleeps',
  3: 'preempted',
  4: 'fork',
  5: 'remap',
  6: 'remove',
  7: 'unmap',
  8: 'signal',
  9: 'userfaultfd closed',
  10: 'page-table walk',
  11: 'thread ends',
};

/** @type {Record<number, string>} */
const REGION_CHANGES = { 1: 'appears', 2: 'registered', 3: 'unregistered', 4: 'disappears' };

/**
 * An event's detail in a few words, for a table row. The server's narration says it at length.
 *
 * @param {number} kind
 * @param {number} detail
 * @returns {string}
 */
export function detailWord(kind, detail) {
  switch (EVENT_KINDS[kind]) {
    case 'touch':
      return ORIGINS[detail] ?? '';
    case 'decide':
      return DECISIONS[detail] ?? '';
    case 'call':
    case 'ioctl':
      return IOCTLS[detail] ?? `ioctl ${detail}`;
    case 'exit':
      return EXITS[detail] ?? '';
    case 'hole':
      return HOLES[detail] ?? '';
    case 'kernel':
      return KERNEL_EVENTS[detail] ?? '';
    case 'region':
      return REGION_CHANGES[detail] ?? '';
    default:
      return '';
  }
}

/** @type {Record<number, string>} */
const ERRNOS = {
  1: 'EPERM',
  2: 'ENOENT',
  3: 'ESRCH',
  4: 'EINTR',
  5: 'EIO',
  9: 'EBADF',
  11: 'EAGAIN',
  12: 'ENOMEM',
  14: 'EFAULT',
  16: 'EBUSY',
  17: 'EEXIST',
  22: 'EINVAL',
  28: 'ENOSPC',
  38: 'ENOSYS',
  75: 'EOVERFLOW',
  95: 'EOPNOTSUPP',
};

/** @param {number} errno @returns {string} empty for success */
export function errnoName(errno) {
  return errno === 0 ? '' : (ERRNOS[errno] ?? `errno ${errno}`);
}
