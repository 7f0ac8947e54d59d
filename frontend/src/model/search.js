// @ts-check
import { formatClock, formatCount, formatHex, plural } from '../base/format.js';
import { pageOfAddress } from './page-ref.js';
import { PAGE_BYTES } from './vocabulary.generated.js';

/** @typedef {import('./messages.js').MetaMessage} MetaMessage */

/**
 * Where a search leads.
 *
 * @typedef {{kind: 'page', page: import('./page-ref.js').PageRef}
 *   | {kind: 'moment', seq: number}
 *   | {kind: 'time', timeNs: number}
 *   | {kind: 'region', region: number}
 *   | {kind: 'actor', actor: number}
 *   | {kind: 'query', query: string}} Target
 */

/** @typedef {{text: string, note: string, target: Target}} Suggestion */

/** Suggestions of one kind; more would not be read. */
const MOST_OF_A_KIND = 6;

/**
 * What a typed text can mean: a page, an address, a moment, a time, a region, a thread, or a
 * predicate.
 *
 * @param {string} typed
 * @param {MetaMessage | null} meta
 * @returns {Suggestion[]}
 */
export function suggest(typed, meta) {
  const text = typed.trim();
  if (text === '' || !meta) {
    return [];
  }
  return [...byNumber(text, meta), ...byTime(text, meta), ...byName(text, meta), ...byPredicate(text)];
}

/** @param {string} text @param {MetaMessage} meta @returns {Suggestion[]} */
function byNumber(text, meta) {
  const match = /^(?:(gfn|page|gpa|hva|seq|#)\s*)?(0x[0-9a-f]{1,16}|\d{1,18})$/i.exec(text);
  if (!match) {
    return [];
  }
  const word = (match[1] ?? '').toLowerCase();
  const value = BigInt(match[2]);
  const found = /** @type {Suggestion[]} */ ([]);
  if (word === '' || word === 'page') {
    found.push(...asPage(value, meta));
  }
  if (word === '' || word === 'gfn') {
    found.push(...asGuestFrame(value, meta));
  }
  if (word === 'gpa' || word === 'hva' || (word === '' && value >= BigInt(PAGE_BYTES))) {
    found.push(...asAddress(value, meta));
  }
  if ((word === 'seq' || word === '#' || (word === '' && !text.startsWith('0x'))) && value <= BigInt(meta.events)) {
    const seq = Number(value);
    found.push({ text: `event ${formatCount(seq)}`, note: 'go to this moment', target: { kind: 'moment', seq } });
  }
  return found;
}

/** @param {bigint} value @param {MetaMessage} meta @returns {Suggestion[]} */
function asPage(value, meta) {
  return meta.regions
    .filter((region) => value < BigInt(region.pages))
    .slice(0, MOST_OF_A_KIND)
    .map((region) => ({
      text: `page ${formatHex(value)}`,
      note: region.name,
      target: { kind: 'page', page: { region: region.index, page: Number(value) } },
    }));
}

/** @param {bigint} value @param {MetaMessage} meta @returns {Suggestion[]} */
function asGuestFrame(value, meta) {
  const page = pageOfAddress(meta.regions.map((region) => ({ ...region, base: region.gpaBase ?? '0xffffffffffffffff' })), value * BigInt(PAGE_BYTES));
  const region = page && meta.regions[page.region];
  if (!page || !region || (BigInt(page.page) === value && meta.regions.length === 1)) {
    // Where guest memory starts at 0, frame and page are the same number: one line is enough.
    return [];
  }
  return [{ text: `gfn ${formatHex(value)}`, note: `page ${formatHex(page.page)} of ${region.name}`, target: { kind: 'page', page } }];
}

/** @param {bigint} value @param {MetaMessage} meta @returns {Suggestion[]} */
function asAddress(value, meta) {
  const page = pageOfAddress(meta.regions, value);
  if (!page) {
    return [];
  }
  const { name } = meta.regions[page.region];
  return [{ text: `address ${formatHex(value)}`, note: `page ${formatHex(page.page)} of ${name}`, target: { kind: 'page', page } }];
}

/** @type {Record<string, number>} */
const UNITS = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9 };

/** @param {string} text @param {MetaMessage} meta @returns {Suggestion[]} */
function byTime(text, meta) {
  const match = /^(\d+(?:\.\d+)?)\s*(ns|us|µs|ms|s)$/.exec(text);
  if (!match) {
    return [];
  }
  const timeNs = Math.min(meta.endNs, Math.round(Number(match[1]) * UNITS[match[2]]));
  return [{ text: `time ${formatClock(timeNs)}`, note: 'go to this moment', target: { kind: 'time', timeNs } }];
}

/** @param {string} text @param {MetaMessage} meta @returns {Suggestion[]} */
function byName(text, meta) {
  const wanted = text.toLowerCase();
  const regions = meta.regions
    .filter(({ name }) => name.toLowerCase().includes(wanted))
    .slice(0, MOST_OF_A_KIND)
    .map(({ name, index, pages }) => /** @type {Suggestion} */ ({
      text: name,
      note: `region of ${plural(pages, 'page')}`,
      target: { kind: 'region', region: index },
    }));
  const actors = meta.actors
    .filter(({ label, name, tid }) => String(tid) === wanted || [label, name].some((known) => known.toLowerCase().includes(wanted)))
    .slice(0, MOST_OF_A_KIND)
    .map(({ label, tid, index }) => /** @type {Suggestion} */ ({
      text: label,
      note: tid >= 0 ? `thread ${tid}` : 'thread',
      target: { kind: 'actor', actor: index },
    }));
  return [...regions, ...actors];
}

/** @param {string} text @returns {Suggestion[]} */
function byPredicate(text) {
  return /[=<>]|\bin\b/.test(text)
    ? [{ text: `events where ${text}`, note: 'predicate', target: { kind: 'query', query: text } }]
    : [];
}
