// @ts-check
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
