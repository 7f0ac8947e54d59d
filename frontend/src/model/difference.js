// @ts-check
import { formatCount, formatDuration, plural } from '../base/format.js';

/** @typedef {import('./messages.js').ToldEvent} ToldEvent */

/**
 * Where two recordings part; docs/wire-protocol.md.
 *
 * @typedef {object} Difference
 * @property {number} same events at the start that are the same
 * @property {boolean} complete
 * @property {ToldEvent[]} left what follows
 * @property {ToldEvent[]} right
 * @property {boolean} comparable
 * @property {number} differing pages
 * @property {PageDifference[]} pages at most 200
 * @property {{name: string, left: number, right: number}[]} counts
 */

/** @typedef {{region: number, page: number, left: number, right: number, leftFacts: string[], rightFacts: string[]}} PageDifference */

/**
 * What is compared.
 *
 * @typedef {object} Side
 * @property {string} id
 * @property {string} title
 * @property {string[]} regions names
 */

/** @param {Difference} difference @returns {string} */
export function partingInWords({ same, complete, left, right }) {
  const first = formatCount(same);
  if (!complete) {
    return `The first ${plural(same, 'event')} ${same === 1 ? 'is' : 'are'} the same; more were not compared.`;
  }
  if (left.length === 0 && right.length === 0) {
    return `They are the same, all ${plural(same, 'event')}.`;
  }
  if (left.length === 0 || right.length === 0) {
    return `The ${left.length === 0 ? 'left' : 'right'} one stands still at moment ${first}; up to there they are the same, and the other went on.`;
  }
  return same === 0 ? 'They differ from the first event on.' : `They are the same up to moment ${first}, and part there.`;
}

/** @param {Difference} difference @returns {string} */
export function pagesInWords({ comparable, differing, pages }) {
  if (!comparable) {
    return 'They do not have the same memory: pages are not compared.';
  }
  if (differing === 0) {
    return 'Every page is in the same state at both ends.';
  }
  const shown = pages.length < differing ? `, ${formatCount(pages.length)} of them here` : '';
  return `${formatCount(differing)} ${differing === 1 ? 'page is' : 'pages are'} not in the same state at the ends${shown}.`;
}

/**
 * @param {string} name
 * @param {number} left
 * @param {number} right
 * @returns {{left: string, right: string, change: string}}
 */
export function countInWords(name, left, right) {
  const text = name === 'elapsed' ? formatDuration : formatCount;
  const by = right - left;
  return { left: text(left), right: text(right), change: by === 0 ? '' : `${by > 0 ? '+' : '−'}${text(Math.abs(by))}` };
}
