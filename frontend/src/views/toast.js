// @ts-check
import { el } from './dom.js';

/** How long a short message stays. */
const SHOWN_MS = 4000;

/** A short message that goes by itself: a link was copied, nothing more was found. */
export function createToast() {
  const toast = el('div', { class: 'fs-toast', role: 'status', hidden: true });
  document.body.append(toast);
  let timer = 0;
  return {
    /** @param {string} text */
    show(text) {
      toast.textContent = text;
      toast.hidden = false;
      window.clearTimeout(timer);
      timer = window.setTimeout(() => (toast.hidden = true), SHOWN_MS);
    },
    hide() {
      toast.hidden = true;
    },
  };
}
