// @ts-check
import { formatHex } from '../base/format.js';
import { DraftError, fittingIoctl, ioctlCommand, ioctlKind, IOCTLS } from '../model/hand.js';
import { whyNot } from '../model/run-status.js';
import { el, isEdited, setText } from './dom.js';

/** @typedef {import('../model/run-status.js').WaitingFault} WaitingFault */
/** @typedef {import('../model/view-state.js').ViewState} ViewState */
/** @typedef {import('../model/hand.js').IoctlCommand} IoctlCommand */

/** hugetlb is answered in huge pages only. */
const HUGE_PAGES = 512;

/**
 * Any ioctl on any range; as it comes, the one that answers the chosen fault.
 *
 * @param {object} options
 * @param {(command: IoctlCommand) => void} options.submit
 */
export function createIoctlForm({ submit }) {
  const uffd = el('select', { class: 'fs-field-box', 'aria-label': 'userfaultfd' });
  const name = el('select', { class: 'fs-field-box', 'aria-label': 'ioctl' }, ...IOCTLS.map((each) => el('option', { text: each.name })));
  const region = el('select', { class: 'fs-field-box', 'aria-label': 'Region' });
  const page = box('First page', '0x0');
  const pages = box('Pages', '1');
  const content = el('select', { class: 'fs-field-box', 'aria-label': 'What it copies' }, option('pattern', 'its own bytes'), option('value', 'one byte'), option('page', 'a page'));
  const value = box('Byte', '0x5a');
  const sourceRegion = el('select', { class: 'fs-field-box', 'aria-label': 'Source region' });
  const sourcePage = box('First page of the source', '0x0');
  const modes = el('div', { class: 'fs-hand__modes', role: 'group', 'aria-label': 'Mode bits' });
  const about = el('p', { class: 'fs-quiet fs-hand__about' });
  const wrong = el('p', { class: 'fs-field__wrong', role: 'alert' });
  const send = el('button', { class: 'fs-button fs-button--primary', title: 'Make the ioctl (O)' });
  const row = (/** @type {string} */ label, /** @type {HTMLElement[]} */ ...controls) =>
    el('div', { class: 'fs-hand__row' }, el('span', { class: 'fs-hand__label', text: label }), el('span', { class: 'fs-hand__controls' }, ...controls));
  const contentRow = row('of', content, value);
  const sourceRow = row('source', sourceRegion, sourcePage);
  const modeRow = row('mode', modes);
  const uffdRow = row('on', uffd);
  const fieldset = el('fieldset', { class: 'fs-hand__fields' }, row('ioctl', name), about, row('at', region, page), row('pages', pages), contentRow, sourceRow, modeRow, uffdRow, wrong, send);
  const root = el('form', { class: 'fs-hand__form', 'aria-label': 'ioctl', novalidate: true }, fieldset);

  name.addEventListener('change', showKind);
  content.addEventListener('change', showKind);
  root.addEventListener('submit', (event) => {
    event.preventDefault();
    make();
  });
  /** @type {number | null} */
  let followed = null;
  let regions = '';
  let uffds = '';
  let shownKind = '';
  /** @type {import('../model/run-status.js').Capabilities | null} */
  let can = null;
  showKind();

  return {
    root,
    submit: make,
    /** @param {ViewState} state @param {WaitingFault | null} fault @param {boolean} over */
    update({ meta, run }, fault, over) {
      fieldset.disabled = over;
      if (run && JSON.stringify(run.can) !== JSON.stringify(can)) {
        can = run.can;
        const page = /** @type {HTMLOptionElement} */ (content.querySelector('[value=page]'));
        page.disabled = can.source !== null;
        page.title = can.source ?? '';
        showKind();
      }
      const names = (meta?.regions ?? []).map((each) => each.name);
      if (names.join('\n') !== regions) {
        regions = names.join('\n');
        for (const select of [region, sourceRegion]) {
          const was = select.value;
          select.replaceChildren(...names.map((each, index) => option(String(index), each)));
          select.value = was || '0';
        }
      }
      if (run && run.uffds.join('\n') !== uffds) {
        uffds = run.uffds.join('\n');
        uffd.replaceChildren(...run.uffds.map((each) => option(each, each)));
        uffdRow.hidden = run.uffds.length < 2;
      }
      // Where somebody types, nothing changes under the fingers.
      if (fault && fault.seq !== followed && !isEdited(root)) {
        followed = fault.seq;
        const huge = meta?.regions[fault.region]?.backing === 'hugetlb';
        name.value = fittingIoctl(fault);
        region.value = String(fault.region);
        page.value = formatHex(huge ? fault.page - (fault.page % HUGE_PAGES) : fault.page);
        pages.value = String(huge ? HUGE_PAGES : 1);
        uffd.value = fault.uffd;
        showKind();
      }
    },
  };

  function showKind() {
    const kind = ioctlKind(name.value);
    const takesPage = kind.takesSource && (!kind.takesValue || content.value === 'page');
    const not = whyNot(can?.ioctl ?? [], kind.name);
    setText(about, not ?? kind.about);
    about.dataset.not = String(not !== null);
    send.disabled = not !== null;
    setText(send, name.value);
    contentRow.hidden = !kind.takesValue;
    value.hidden = content.value !== 'value';
    sourceRow.hidden = !takesPage;
    modeRow.hidden = kind.modes.length === 0;
    if (kind.name !== shownKind) {
      shownKind = kind.name;
      modes.replaceChildren(...kind.modes.map((mode) => el('label', {}, el('input', { type: 'checkbox', value: mode }), mode)));
    }
  }

  function make() {
    for (const each of [page, pages, value, sourcePage]) {
      each.removeAttribute('aria-invalid');
    }
    setText(wrong, '');
    try {
      submit(
        ioctlCommand({
          uffd: uffd.value,
          name: name.value,
          region: region.value,
          page: page.value,
          pages: pages.value,
          mode: [.../** @type {NodeListOf<HTMLInputElement>} */ (modes.querySelectorAll('input:checked'))].map((each) => each.value),
          content: /** @type {import('../model/hand.js').Content} */ (content.value),
          value: value.value,
          fromRegion: sourceRegion.value,
          fromPage: sourcePage.value,
        }),
      );
    } catch (error) {
      if (!(error instanceof DraftError)) {
        throw error;
      }
      const fields = /** @type {Partial<Record<string, HTMLElement>>} */ ({ page, pages, value, fromPage: sourcePage });
      setText(wrong, error.message);
      fields[error.field]?.setAttribute('aria-invalid', 'true');
      fields[error.field]?.focus();
    }
  }
}

/** @param {string} label @param {string} value */
function box(label, value) {
  return el('input', { class: 'fs-field-box', 'aria-label': label, title: label, value, autocomplete: 'off', spellcheck: 'false' });
}

/** @param {string} value @param {string} text */
function option(value, text) {
  return el('option', { value, text });
}
