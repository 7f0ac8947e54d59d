// @ts-check

/** @typedef {import('./messages.js').PageContent} PageContent */
/** @typedef {import('./messages.js').ByteRange} ByteRange */

const PAGE_BYTES = 4096;
const LINE_BYTES = 16;

/** @param {number | null} value @returns {string} such as 0x2a */
export function byteInHex(value) {
  return value === null ? 'not known' : `0x${value.toString(16).padStart(2, '0')}`;
}

/** @param {ByteRange} range @returns {string} */
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
 * @returns {string} empty where the ranges say it
 */
export function contentInWords(content) {
  if (!content) {
    return '';
  }
  if (!content.there) {
    return 'No page is there that could hold anything.';
  }
  return content.known ? '' : 'Not known: the recording says nothing of its bytes.';
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
