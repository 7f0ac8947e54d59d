// @ts-check
import { button, el } from './dom.js';

/** How a region is written. */
export const REGION_FORM = '0xBASE+SIZE=NAME[@0xGPA]';

/**
 * Asks for regions by hand, one a line, and has the recording read again.
 *
 * @param {(regions: string[]) => Promise<string | null>} submit null, or what was wrong
 */
export function createRegionsDialog(submit) {
  const text = el('textarea', { rows: 5, spellcheck: 'false', 'aria-label': 'Regions, one a line', placeholder: '0x7f1200000000+32M=guest-ram@0x0' });
  text.style.cssText = 'width:100%;font:12px/18px var(--fs-mono);color:var(--fs-ink);background:var(--fs-paper);border:1px solid var(--fs-line-strong);padding:4px 8px';
  const wrong = el('p', { class: 'fs-upload__error', role: 'alert' });
  const dialog = el('dialog', { class: 'fs-dialog', 'aria-labelledby': 'regions-title' });
  const send = async () => {
    const lines = text.value.split('\n').map((line) => line.trim()).filter((line) => line !== '');
    wrong.textContent = lines.length === 0 ? 'Write at least one region.' : ((await submit(lines)) ?? '');
    if (wrong.textContent === '') {
      dialog.close();
    }
  };
  dialog.append(
    el('div', { class: 'fs-dialog__head' }, el('h2', { id: 'regions-title', text: 'Regions of this recording' }), button({ name: 'Close (Esc)', label: 'Close', run: () => dialog.close() })),
    el(
      'div',
      { class: 'fs-state' },
      el('p', { text: `A trace does not say where guest memory lies. One region a line: ${REGION_FORM}; sizes may end in K, M or G. /proc/PID/maps or the VMM's log has them.` }),
      text,
      wrong,
      button({ name: 'Read again with these regions', label: 'Read again with these regions', class: 'fs-button fs-button--primary', run: () => void send() }),
    ),
  );
  document.body.append(dialog);
  return {
    get isOpen() {
      return dialog.open;
    },
    open() {
      wrong.textContent = '';
      dialog.showModal();
    },
  };
}
