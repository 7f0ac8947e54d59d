// @ts-check
import { el, setText } from './dom.js';

/** Space between the pointer and the tooltip, CSS pixels. */
const AWAY = 12;

/**
 * Lines of text beside the pointer, on the side where there is room.
 *
 * @param {HTMLElement} surface that it is in
 */
export function createTextTooltip(surface) {
  const root = el('div', { class: 'fs-tooltip', role: 'tooltip', hidden: true });
  surface.append(root);
  return {
    /** @param {string[]} lines @param {number} x @param {number} y of the pointer, CSS pixels in the surface */
    show(lines, x, y) {
      setText(root, lines.join('\n'));
      root.hidden = false;
      root.style.left = `${x + AWAY + root.offsetWidth > surface.clientWidth ? x - AWAY - root.offsetWidth : x + AWAY}px`;
      root.style.top = `${Math.max(0, Math.min(y + AWAY, surface.clientHeight - root.offsetHeight - 2))}px`;
    },
    hide() {
      root.hidden = true;
    },
  };
}
