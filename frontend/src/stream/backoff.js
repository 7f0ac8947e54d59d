// @ts-check

const FIRST_MS = 500;
const LONGEST_MS = 15_000;

/**
 * How long to wait before another attempt: twice as long each time, up to a quarter of a minute,
 * and less by chance, so that many pages do not return in the same instant.
 *
 * @param {number} attempt from 0
 * @param {() => number} random 0..1
 * @returns {number} milliseconds
 */
export function backoffMs(attempt, random) {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return full / 2 + (full / 2) * random();
}
