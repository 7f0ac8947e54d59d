// @ts-check
import { TILE_PAGES } from '../base/page-grid.js';

/** A tile with more numbered pages than this has room for the number of each. */
const SPREAD_FROM = 2 ** 12;

/** Numbers of the pages of a tile: of few of them by page, of many in an array of all. */
class TileNumbers {
  /** @type {Map<number, number>} */
  #few = new Map();
  /** @type {Uint32Array | null} */
  #all = null;

  /** @param {number} page @returns {number} */
  get(page) {
    return this.#all ? this.#all[page] : (this.#few.get(page) ?? 0);
  }

  /** @param {number} page @param {number} number */
  set(page, number) {
    if (this.#all) {
      this.#all[page] = number;
      return;
    }
    this.#few.set(page, number);
    if (this.#few.size > SPREAD_FROM) {
      const all = new Uint32Array(TILE_PAGES);
      this.#few.forEach((each, at) => {
        all[at] = each;
      });
      this.#all = all;
      this.#few = new Map();
    }
  }
}

/** A number, from 1, of each page that has one, in room for those. */
export class PageNumbers {
  /** By region and tile. @type {Map<string, TileNumbers>} */
  #tiles = new Map();

  clear() {
    this.#tiles.clear();
  }

  /** @param {number} region @param {number} page @returns {number} 0 where it has none */
  get(region, page) {
    return this.#tiles.get(keyOf(region, page))?.get(page % TILE_PAGES) ?? 0;
  }

  /** @param {number} region @param {number} page @param {number} number */
  set(region, page, number) {
    const key = keyOf(region, page);
    let tile = this.#tiles.get(key);
    if (!tile) {
      tile = new TileNumbers();
      this.#tiles.set(key, tile);
    }
    tile.set(page % TILE_PAGES, number);
  }
}

/** @param {number} region @param {number} page @returns {string} of its tile */
function keyOf(region, page) {
  return `${region}:${Math.floor(page / TILE_PAGES)}`;
}
