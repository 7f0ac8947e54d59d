// @ts-check

/**
 * @param {string} id of a recording
 * @param {string} [fragment] what is looked at, with its `#`
 * @returns {string} its page in the explorer
 */
export function explorerOf(id, fragment = '') {
  return `/explore/${encodeURIComponent(id)}${fragment}`;
}

/**
 * @param {string} left
 * @param {string} right
 * @param {number | null} [seq] a moment of the left one at which both begin
 * @returns {string} the page of both side by side
 */
export function sideBySideOf(left, right, seq = null) {
  return `/difference?a=${encodeURIComponent(left)}&b=${encodeURIComponent(right)}${seq === null ? '' : `&seq=${seq}`}`;
}
