// @ts-check
import { formatCount, formatDuration, plural, threeDigits } from '../base/format.js';

/** @typedef {import('./messages.js').ToldEvent} ToldEvent */

/**
 * Where two recordings part; docs/wire-protocol.md.
 *
 * @typedef {object} Difference
 * @property {number} same events at the start that are the same
 * @property {boolean} complete
 * @property {ToldEvent[]} left what follows
 * @property {ToldEvent[]} right
 * @property {Count[]} counts
 */

/** `ratio` is right by left, null where left is 0. @typedef {{name: string, unit: 'count' | 'ns', left: number, right: number, ratio: number | null}} Count */

/**
 * What is compared.
 *
 * @typedef {object} Side
 * @property {string} id
 * @property {string} title
 * @property {import('./messages.js').RegionInfo[]} regions
 * @property {import('./messages.js').ActorInfo[]} actors
 * @property {number} events
 * @property {number} endNs
 * @property {boolean} complete whether nothing will be added
 * @property {boolean} over whether nothing will be added by itself
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

/** @param {Count} count @returns {{left: string, right: string, change: string, ratio: string}} */
export function countInWords({ unit, left, right, ratio }) {
  const text = unit === 'ns' ? formatDuration : formatCount;
  const by = right - left;
  return {
    left: text(left),
    right: text(right),
    change: by === 0 ? '' : `${by > 0 ? '+' : '−'}${text(Math.abs(by))}`,
    ratio: ratio === null ? '' : `× ${threeDigits(ratio)}`,
  };
}
