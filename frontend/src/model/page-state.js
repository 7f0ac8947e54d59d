// @ts-check

/** The 16 facts of a page; the same bits as in `dev.faultscope.model.PageState`. */
export const PageBit = /** @type {const} */ ({
  CACHED: 1,
  MAPPED: 1 << 1,
  STAGE2: 1 << 2,
  DIRTY: 1 << 3,
  UFFD_WP: 1 << 4,
  USERFAULT: 1 << 5,
  PRIVATE: 1 << 6,
  POISONED: 1 << 7,
  QUEUED: 1 << 8,
  READ: 1 << 9,
  HELD: 1 << 10,
  MINOR: 1 << 11,
  WP_FAULT: 1 << 12,
  ZERO: 1 << 13,
  ERROR: 1 << 14,
});

const WORDS = [
  'in cache',
  'mapped',
  'mapped in stage 2',
  'dirty',
  'write-protected',
  'userfault bit',
  'private',
  'poisoned',
  'fault queued',
  'fault read',
  'held',
  'minor',
  'write-protect fault',
  'zero',
  'error',
];

/**
 * The facts of a state in words, lowest bit first.
 *
 * @param {number} state
 * @returns {string[]} empty for an absent page
 */
export function describeState(state) {
  return WORDS.filter((_, bit) => state & (1 << bit));
}
