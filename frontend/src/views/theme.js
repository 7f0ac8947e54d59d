// @ts-check
import { recall, remember } from './storage.js';

/** @typedef {'system' | 'light' | 'dark'} Theme */

const ORDER = /** @type {const} */ (['system', 'light', 'dark']);

/** @returns {Theme} what a person chose */
export function chosenTheme() {
  const stored = recall('theme');
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

/**
 * Applies the choice; boot/theme.js has done the same before the first paint.
 *
 * @param {Theme} theme
 */
function apply(theme) {
  const dark = theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
}

/** @returns {Theme} the next of system, light, dark, now applied */
export function nextTheme() {
  const theme = ORDER[(ORDER.indexOf(chosenTheme()) + 1) % ORDER.length];
  remember('theme', theme === 'system' ? null : theme);
  apply(theme);
  return theme;
}

/**
 * Calls back when colours have changed: the system's theme, contrast, or a choice in another tab.
 *
 * @param {() => void} changed
 * @param {AbortSignal} signal
 */
export function watchTheme(changed, signal) {
  const update = () => {
    apply(chosenTheme());
    changed();
  };
  for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) {
    matchMedia(query).addEventListener('change', update, { signal });
  }
  window.addEventListener('storage', update, { signal });
}
