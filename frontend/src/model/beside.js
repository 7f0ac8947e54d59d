// @ts-check
import { formatClock, formatCount, formatHex, plural } from '../base/format.js';

/**
 * Two recordings at one position; docs/wire-protocol.md.
 *
 * @typedef {object} Beside
 * @property {Align} align
 * @property {number} at
 * @property {number | null} nth of the events at that time so many; null for all
 * @property {number} end the last position
 * @property {BesideSide} left
 * @property {BesideSide} right
 * @property {{back: Place | null, forward: Place | null, faultBack: Place | null, faultForward: Place | null}} steps
 * @property {PageDifference} pages
 */

/** @typedef {'time' | 'fault' | 'pages'} Align */

/** A position. @typedef {{at: number, nth: number | null}} Place */

/**
 * @typedef {object} BesideSide
 * @property {number} seq
 * @property {number} events
 * @property {number} timeNs
 * @property {number} endNs
 * @property {number} end its own last position
 * @property {boolean} past whether the position is behind that
 * @property {string} narration
 * @property {number} waiting
 */

/**
 * @typedef {object} PageDifference
 * @property {number} pagesPerCell
 * @property {boolean} stage2 whether what stage 2 maps is compared
 * @property {RegionPair[]} regions
 * @property {{region: number, name: string, pages: number}[]} leftOnly
 * @property {{region: number, name: string, pages: number}[]} rightOnly
 * @property {{region: number, rightRegion: number, page: number, left: number, right: number, leftFacts: string[], rightFacts: string[]}[]} differing
 */

/**
 * @typedef {object} RegionPair
 * @property {number} left
 * @property {number} right
 * @property {string} leftName
 * @property {string} rightName
 * @property {'name' | 'place'} by
 * @property {number} pages
 * @property {number} leftPages
 * @property {number} rightPages
 * @property {number} same
 * @property {number} differing
 * @property {number} unknown
 * @property {number[]} runs
 */

/** Pages of one cell. @typedef {{same: number, differing: number, unknown: number}} Cell */

/** What is kept in the address; `seq` is a moment of the left one whose position is meant. @typedef {{a: string, b: string, align: Align, place: Place | null, seq: number | null, page: {region: number, page: number} | null, range: {fromNs: number, toNs: number} | null}} BesideLink */

/** What two recordings can be laid beside each other by. @type {readonly {id: Align, name: string, about: string}[]} */
export const ALIGNMENTS = [
  { id: 'time', name: 'Time', about: 'Each as long after its start' },
  { id: 'fault', name: 'Fault number', about: 'Each where the fault of that number is queued' },
  { id: 'pages', name: 'Pages served', about: 'Each where ioctls have served so many pages' },
];

/** Numbers of a run of equal cells. */
const RUN = 4;

/** @param {string} search @returns {BesideLink} what cannot be understood is as by default */
export function decodeBeside(search) {
  const asked = new URLSearchParams(search);
  const align = ALIGNMENTS.find(({ id }) => id === asked.get('align'))?.id ?? 'time';
  const [region, page] = (asked.get('page') ?? '').split(':').map(wholeNumber);
  const [fromNs, toNs] = (asked.get('range') ?? '').split('-').map(wholeNumber);
  return {
    a: asked.get('a') ?? '',
    b: asked.get('b') ?? '',
    align,
    place: placeOf(asked.get('at') ?? ''),
    seq: wholeNumber(asked.get('seq') ?? ''),
    page: region === null || page === null || page === undefined ? null : { region, page },
    range: fromNs === null || toNs === null || toNs === undefined || toNs <= fromNs ? null : { fromNs, toNs },
  };
}

/** @param {BesideLink} link @returns {string} with its `?` */
export function encodeBeside({ a, b, align, place, seq, page, range }) {
  const parts = [`a=${encodeURIComponent(a)}`, `b=${encodeURIComponent(b)}`, `align=${align}`];
  if (place) {
    parts.push(`at=${placeName(place)}`);
  } else if (seq !== null) {
    parts.push(`seq=${seq}`);
  }
  if (page) {
    parts.push(`page=${page.region}:${formatHex(page.page)}`);
  }
  if (range) {
    parts.push(`range=${Math.round(range.fromNs)}-${Math.round(range.toNs)}`);
  }
  return `?${parts.join('&')}`;
}

/** @param {Place} place @returns {string} as links name it: `12000`, or `12000.3` behind the third event at that time */
export function placeName({ at, nth }) {
  return nth === null ? String(at) : `${at}.${nth}`;
}

/** @param {string} text @returns {Place | null} */
function placeOf(text) {
  const [at, nth] = text.split('.').map(wholeNumber);
  return at === null ? null : { at, nth: nth ?? null };
}

/** @param {string} text @returns {number | null} */
function wholeNumber(text) {
  return /^(0x[0-9a-f]{1,13}|\d{1,15})$/i.test(text) ? Number(text) : null;
}

/** @param {RegionPair} region @returns {Cell[]} */
export function cellsOf({ runs }) {
  /** @type {Cell[]} */
  const cells = [];
  for (let i = 0; i < runs.length; i += RUN) {
    const cell = { same: runs[i + 1], differing: runs[i + 2], unknown: runs[i + 3] };
    for (let n = 0; n < runs[i]; n++) {
      cells.push(cell);
    }
  }
  return cells;
}

/**
 * @param {Cell[]} cells
 * @param {number} from a cell, -1 before the first
 * @param {1 | -1} direction
 * @returns {number} the next cell with a page that differs, -1 where there is none
 */
export function nextDiffering(cells, from, direction) {
  for (let i = from + direction; i >= 0 && i < cells.length; i += direction) {
    if (cells[i].differing > 0) {
      return i;
    }
  }
  return -1;
}

/** @param {Beside} beside @returns {string} */
export function positionInWords({ align, at, nth, end }) {
  switch (align) {
    case 'time':
      return `${formatClock(at)}${nth === null ? '' : nth === 0 ? ', before it' : `, event ${formatCount(nth)} there`} of ${formatClock(end)}`;
    case 'fault':
      return at === end ? `behind the last fault, ${formatCount(end - 1)}` : at === 0 ? `before the first of ${formatCount(end - 1)}` : `fault ${formatCount(at)} of ${formatCount(end - 1)}`;
    case 'pages':
      return at === end ? `behind the last page, ${formatCount(end - 1)}` : `${formatCount(at)} of ${plural(end - 1, 'page')} served`;
  }
}

/**
 * @param {Align} align
 * @param {BesideSide} side
 * @param {boolean} over whether nothing will be added by itself
 * @returns {string} why it stands at its end; empty where it does not
 */
export function pastInWords(align, { past, end, endNs }, over) {
  if (!past) {
    return '';
  }
  const how = over ? 'at its end' : 'so far';
  switch (align) {
    case 'time':
      return over ? `over since ${formatClock(endNs)}` : `so far it has come to ${formatClock(endNs)}`;
    case 'fault':
      return `${how}: it has ${end === 0 ? 'no fault' : plural(end, 'fault')}`;
    case 'pages':
      return `${how}: it has ${end === 0 ? 'no page' : plural(end, 'page')} served`;
  }
}

/** @param {RegionPair} region @returns {string} */
export function regionInWords({ leftName, rightName, by, pages, leftPages, rightPages, same, differing, unknown }) {
  const whose = by === 'name' ? leftName : `${leftName} and ${rightName}, which lie at the same place`;
  const counts = [
    `${plural(differing, 'page')} ${differing === 1 ? 'differs' : 'differ'}`,
    `${formatCount(same)} the same`,
    ...(unknown > 0 ? [`${formatCount(unknown)} unknown`] : []),
    ...(leftPages === rightPages ? [] : [`${plural(Math.max(leftPages, rightPages) - pages, 'page')} only ${leftPages > rightPages ? 'left' : 'right'}`]),
  ];
  return `${whose}: ${counts.join(' · ')}`;
}

/** @param {PageDifference} pages @returns {string[]} what is not compared, and why */
export function notCompared({ regions, leftOnly, rightOnly, stage2 }) {
  const only = (/** @type {string} */ side, /** @type {{name: string, pages: number}[]} */ all) =>
    all.length === 0 ? [] : [`Only the ${side} one has ${all.map(({ name, pages }) => `${name} (${plural(pages, 'page')})`).join(', ')}.`];
  return [
    ...(regions.length === 0 ? ['No region of one stands for one of the other, by name or by place.'] : []),
    ...only('left', leftOnly),
    ...only('right', rightOnly),
    ...(stage2 || regions.length === 0 ? [] : ['What stage 2 maps is not compared: only simulations tell all of it.']),
  ];
}

/**
 * @param {PageDifference} pages
 * @param {number} cell its number in the region
 * @param {Cell} counts
 * @returns {string} which pages a cell stands for, and how they stand
 */
export function cellInWords({ pagesPerCell }, cell, { same, differing, unknown }) {
  const first = cell * pagesPerCell;
  const count = same + differing + unknown;
  if (pagesPerCell === 1) {
    return `page ${formatHex(first)} ${differing > 0 ? 'differs' : unknown > 0 ? 'is unknown on at least one side' : 'is the same on both sides'}`;
  }
  const parts = [`${formatCount(differing)} differ`, `${formatCount(same)} the same`, ...(unknown > 0 ? [`${formatCount(unknown)} unknown`] : [])];
  return `pages ${formatHex(first)} to ${formatHex(first + count - 1)}: ${parts.join(', ')}`;
}
