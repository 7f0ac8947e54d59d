// @ts-check
import { formatClock, formatCount, formatHex } from '../base/format.js';
import { regionName } from './view-state.js';

/** @typedef {import('./messages.js').BookmarkInfo} BookmarkInfo */

/**
 * A bookmark that somebody writes: a new one, whose number is null, or another text for one.
 *
 * @typedef {{number: number | null, seq: number, page: import('./page-ref.js').PageRef | null, text: string}} Noting
 */

/** Bookmarks too close to be drawn apart. @typedef {{at: number, bookmarks: BookmarkInfo[]}} Flag */

/** As the server has it. */
export const MOST_CHARS = 500;

/** Of a flag that stands for more, the rest is counted. */
const MOST_TOLD = 6;

/**
 * @param {BookmarkInfo} bookmark
 * @returns {import('./page-ref.js').PageRef | null}
 */
export function pageOf({ region, page }) {
  return region === null || page === null ? null : { region, page };
}

/**
 * @param {import('./messages.js').MetaMessage | null} meta
 * @param {{seq: number, page: import('./page-ref.js').PageRef | null, timeNs?: number | null}} place
 * @returns {string} `#41 · 0.000 012 s · ram 0x1a`
 */
export function placeInWords(meta, { seq, page, timeNs }) {
  const time = timeNs === undefined ? null : timeNs === null ? 'beyond what is here' : formatClock(timeNs);
  return [`#${formatCount(seq)}`, time, page && `${regionName(meta, page.region)} ${formatHex(page.page)}`].filter(Boolean).join(' · ');
}

/**
 * @param {import('./messages.js').MetaMessage | null} meta
 * @param {BookmarkInfo[]} bookmarks
 * @returns {string} a line each
 */
export function bookmarksInWords(meta, bookmarks) {
  const lines = bookmarks.slice(0, MOST_TOLD).map((each) => {
    const place = placeInWords(meta, { seq: each.seq, page: pageOf(each) });
    return each.text === '' ? place : `${place}: ${each.text}`;
  });
  const rest = bookmarks.length - lines.length;
  return (rest > 0 ? [...lines, `and ${formatCount(rest)} more here`] : lines).join('\n');
}

/**
 * @param {BookmarkInfo[]} bookmarks by moment
 * @param {number} seq
 * @param {1 | -1} direction
 * @returns {BookmarkInfo | undefined} the nearest at another moment
 */
export function bookmarkBeside(bookmarks, seq, direction) {
  return direction > 0 ? bookmarks.find((each) => each.seq > seq) : bookmarks.findLast((each) => each.seq < seq);
}

/**
 * @param {BookmarkInfo[]} bookmarks by moment
 * @param {(bookmark: BookmarkInfo) => number | null} placeOf in pixels; null where it is not on screen
 * @param {number} gap in pixels
 * @returns {Flag[]} none closer to the next than that
 */
export function flagsOf(bookmarks, placeOf, gap) {
  /** @type {Flag[]} */
  const flags = [];
  for (const bookmark of bookmarks) {
    const at = placeOf(bookmark);
    const last = flags.at(-1);
    if (at !== null && last && at - last.at < gap) {
      last.bookmarks.push(bookmark);
    } else if (at !== null) {
      flags.push({ at, bookmarks: [bookmark] });
    }
  }
  return flags;
}
