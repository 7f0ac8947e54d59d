// @ts-check
import { keyLabel } from '../base/keyboard.js';
import { isAvailable, runIfAvailable } from '../model/commands.js';
import { button, el } from './dom.js';

/**
 * Every command with its keys, made from the list that the keyboard itself uses. A command runs from
 * here as well.
 *
 * @param {import('../model/commands.js').CommandRegistry} registry
 */
export function createKeySheet(registry) {
  const sheet = el('div', { class: 'fs-sheet' });
  const dialog = el('dialog', { class: 'fs-dialog', 'aria-labelledby': 'sheet-title' });
  dialog.append(
    el(
      'div',
      { class: 'fs-dialog__head' },
      el('h2', { id: 'sheet-title', text: 'Keys and commands' }),
      button({ name: 'Close (Esc)', label: 'Close', run: () => dialog.close() }),
    ),
    sheet,
  );
  dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);

  return {
    /** @returns {boolean} */
    get isOpen() {
      return dialog.open;
    },
    toggle() {
      if (dialog.open) {
        dialog.close();
        return;
      }
      /** @type {Map<string, HTMLElement>} */
      const groups = new Map();
      for (const command of registry.all()) {
        const group = groups.get(command.group) ?? el('section', { class: 'fs-sheet__group' }, el('h3', { text: command.group }));
        groups.set(command.group, group);
        const row = el('button', { type: 'button', class: 'fs-sheet__command', 'data-command': command.id }, el('span', { text: command.name }));
        row.append(
          el('span', { class: 'fs-sheet__keys' }, ...(command.keys ?? []).map((key) => el('kbd', { text: keyLabel(key) }))),
        );
        row.disabled = !isAvailable(command);
        row.addEventListener('click', () => {
          dialog.close();
          runIfAvailable(command);
        });
        group.append(row);
      }
      sheet.replaceChildren(...groups.values());
      dialog.showModal();
    },
  };
}
