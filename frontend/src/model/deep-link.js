// @ts-check
import { formatHex } from '../base/format.js';
import { LAYERS } from './paint.js';

/**
 * A moment and what is looked at, as the fragment of an address:
 * `#seq=41&page=0:0x1a3&lens=space&layer=fault`. Names a moment by sequence number and a page by
 * region and number, so a link means the same in every browser.
 */

/** @typedef {import('./paint.js').LayerId} LayerId */
/** @typedef {import('./page-ref.js').PageRef} PageRef */
/** @typedef {import('./lens-registry.js').LensId} LensId */
/** @typedef {'page' | 'kernel' | 'breaks' | 'marks' | 'hand'} SideId what the inspector's column shows */
/** @typedef {'events' | 'faults' | 'pages' | 'regions'} TableId */

/**
 * @typedef {object} DeepLink
 * @property {number | null} seq null: not said
 * @property {PageRef | null} page
 * @property {number | null} actor
 * @property {LensId} lens
 * @property {LayerId} layer
 * @property {TableId} table
 * @property {SideId} side
 * @property {number | null} mark the time of A while there is no B, in nanoseconds; with B both are in the query
 * @property {string | null} query a predicate whose hits are shown
 * @property {import('./breakpoints.js').BreakpointLink[]} breakpoints
 */

/** @type {Readonly<DeepLink>} */
export const DEFAULT_LINK = {
  seq: null,
  page: null,
  actor: null,
  lens: 'space',
  layer: 'fault',
  table: 'events',
  side: 'page',
  mark: null,
  query: null,
  breakpoints: [],
};

const SIDES = ['page', 'kernel', 'breaks', 'marks', 'hand'];
const TABLES = ['events', 'faults', 'pages', 'regions'];

/**
 * @param {DeepLink} link
 * @returns {string} without `#`
 */
export function encodeLink(link) {
  const parts = [];
  if (link.seq !== null) {
    parts.push(`seq=${link.seq}`);
  }
  if (link.page) {
    parts.push(`page=${link.page.region}:${formatHex(link.page.page)}`);
  }
  if (link.actor !== null) {
    parts.push(`actor=${link.actor}`);
  }
  parts.push(`lens=${link.lens}`);
  if (link.table !== DEFAULT_LINK.table) {
    parts.push(`table=${link.table}`);
  }
  parts.push(`layer=${link.layer}`);
  if (link.side !== DEFAULT_LINK.side) {
    parts.push(`side=${link.side}`);
  }
  if (link.mark !== null) {
    parts.push(`a=${link.mark}`);
  }
  if (link.query) {
    parts.push(`query=${encodeURIComponent(link.query)}`);
  }
  for (const { query, on, once } of link.breakpoints) {
    parts.push(`break${once ? '-once' : ''}${on ? '' : '-off'}=${encodeURIComponent(query)}`);
  }
  return parts.join('&');
}

/**
 * @param {string} fragment with or without `#`; what cannot be understood is as by default
 * @param {import('./lens-registry.js').LensRegistry<unknown>} lenses
 * @returns {DeepLink}
 */
export function decodeLink(fragment, lenses) {
  /** @type {DeepLink} */
  const link = { ...DEFAULT_LINK, breakpoints: [] };
  for (const part of fragment.replace(/^#/, '').split('&')) {
    const equals = part.indexOf('=');
    const value = part.slice(equals + 1);
    switch (part.slice(0, Math.max(0, equals))) {
      case 'seq':
        link.seq = wholeNumber(value);
        break;
      case 'page':
        link.page = pageRef(value);
        break;
      case 'actor':
        link.actor = wholeNumber(value);
        break;
      case 'lens':
        link.lens = lenses.all().some(({ id }) => id === value) ? value : link.lens;
        break;
      case 'layer':
        link.layer = Object.hasOwn(LAYERS, value) ? value : link.layer;
        break;
      case 'table':
        link.table = TABLES.includes(value) ? /** @type {TableId} */ (value) : link.table;
        break;
      case 'side':
        link.side = SIDES.includes(value) ? /** @type {SideId} */ (value) : link.side;
        break;
      case 'a':
        link.mark = wholeNumber(value);
        break;
      case 'query':
        link.query = decoded(value);
        break;
      case 'break':
      case 'break-off':
      case 'break-once':
      case 'break-once-off': {
        const query = decoded(value);
        if (query !== null) {
          link.breakpoints.push({ query, on: !part.startsWith('break-off=') && !part.startsWith('break-once-off='), once: part.startsWith('break-once') });
        }
        break;
      }
    }
  }
  return link;
}

/** @param {string} text @returns {number | null} */
function wholeNumber(text) {
  return /^(0x[0-9a-f]{1,13}|\d{1,15})$/i.test(text) ? Number(text) : null;
}

/** @param {string} text @returns {PageRef | null} */
function pageRef(text) {
  const [region, page] = text.split(':').map(wholeNumber);
  return region === null || page === null || region === undefined || page === undefined
    ? null
    : { region, page };
}

/** @param {string} text @returns {string | null} */
function decoded(text) {
  try {
    return decodeURIComponent(text) || null;
  } catch {
    return null;
  }
}
