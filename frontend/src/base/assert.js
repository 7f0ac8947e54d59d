// @ts-check
/**
 * Stops with a clear message where a condition that the code relies on does not hold.
 *
 * @param {unknown} condition
 * @param {string} message
 * @returns {asserts condition}
 */
export function assert(condition, message) {
  if (!condition) {
    throw new Error(message);
  }
}

/**
 * Marks the branch that no value can reach, so that `tsc` reports a case that was forgotten.
 *
 * @param {never} value
 * @returns {never}
 */
export function assertNever(value) {
  throw new Error(`Unexpected value: ${String(value)}`);
}
