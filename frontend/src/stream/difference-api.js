// @ts-check
import { ask } from './api.js';

/** @typedef {import('../model/difference.js').Difference} Difference */

/** @param {string} left @param {string} right @returns {Promise<Difference>} */
export const differenceOf = async (left, right) =>
  (await ask(`/api/recordings/${encodeURIComponent(left)}/difference?with=${encodeURIComponent(right)}`)).json();
