// @ts-check
import { formatBytes, formatHex } from '../base/format.js';
import { waitingWord } from './run-status.js';
import { IOCTLS as ALL } from './vocabulary.generated.js';

/** @typedef {import('./run-status.js').WaitingFault} WaitingFault */
/** @typedef {import('./run-status.js').RunAnswer} RunAnswer */

/** @typedef {(typeof ALL)[number]['name']} IoctlName */

/**
 * @typedef {object} IoctlCommand
 * @property {'ioctl'} type
 * @property {string} uffd
 * @property {IoctlName} name
 * @property {number} region
 * @property {number} page
 * @property {number} pages
 * @property {string[]} mode
 * @property {number} [value] COPY: the byte of every page; -1: the page's number modulo 255
 * @property {number} [fromPage] COPY, MOVE: first page that is taken
 * @property {number} [fromRegion] where that page is
 */

/**
 * What a person can say of an ioctl.
 *
 * @typedef {object} IoctlKind
 * @property {IoctlName} name
 * @property {string[]} modes bits that it knows
 * @property {boolean} takesValue
 * @property {boolean} takesSource
 * @property {string} about what it does and what it is for, in one sentence
 */

/** @type {readonly IoctlKind[]} those that answer a fault first */
export const IOCTLS = [...ALL]
  .sort((a, b) => Number(b.fills) - Number(a.fills))
  .map(({ name, modes, source, sentence }) => ({
    name,
    modes: Object.keys(modes),
    takesValue: source === 'bytes',
    takesSource: source !== 'none',
    about: sentence,
  }));

/** @param {string} name @returns {IoctlKind} */
export function ioctlKind(name) {
  return IOCTLS.find((each) => each.name === name) ?? IOCTLS[0];
}

/**
 * The ioctl that answers a fault, as a handler that knows what it does would choose.
 *
 * @param {WaitingFault} fault
 * @returns {IoctlName}
 */
export function fittingIoctl(fault) {
  switch (waitingWord(fault)) {
    case 'minor':
      return 'CONTINUE';
    case 'write-protect':
      return 'WRITEPROTECT';
    case 'missing':
      return 'COPY';
  }
}

/** @typedef {'pattern' | 'value' | 'page'} Content where a COPY takes its bytes from */

/**
 * What stands in the form, as it was typed.
 *
 * @typedef {object} IoctlDraft
 * @property {string} uffd
 * @property {string} name
 * @property {string} region index
 * @property {string} page
 * @property {string} pages
 * @property {string[]} mode
 * @property {Content} content
 * @property {string} value
 * @property {string} fromRegion index
 * @property {string} fromPage
 */

/** A draft that makes no command: which field, and what it must be. */
export class DraftError extends Error {
  /** @param {keyof IoctlDraft} field @param {string} message */
  constructor(field, message) {
    super(message);
    this.field = field;
  }
}

/**
 * @param {IoctlDraft} draft
 * @returns {IoctlCommand}
 * @throws {DraftError}
 */
export function ioctlCommand(draft) {
  const { name, modes, takesValue, takesSource } = ioctlKind(draft.name);
  if (draft.uffd === '') {
    throw new DraftError('uffd', 'This run has no userfaultfd.');
  }
  /** @type {IoctlCommand} */
  const command = {
    type: 'ioctl',
    uffd: draft.uffd,
    name,
    region: whole(draft.region, 'region', 0, 0xfffe, 'Region'),
    page: whole(draft.page, 'page', 0, 0x7fffffff, 'Page'),
    pages: whole(draft.pages, 'pages', 1, 1 << 22, 'Pages'),
    mode: draft.mode.filter((mode) => modes.includes(mode)),
  };
  if (takesSource && (!takesValue || draft.content === 'page')) {
    command.fromRegion = whole(draft.fromRegion, 'fromRegion', 0, 0xfffe, 'From region');
    command.fromPage = whole(draft.fromPage, 'fromPage', 0, 0x7fffffff, 'From page');
  } else if (takesValue) {
    command.value = draft.content === 'pattern' ? -1 : whole(draft.value, 'value', 0, 255, 'Byte');
  }
  return command;
}

/**
 * @param {string} text
 * @returns {number | null} a page's number, decimal or with 0x
 */
export function readWhole(text) {
  return /^(0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text.trim()) ? Number(text.trim()) : null;
}

/**
 * @param {string} text
 * @param {keyof IoctlDraft} field
 * @param {number} least
 * @param {number} most
 * @param {string} label
 */
function whole(text, field, least, most, label) {
  const value = readWhole(text);
  if (value === null || value < least || value > most) {
    throw new DraftError(field, `${label} must be a whole number from ${least} to ${most}, as 26 or 0x1a.`);
  }
  return value;
}

/**
 * What a person did and what came of it: one entry of the log.
 *
 * @typedef {object} RunInput
 * @property {string} what
 * @property {boolean} ok
 * @property {string} result errno and result field
 * @property {number[]} woke actors
 * @property {string} why
 * @property {number | null} from first event that it caused
 */

/**
 * @param {string} what
 * @param {RunAnswer} answer
 * @returns {RunInput}
 */
export function inputOf(what, answer) {
  const { errno, errnoName, field, woke, why, events } = answer;
  const result = [errno === 0 ? 'OK' : errnoName, field === null || field === undefined ? '' : fieldInWords(field)];
  return {
    what,
    ok: errno === 0,
    result: result.filter(Boolean).join(', '),
    woke,
    why: why === '' ? '' : `${why[0].toUpperCase()}${why.slice(1)}${/[.!?]$/.test(why) ? '' : '.'}`,
    from: events.from <= events.to ? events.from : null,
  };
}

/**
 * @param {RunInput} input
 * @param {(actor: number) => string} label
 * @returns {string}
 */
export function wokeInWords({ woke }, label) {
  return woke.length === 0 ? 'woke nobody' : `woke ${woke.map(label).join(', ')}`;
}

/** @param {number} field @returns {string} bytes that are done, or a negative errno as the kernel leaves it there */
function fieldInWords(field) {
  return field < 0 ? `result field ${field}`.replace('-', '−') : `result field ${field === 0 ? 0 : formatBytes(field)}`;
}

/** @param {IoctlCommand} command @param {(region: number) => string} regionName @returns {string} */
export function commandInWords({ name, region, page, pages, mode, value, fromPage, fromRegion }, regionName) {
  const range = pages === 1 ? formatHex(page) : `${formatHex(page)}…${formatHex(page + pages - 1)}`;
  const from = fromPage === undefined ? '' : ` from ${regionName(fromRegion ?? region)} ${formatHex(fromPage)}`;
  const bytes = value === undefined ? '' : value < 0 ? ' of its own bytes' : ` of ${formatHex(value)}`;
  return `${name} ${regionName(region)} ${range}${bytes}${from}${mode.length > 0 ? `, ${mode.join('|')}` : ''}`;
}
