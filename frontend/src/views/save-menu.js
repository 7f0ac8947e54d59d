// @ts-check
import { button, el, icon } from './dom.js';

/** @typedef {{name: string, text: string}} Form a form to save in: its name, and it in words */

const SAVE = 'M8 2.5v7M5 7l3 3 3-3M3 12.5h10';

/**
 * A tool that opens a menu of every form a recording can be saved in. The server says which there are.
 *
 * @param {object} options
 * @param {() => Promise<Form[]>} options.forms
 * @param {(form: string) => string} options.addressOf where the recording is fetched in a form
 * @param {(message: string) => void} options.failed
 */
export function createSaveMenu({ forms, addressOf, failed }) {
  const menu = el('div', { class: 'fs-menu', id: 'save-menu', role: 'menu', 'aria-label': 'Save the recording as', popover: 'auto' });
  const tool = button({ name: 'Save as…', class: 'fs-top-bar__tool', icon: icon(SAVE), run: () => void open() });
  tool.setAttribute('aria-haspopup', 'menu');
  tool.setAttribute('aria-expanded', 'false');
  tool.setAttribute('aria-controls', menu.id);
  const items = () => /** @type {HTMLElement[]} */ ([...menu.querySelectorAll('[role=menuitem]')]);

  menu.addEventListener('toggle', (event) => {
    const isOpen = /** @type {ToggleEvent} */ (event).newState === 'open';
    tool.setAttribute('aria-expanded', String(isOpen));
    if (isOpen) {
      items()[0]?.focus();
    }
  });
  menu.addEventListener('keydown', (event) => {
    const all = items();
    const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      all.at(to % all.length)?.focus();
    } else if (event.key === 'Tab') {
      menu.hidePopover();
    }
    // Keys of the page are none of the menu's.
    event.stopPropagation();
  });

  async function open() {
    if (menu.matches(':popover-open')) {
      menu.hidePopover();
      return;
    }
    try {
      const known = await forms();
      menu.replaceChildren(...known.map(({ name, text }) => {
        const item = el('a', { class: 'fs-menu__item', role: 'menuitem', href: addressOf(name), download: '', tabindex: -1 }, el('span', { text }), el('span', { class: 'fs-mono fs-quiet', text: `.${name}` }));
        item.addEventListener('click', () => menu.hidePopover());
        return item;
      }));
    } catch (error) {
      failed(error instanceof Error ? error.message : String(error));
      return;
    }
    const place = tool.getBoundingClientRect();
    menu.style.top = `${place.bottom + 4}px`;
    menu.style.right = `${document.documentElement.clientWidth - place.right}px`;
    menu.showPopover();
  }

  return { tool, menu, open: () => void open() };
}
