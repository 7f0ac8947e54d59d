// @ts-check
import { CellRuns } from './cell-runs.js';
import { Runs } from './runs.js';
import { EventFlag, NONE } from './vocabulary.generated.js';

/**
 * Binary frames of `faultscope.v1` (docs/wire-protocol.md). A frame is checked against its own
 * length before anything is believed.
 */

const MAGIC = 0x5346;
const VERSION = 2;
const HEADER_BYTES = 24;

/** Bytes of one event record. */
export const RECORD_BYTES = 32;

const REGION_BITS = 13;
const NO_REGION = 2 ** REGION_BITS - 1;
const NO_ACTOR = 2 ** 15 - 1;
const MOST_PAGES = 2 ** 31 - 1;

/** Pages of a cell: 8 × 8. */
const CELL_PAGES = 64;

/** Pages of any region stay below this. */
const MAX_PAGE = 2 ** 31;

/**
 * @typedef {object} Head
 * @property {number} epoch
 * @property {number} seqFrom
 * @property {number} seqTo
 */

/**
 * @typedef {Head & {type: 'SNAP', region: number, encoding: 'RAW' | 'RLE', reset: boolean,
 *   first: number, count: number, runs: Runs}} SnapFrame `reset`: forget every state before applying
 */

/** @typedef {Head & {type: 'DELTA', groups: {region: number, runs: Runs}[]}} DeltaFrame */

/** @typedef {Head & {type: 'EVENTS', events: EventRecord[]}} EventsFrame */

/** @typedef {Head & {type: 'CELLS', reset: boolean, groups: {region: number, cells: CellRuns}[]}} CellsFrame */

/** @typedef {Head & {type: 'TILES', tiles: {region: number, tile: number}[]}} TilesFrame of which pages are told from now on */

/** @typedef {SnapFrame | DeltaFrame | EventsFrame | CellsFrame | TilesFrame} Frame */

/**
 * @typedef {object} EventRecord
 * @property {number} seq
 * @property {number} timeNs
 * @property {number} kind
 * @property {number} detail
 * @property {number} flags
 * @property {number} region
 * @property {number} page
 * @property {number} pages
 * @property {number} actor
 * @property {number} before code of a state
 * @property {number} after code of a state
 * @property {number} errno
 * @property {number} cause sequence number, 0 for none
 */

/** Said of a frame that is not what the protocol describes. */
export class FrameError extends Error {
  /** @param {string} what @param {number} offset */
  constructor(what, offset) {
    super(`bad frame at byte ${offset}: ${what}`);
    this.offset = offset;
  }
}

/** Reads a frame from front to back and stops at its end. */
class Reader {
  /** @param {ArrayBuffer} buffer */
  constructor(buffer) {
    this.view = new DataView(buffer);
    this.at = 0;
  }

  /** @returns {number} bytes not yet read */
  get left() {
    return this.view.byteLength - this.at;
  }

  /** @param {number} bytes @returns {number} where they start */
  take(bytes) {
    if (this.left < bytes) {
      throw new FrameError(`${bytes} bytes wanted, ${this.left} left`, this.at);
    }
    const at = this.at;
    this.at += bytes;
    return at;
  }

  u8() {
    return this.view.getUint8(this.take(1));
  }

  u16() {
    return this.view.getUint16(this.take(2), true);
  }

  u32() {
    return this.view.getUint32(this.take(4), true);
  }

  /** Numbers above 2^53 do not occur: a recording has fewer events. */
  u64() {
    const at = this.take(8);
    const value = this.view.getUint32(at, true) + this.view.getUint32(at + 4, true) * 2 ** 32;
    if (!Number.isSafeInteger(value)) {
      throw new FrameError('a number above 2^53', at);
    }
    return value;
  }

  varint() {
    const start = this.at;
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 5; i++) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        return value;
      }
      scale *= 128;
    }
    throw new FrameError('a varint of more than five bytes', start);
  }

  expectEnd() {
    if (this.left !== 0) {
      throw new FrameError(`${this.left} bytes too many`, this.at);
    }
  }
}

/**
 * @param {ArrayBuffer} buffer
 * @returns {Frame}
 * @throws {FrameError}
 */
export function decodeFrame(buffer) {
  if (buffer.byteLength < HEADER_BYTES) {
    throw new FrameError(`a frame has at least ${HEADER_BYTES} bytes`, buffer.byteLength);
  }
  const reader = new Reader(buffer);
  if (reader.u16() !== MAGIC) {
    throw new FrameError('not a Faultscope frame', 0);
  }
  const version = reader.u8();
  if (version !== VERSION) {
    throw new FrameError(`version ${version}, this page reads ${VERSION}`, 2);
  }
  const type = reader.u8();
  const head = { epoch: reader.u32(), seqFrom: reader.u64(), seqTo: reader.u64() };
  switch (type) {
    case 1:
      return snap(reader, head);
    case 2:
      return delta(reader, head);
    case 3:
      return events(reader, head);
    case 4:
      return cells(reader, head);
    case 5:
      return tiles(reader, head);
    default:
      throw new FrameError(`no frame has type ${type}`, 3);
  }
}

/** @param {Reader} reader @param {Head} head @returns {SnapFrame} */
function snap(reader, head) {
  const region = reader.u16();
  const encoding = reader.u8();
  const reset = (reader.u8() & 1) !== 0;
  const first = reader.u32();
  const count = reader.u32();
  if (first + count > MAX_PAGE) {
    throw new FrameError(`pages ${first}+${count}`, 28);
  }
  switch (encoding) {
    case 0:
      return { type: 'SNAP', ...head, region, encoding: 'RAW', reset, first, count, runs: raw(reader, first, count) };
    case 1:
      return { type: 'SNAP', ...head, region, encoding: 'RLE', reset, first, count, runs: rle(reader, first, count) };
    default:
      throw new FrameError(`no encoding ${encoding}`, 26);
  }
}

/** @param {Reader} reader @param {number} first @param {number} count @returns {Runs} */
function raw(reader, first, count) {
  if (reader.left !== count * 2) {
    throw new FrameError(`${count} states need ${count * 2} bytes, ${reader.left} follow`, reader.at);
  }
  const runs = new Runs(count);
  for (let page = first; page < first + count; page++) {
    runs.push(page, 1, reader.u16());
  }
  return runs;
}

/** @param {Reader} reader @param {number} first @param {number} count @returns {Runs} */
function rle(reader, first, count) {
  const runs = new Runs(Math.ceil(reader.left / 3));
  const end = first + count;
  let page = first;
  while (page < end) {
    const at = reader.at;
    const length = reader.varint();
    const state = reader.u16();
    if (length === 0 || page + length > end) {
      throw new FrameError(`a run of ${length} pages from ${page}, the frame ends at ${end}`, at);
    }
    runs.push(page, length, state);
    page += length;
  }
  reader.expectEnd();
  return runs;
}

/** @param {Reader} reader @param {Head} head @returns {DeltaFrame} */
function delta(reader, head) {
  const groupCount = reader.u16();
  reader.u16();
  const groups = [];
  for (let group = 0; group < groupCount; group++) {
    const region = reader.u16();
    reader.u16();
    const n = reader.u32();
    const runs = new Runs(Math.min(n, Math.ceil(reader.left / 4)));
    let page = 0;
    for (let i = 0; i < n; i++) {
      const at = reader.at;
      const first = page + reader.varint();
      const length = reader.varint();
      const state = reader.u16();
      if (length === 0 || first + length > MAX_PAGE) {
        throw new FrameError(`a run of ${length} pages from ${first}`, at);
      }
      runs.push(first, length, state);
      page = first + length;
    }
    groups.push({ region, runs });
  }
  reader.expectEnd();
  return { type: 'DELTA', ...head, groups };
}

/** @param {Reader} reader @param {Head} head @returns {CellsFrame} */
function cells(reader, head) {
  const groupCount = reader.u16();
  const reset = (reader.u8() & 1) !== 0;
  reader.u8();
  const groups = [];
  for (let group = 0; group < groupCount; group++) {
    const region = reader.u16();
    reader.u16();
    const n = reader.u32();
    const runs = new CellRuns();
    let cell = 0;
    for (let i = 0; i < n; i++) {
      const at = reader.at;
      const first = cell + reader.varint();
      const length = reader.varint();
      const kinds = reader.varint();
      if (length === 0 || kinds === 0 || kinds > CELL_PAGES || (first + length) * CELL_PAGES > MAX_PAGE) {
        throw new FrameError(`${length} cells from ${first} with ${kinds} states`, at);
      }
      runs.push(first, length, kinds === 1 ? reader.u16() : shares(reader, kinds));
      cell = first + length;
    }
    groups.push({ region, cells: runs });
  }
  reader.expectEnd();
  return { type: 'CELLS', ...head, reset, groups };
}

/** @param {Reader} reader @param {number} kinds @returns {[code: number, pages: number][]} */
function shares(reader, kinds) {
  /** @type {[number, number][]} */
  const list = [];
  let sum = 0;
  for (let i = 0; i < kinds; i++) {
    const at = reader.at;
    const code = reader.u16();
    const pages = reader.varint();
    sum += pages;
    if (pages === 0 || sum > CELL_PAGES) {
      throw new FrameError(`${pages} pages of state ${code}, ${sum} of the cell`, at);
    }
    list.push([code, pages]);
  }
  return list;
}

/** @param {Reader} reader @param {Head} head @returns {TilesFrame} */
function tiles(reader, head) {
  const n = reader.u32();
  if (reader.left !== n * 4) {
    throw new FrameError(`${n} tiles need ${n * 4} bytes, ${reader.left} follow`, reader.at);
  }
  const list = [];
  for (let i = 0; i < n; i++) {
    list.push({ region: reader.u16(), tile: reader.u16() });
  }
  return { type: 'TILES', ...head, tiles: list };
}

/** @param {Reader} reader @param {Head} head @returns {EventsFrame} */
function events(reader, head) {
  // Where there is none, the last number is the one before the first.
  const count = head.seqTo - head.seqFrom + 1;
  if (reader.left !== count * RECORD_BYTES) {
    throw new FrameError(
      `events ${head.seqFrom} to ${head.seqTo} need ${count * RECORD_BYTES} bytes, ${reader.left} follow`,
      HEADER_BYTES,
    );
  }
  const list = [];
  for (let i = 0; i < count; i++) {
    list.push(record(reader, head.seqFrom + i));
  }
  return { type: 'EVENTS', ...head, events: list };
}

/** @param {Reader} reader @param {number} seq @returns {EventRecord} */
function record(reader, seq) {
  const timeNs = reader.u64();
  const first = reader.u32();
  const count = reader.u32();
  const distance = reader.u32();
  const before = reader.u16();
  const after = reader.u16();
  const who = reader.u32();
  const region = who & NO_REGION;
  const actor = (who >>> REGION_BITS) & NO_ACTOR;
  const kind = reader.u8();
  const detail = reader.u8();
  const flags = reader.u8() | ((who >>> 28) << 8) | (count >>> 31 ? EventFlag.CONTINUED : 0);
  const errno = reader.u8();
  const cause = distance === 0 ? 0 : seq - distance;
  return {
    seq,
    timeNs,
    kind,
    detail,
    flags,
    region: region === NO_REGION ? NONE : region,
    page: first & MOST_PAGES,
    pages: count & MOST_PAGES,
    actor: actor === NO_ACTOR ? NONE : actor,
    before,
    after,
    errno,
    cause,
  };
}

/**
 * Applies a frame's states.
 *
 * @param {Frame} frame
 * @param {import('./page-store.js').PageStore} pages
 */
export function applyFrame(frame, pages) {
  switch (frame.type) {
    case 'SNAP':
      if (frame.reset) {
        pages.clear();
      }
      pages.openTile(frame.region, frame.first);
      frame.runs.forEach((first, count, state) => pages.set(frame.region, first, count, state));
      break;
    case 'DELTA':
      for (const { region, runs } of frame.groups) {
        runs.forEach((first, count, state) => pages.set(region, first, count, state));
      }
      break;
    case 'CELLS':
      if (frame.reset) {
        pages.clearToCells();
      }
      for (const { region, cells } of frame.groups) {
        cells.forEach((first, length, content) => pages.setCells(region, first, length, content));
      }
      break;
    case 'TILES':
      pages.keepTiles(frame.tiles);
      break;
    case 'EVENTS':
      break;
  }
}
