// @ts-check
import { ask, query } from './api.js';

/** @typedef {import('../model/difference.js').Difference} Difference */

/** @param {string} left @param {string} right @returns {Promise<Difference>} */
export const differenceOf = async (left, right) =>
  (await ask(`/api/recordings/${encodeURIComponent(left)}/difference?with=${encodeURIComponent(right)}`)).json();

/** A position, or the moment of a side whose position is meant. @typedef {import('../model/beside.js').Place | {leftSeq: number} | {rightSeq: number}} Position */

/**
 * @param {string} left
 * @param {string} right
 * @param {import('../model/beside.js').Align} align
 * @param {Position} position
 * @returns {Promise<import('../model/beside.js').Beside>}
 */
export const besideOf = async (left, right, align, position) =>
  (await ask(`/api/recordings/${encodeURIComponent(left)}/beside?${query({ with: right, align, ...fieldsOf(position) })}`)).json();

/** @param {Position} position @returns {Record<string, number>} */
function fieldsOf(position) {
  if (!('at' in position)) {
    return position;
  }
  const { at, nth } = position;
  return nth === null ? { at } : { at, nth };
}
