// @ts-check

/** @typedef {import('./messages.js').PageContent} PageContent */
/** @typedef {import('./messages.js').ByteRange} ByteRange */

const PAGE_BYTES = 4096;
const LINE_BYTES = 16;

/** Ranges of a page that a line names. */
const MOST_RANGES = 4;

/** @param {number | null} value @returns {string} such as 0x2a */
export function byteInHex(value) {
  return value === null ? 'not known' : `0x${value.toString(16).padStart(2, '0')}`;
}

/** @param {{offset: number, length: number}} range @returns {string} */
export function rangeInWords({ offset, length }) {
  if (length === PAGE_BYTES) {
    return 'every byte';
  }
  return length === 1 ? `byte ${offset}` : `bytes ${offset} to ${offset + length - 1}`;
}

/**
 * What is known of a page's bytes, in a line.
 *
 * @param {PageContent | undefined} content
 * @param {boolean} [hostTold] whether the recording tells more than what stage 2 has
 * @returns {string} empty where the ranges say it
 */
export function contentInWords(content, hostTold = true) {
  if (!content) {
    return '';
  }
  if (!content.there) {
    return hostTold ? 'No page is there that could hold anything.' : 'Not known: the recording tells of stage 2 alone, and not of the host’s page.';
  }
  return content.known ? '' : 'Not known: the recording says nothing of its bytes.';
}

/**
 * What a page holds, in a line beside another page's.
 *
 * @param {PageContent} content
 * @returns {string} empty where no page is there
 */
export function bytesInWords({ there, known, ranges }) {
  if (!there || !known) {
    return there ? 'its bytes are not known' : '';
  }
  /** @type {{offset: number, length: number, value: number | null}[]} */
  const alike = [];
  for (const { offset, length, value } of ranges) {
    const last = alike.at(-1);
    // Who wrote it makes no other content.
    if (last && last.value === value) {
      last.length += length;
    } else {
      alike.push({ offset, length, value });
    }
  }
  const told = alike.slice(0, MOST_RANGES).map((range) => `${byteInHex(range.value)} in ${rangeInWords(range)}`);
  const more = alike.length - told.length;
  return [...told, ...(more > 0 ? [`${more} ranges more`] : [])].join(', ');
}

/**
 * The page as hexdump writes it: a line that repeats the one before is a star.
 *
 * @param {PageContent} content
 * @returns {string} two question marks where a byte is not known
 */
export function hexDump({ ranges }) {
  const bytes = ranges.flatMap(({ length, value }) => Array(length).fill(value === null ? '??' : value.toString(16).padStart(2, '0')));
  const lines = [];
  let last = '';
  for (let at = 0; at < bytes.length; at += LINE_BYTES) {
    const line = bytes.slice(at, at + LINE_BYTES).join(' ');
    if (line !== last) {
      lines.push(`${at.toString(16).padStart(3, '0')}  ${line}`);
    } else if (lines.at(-1) !== '*') {
      lines.push('*');
    }
    last = line;
  }
  return lines.join('\n');
}
