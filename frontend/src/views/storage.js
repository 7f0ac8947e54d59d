// @ts-check

/**
 * What this browser remembers of how a person likes the page. Storage may be forbidden or full; then
 * nothing is remembered.
 */

const PREFIX = 'faultscope.';

/** @param {string} key @returns {string | null} */
export function recall(key) {
  try {
    return localStorage.getItem(PREFIX + key);
  } catch {
    return null;
  }
}

/** @param {string} key @param {string | null} value */
export function remember(key, value) {
  try {
    if (value === null) {
      localStorage.removeItem(PREFIX + key);
    } else {
      localStorage.setItem(PREFIX + key, value);
    }
  } catch {
    // Not remembered: everything still works.
  }
}
