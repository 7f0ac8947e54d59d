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

/**
 * What this tab keeps until it is closed: what somebody has typed.
 *
 * @param {string} key
 * @returns {string | null}
 */
export function kept(key) {
  try {
    return sessionStorage.getItem(PREFIX + key);
  } catch {
    return null;
  }
}

/** @param {string} key @param {string | null} value */
export function keep(key, value) {
  try {
    if (value === null) {
      sessionStorage.removeItem(PREFIX + key);
    } else {
      sessionStorage.setItem(PREFIX + key, value);
    }
  } catch {
    // Not kept: it is still on the page.
  }
}

/** Under this a scenario's text is handed on to the page that compares handlers. */
export const COMPARED = 'compared';
