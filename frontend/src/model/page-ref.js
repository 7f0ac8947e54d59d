// @ts-check
import { formatHex } from '../base/format.js';
import { PAGE_BYTES } from './vocabulary.generated.js';

/** @typedef {{region: number, page: number}} PageRef */

/** The same as a shift. */
export const PAGE_SHIFT = Math.log2(PAGE_BYTES);

const SHIFT = BigInt(PAGE_SHIFT);

/**
 * @param {PageRef | null} a
 * @param {PageRef | null} b
 */
export function samePage(a, b) {
  return a === b || (a !== null && b !== null && a.region === b.region && a.page === b.page);
}

/**
 * Host virtual address of a page. Addresses exceed 2^53, so they are bigints.
 *
 * @param {{base: string, gpaBase: string | null}} region
 * @param {number} page
 * @returns {string | null} null where the recording does not say: a region known by its guest
 *     physical addresses alone has those in place of it
 */
export function hostAddress(region, page) {
  if (region.base === region.gpaBase) {
    return null;
  }
  return formatHex(BigInt(region.base) + (BigInt(page) << SHIFT));
}

/**
 * Guest physical address of a page.
 *
 * @param {{gpaBase: string | null}} region
 * @param {number} page
 * @returns {string | null} null where the recording does not say
 */
export function guestAddress(region, page) {
  return region.gpaBase === null
    ? null
    : formatHex(BigInt(region.gpaBase) + (BigInt(page) << SHIFT));
}

/**
 * Guest frame number of a page.
 *
 * @param {{gpaBase: string | null}} region
 * @param {number} page
 * @returns {string | null} null where the recording does not say
 */
export function guestFrame(region, page) {
  return region.gpaBase === null
    ? null
    : formatHex((BigInt(region.gpaBase) >> SHIFT) + BigInt(page));
}

/**
 * The page of an address, host virtual or guest physical.
 *
 * @param {{index: number, base: string, gpaBase: string | null, pages: number}[]} regions
 * @param {bigint} address
 * @returns {PageRef | null}
 */
export function pageOfAddress(regions, address) {
  for (const key of /** @type {const} */ (['base', 'gpaBase'])) {
    for (const region of regions) {
      const base = region[key];
      if (base === null || address < BigInt(base)) {
        continue;
      }
      const page = (address - BigInt(base)) >> SHIFT;
      if (page < BigInt(region.pages)) {
        return { region: region.index, page: Number(page) };
      }
    }
  }
  return null;
}
