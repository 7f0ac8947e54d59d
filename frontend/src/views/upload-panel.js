// @ts-check
import { formatBytes, formatShare } from '../base/format.js';
import { button, el, setText } from './dom.js';

/** How a region is written in the form. */
const FORM = '0xBASE+SIZE=NAME[@0xGPA], one a line';

/**
 * One file on its way: how far, a way to stop it, and what to do when it did not work.
 *
 * @param {HTMLElement} root
 * @param {object} options
 * @param {() => void} options.cancel
 * @param {(regions: string[]) => void} options.again
 */
export function createUploadPanel(root, { cancel, again }) {
  const name = el('strong');
  const how = el('span', { class: 'fs-quiet' });
  const stop = button({ name: 'Cancel the upload', label: 'Cancel', class: 'fs-button fs-button--line', run: cancel });
  const bar = el('progress', { max: 1, value: 0, 'aria-label': 'Upload' });
  const wrong = el('p', { class: 'fs-upload__error', role: 'alert', hidden: true });
  const lines = el('textarea', { spellcheck: 'false', 'aria-label': `Regions: ${FORM}`, placeholder: '0x7f1200000000+32M=guest-ram@0x0' });
  const form = el(
    'details',
    { class: 'fs-upload__regions' },
    el('summary', { text: 'Say where guest memory lies' }),
    el('p', { text: `Needed only where the faults do not tell. ${FORM}.` }),
    lines,
    button({ name: 'Try again', label: 'Try again', class: 'fs-button fs-button--line', run: () => again(regions()) }),
  );
  const panel = el('div', { class: 'fs-upload', hidden: true }, el('div', {}, name, ' ', how), stop, bar, wrong, form);
  root.append(panel);
  const regions = () => lines.value.split('\n').map((line) => line.trim()).filter((line) => line !== '');

  return {
    /** @param {File} file */
    start(file) {
      panel.hidden = false;
      setText(name, file.name);
      setText(how, formatBytes(file.size));
      bar.hidden = false;
      bar.value = 0;
      stop.hidden = false;
      wrong.hidden = true;
      form.hidden = true;
    },
    /** @param {number} sent @param {number} total */
    progress(sent, total) {
      bar.max = Math.max(1, total);
      bar.value = sent;
      setText(how, sent >= total ? 'sent, opening…' : `${formatBytes(sent)} of ${formatBytes(total)}, ${formatShare(sent, total)}`);
    },
    /** @param {string} message @param {boolean} mayRetry whether regions by hand may help */
    failed(message, mayRetry) {
      panel.hidden = false;
      bar.hidden = true;
      stop.hidden = true;
      wrong.hidden = false;
      setText(wrong, message);
      setText(how, '');
      form.hidden = !mayRetry;
    },
    hide() {
      panel.hidden = true;
    },
  };
}
