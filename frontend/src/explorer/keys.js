// @ts-check
import { isTyping, keyName } from '../base/keyboard.js';
import { runIfAvailable } from '../model/commands.js';

/**
 * Runs the command of a key, unless the key belongs to what is focused.
 *
 * @param {import('../model/commands.js').CommandRegistry} registry
 * @param {() => boolean} blocked while a dialog is open
 * @param {AbortSignal} signal
 */
export function listenToKeys(registry, blocked, signal) {
  document.addEventListener(
    'keydown',
    (event) => {
      const key = keyName(event);
      if (isTyping(event.target) || (blocked() && key !== '?') || belongsTo(event.target, key)) {
        return;
      }
      const command = registry.forKey(key);
      if (command) {
        // F5 must not reload the page, nor Space scroll it, also where the command cannot run now.
        event.preventDefault();
        runIfAvailable(command);
      }
    },
    { signal },
  );
}

/**
 * Keys that a button, a link or a list uses itself.
 *
 * @param {EventTarget | null} target
 * @param {string} key
 * @returns {boolean}
 */
function belongsTo(target, key) {
  if (!(target instanceof HTMLElement)) {
    return false;
  }
  if (key === 'Space' || key === 'Enter') {
    return target.matches('button, a, summary, input, select');
  }
  return target instanceof HTMLSelectElement;
}
