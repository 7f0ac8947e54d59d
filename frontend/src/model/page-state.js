// @ts-check
import { formatShare } from '../base/format.js';
import { isInKernel, isRead } from './view-state.js';
import { EventFlag, PageBit, PAGE_WORDS } from './vocabulary.generated.js';

/**
 * The facts of a state in words, lowest bit first.
 *
 * @param {number} state
 * @returns {string[]} empty for an absent page
 */
export function describeState(state) {
  return PAGE_WORDS.filter((_, bit) => state & (1 << bit));
}

/**
 * The state of a page that a fault waits on: where pages are not known one by one, what the fault says.
 *
 * @param {import('./messages.js').QueueEntry & {region: number}} entry
 * @param {import('./page-store.js').PageStore} pages
 * @returns {number}
 */
export function stateOfWaiting(entry, pages) {
  if (pages.knows(entry.region, entry.page)) {
    return pages.get(entry.region, entry.page);
  }
  if (isInKernel(entry)) {
    return PageBit.IN_KERNEL;
  }
  const kind = entry.flags & EventFlag.MINOR ? PageBit.MINOR : entry.flags & EventFlag.WP ? PageBit.WP_FAULT : entry.flags & EventFlag.RWP ? PageBit.RWP_FAULT : 0;
  return kind | (isRead(entry) ? PageBit.READ : PageBit.QUEUED);
}

/**
 * How much of a region is mapped, which may be more where pages are unknown.
 *
 * @param {number} mapped pages
 * @param {number} unknown pages
 * @param {number} pages of the region
 * @returns {string}
 */
export function mappedInWords(mapped, unknown, pages) {
  if (unknown === 0) {
    return `${formatShare(mapped, pages)} mapped`;
  }
  if (mapped === 0) {
    return 'not known';
  }
  const least = Math.floor((100 * mapped) / pages);
  return least === 0 ? '> 0 % mapped' : `≥ ${least} % mapped`;
}
