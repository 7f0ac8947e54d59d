// @ts-check
import { formatShare } from '../base/format.js';
import { PAGE_WORDS } from './vocabulary.generated.js';

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
