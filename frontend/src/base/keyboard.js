// @ts-check

/**
 * A key with its modifiers as people write it: `Shift+ArrowRight`, `/`, `Space`. Where a character
 * needs Shift to be typed (`?`, `>`, `:`), the character alone is the name, on every keyboard
 * layout.
 *
 * @param {{key: string, code?: string, shiftKey: boolean, altKey: boolean, ctrlKey: boolean, metaKey: boolean}} event
 * @returns {string}
 */
export function keyName(event) {
  let key = event.key === ' ' ? 'Space' : event.key;
  const character = key.length === 1;
  const letter = character && key.toLowerCase() !== key.toUpperCase();
  if (letter) {
    key = key.toUpperCase();
  }
  const parts = [];
  if (event.ctrlKey || event.metaKey) {
    parts.push('Ctrl');
  }
  if (event.altKey) {
    parts.push('Alt');
  }
  if (event.shiftKey && (!character || letter)) {
    parts.push('Shift');
  }
  parts.push(key);
  return parts.join('+');
}

/** @type {Record<string, string>} */
const SIGNS = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
};

/**
 * @param {string} name as {@link keyName} gives it
 * @returns {string} what a key sheet shows
 */
export function keyLabel(name) {
  return name
    .split(/\+(?=.)/)
    .map((part) => SIGNS[part] ?? part)
    .join(' ');
}

/**
 * Whether keys belong to what is focused (somebody types), not to the page.
 *
 * @param {EventTarget | null} target
 * @returns {boolean}
 */
export function isTyping(target) {
  if (!(target instanceof HTMLElement)) {
    return false;
  }
  if (target instanceof HTMLInputElement) {
    return !['range', 'checkbox', 'radio', 'button', 'submit'].includes(target.type);
  }
  return target instanceof HTMLTextAreaElement || target.isContentEditable;
}
