// @ts-check
import { formatHex } from '../base/format.js';
import { guestAddress } from '../model/page-ref.js';
import { describeState } from '../model/page-state.js';
import { el } from './dom.js';

/** Space between the pointer and the tooltip, CSS pixels. */
const AWAY = 14;

/** What the page under the pointer is. The inspector says the same of the selected one. */
export function createTooltip() {
  const root = el('div', { class: 'fs-tooltip', role: 'tooltip', hidden: true });
  return {
    root,
    hide() {
      root.hidden = true;
    },
    /**
     * @param {import('../model/page-ref.js').PageRef} page
     * @param {number | null} bits null while they are asked for
     * @param {import('../model/messages.js').MetaMessage | null} meta
     * @param {string} waiting who waits, or empty
     * @param {string} around of what its pixel stands for, or empty
     */
    fill({ region, page }, bits, meta, waiting, around) {
      const known = meta?.regions[region];
      const gpa = known ? guestAddress(known, page) : null;
      const facts = bits === null ? ['being read'] : describeState(bits);
      root.replaceChildren(
        el('div', { class: 'fs-tooltip__title fs-mono', text: `${formatHex(page)}${gpa ? `  gpa ${gpa}` : ''}` }),
        facts.length > 0 ? facts.join(' · ') : 'absent',
      );
      if (around) {
        root.append(el('div', { text: around }));
      }
      if (waiting) {
        root.append(el('div', { text: waiting }));
      }
    },
    /**
     * Beside the pointer, on the side where there is room.
     *
     * @param {number} x
     * @param {number} y
     * @param {HTMLElement} within
     */
    place(x, y, within) {
      root.hidden = false;
      const right = within.clientWidth - root.offsetWidth - 4;
      const bottom = within.clientHeight - root.offsetHeight - 4;
      root.style.left = `${x + AWAY > right ? Math.max(0, x - root.offsetWidth - AWAY / 2) : x + AWAY}px`;
      root.style.top = `${y + AWAY > bottom ? Math.max(0, y - root.offsetHeight - AWAY / 2) : y + AWAY}px`;
    },
  };
}
