// @ts-check
import { MAX_CLASSES } from '../base/class-pyramid.js';
import { TILE_PAGES } from '../base/page-grid.js';
import { PageTile } from './page-tile.js';
import { paintOf, paintTable, withoutStage2 } from './paint.js';

/** @typedef {import('./paint.js').LayerId} LayerId */

/**
 * @typedef {object} RegionPages
 * @property {number} pages
 * @property {number} initial the state that its pages begin with
 * @property {Uint8Array} table class by code
 * @property {(PageTile | null)[]} tiles null where every page is as it began
 * @property {Uint32Array} counts pages by class
 */

/** The first code whose state the recording declares; those below are states themselves. */
const FIRST_DECLARED = 0x8000;

/**
 * The state of every page at the moment that is shown, and what the chosen layer makes of it.
 * Mutable: sixteen million pages are not copied for a step.
 */
export class PageStore {
  /** @type {RegionPages[]} */
  #regions = [];
  /** @type {LayerId} */
  #layer = 'fault';
  /** @type {number[]} states of the codes from 0x8000 on */
  #declared = [];
  /** @type {Map<number, Uint8Array>} class of a code, by what code 0 stands for */
  #tables = new Map();

  #stage2Told = true;

  /** Grows with every change: who has painted a version need not paint it again. */
  version = 0;

  /** @returns {LayerId} */
  get layer() {
    return this.#layer;
  }

  /** @returns {number} */
  get regionCount() {
    return this.#regions.length;
  }

  /**
   * Says how many pages each region has and in which state they begin; what is known of pages that
   * stay is kept.
   *
   * @param {number[]} pagesByRegion
   * @param {number[]} [initialByRegion] absent where not given
   */
  setRegions(pagesByRegion, initialByRegion = []) {
    const as = (/** @type {RegionPages | undefined} */ known, /** @type {number} */ pages, /** @type {number} */ i) =>
      known?.pages === pages && known.initial === (initialByRegion[i] ?? 0);
    if (pagesByRegion.length === this.#regions.length && pagesByRegion.every((pages, i) => as(this.#regions[i], pages, i))) {
      return;
    }
    this.#regions = pagesByRegion.map((pages, i) => {
      const known = this.#regions[i];
      return as(known, pages, i) ? known : this.#empty(pages, initialByRegion[i] ?? 0);
    });
    this.version++;
  }

  /**
   * Says what the codes from 0x8000 on stand for: before a page has one.
   *
   * @param {number[]} states
   */
  setStates(states) {
    if (states.length === this.#declared.length && states.every((state, i) => state === this.#declared[i])) {
      return;
    }
    this.#declared = states;
    this.#tables.clear();
    for (const region of this.#regions) {
      region.table = this.#tableOf(region.initial);
    }
  }

  /** @param {number} initial @returns {Uint8Array} */
  #tableOf(initial) {
    let table = this.#tables.get(initial);
    if (!table) {
      table = paintTable(this.#layer, (code) => this.#stateOf(initial, code), FIRST_DECLARED + this.#declared.length);
      this.#tables.set(initial, table);
    }
    return table;
  }

  /** @param {number} initial @param {number} code @returns {number} */
  #stateOf(initial, code) {
    const state = code === 0 ? initial : code < FIRST_DECLARED ? code : (this.#declared[code - FIRST_DECLARED] ?? 0);
    return this.#stage2Told ? state : withoutStage2(state);
  }

  /** @param {number} pages @param {number} initial @returns {RegionPages} */
  #empty(pages, initial) {
    const table = this.#tableOf(initial);
    const counts = new Uint32Array(MAX_CLASSES);
    counts[table[0]] = pages;
    /** @type {(PageTile | null)[]} */
    const tiles = new Array(Math.ceil(pages / TILE_PAGES)).fill(null);
    return { pages, initial, table, tiles, counts };
  }

  /** Every page is as it began. */
  clear() {
    this.#regions = this.#regions.map(({ pages, initial }) => this.#empty(pages, initial));
    this.version++;
  }

  /** @param {LayerId} layer */
  setLayer(layer) {
    if (layer === this.#layer) {
      return;
    }
    this.#layer = layer;
    this.#repaint();
  }

  /** @param {boolean} told whether the source says of every page whether it is in stage 2 */
  setStage2Told(told) {
    if (told !== this.#stage2Told) {
      this.#stage2Told = told;
      this.#repaint();
    }
  }

  #repaint() {
    this.#tables.clear();
    for (const region of this.#regions) {
      const table = this.#tableOf(region.initial);
      region.table = table;
      region.counts.fill(0);
      region.tiles.forEach((tile, i) => {
        if (tile) {
          tile.repaint(table, region.counts);
        } else {
          region.counts[table[0]] += tilePages(region.pages, i);
        }
      });
    }
    this.version++;
  }

  /**
   * Sets the state of consecutive pages.
   *
   * @param {number} regionIndex
   * @param {number} first
   * @param {number} count
   * @param {number} code of the state, as frames carry it
   */
  set(regionIndex, first, count, code) {
    const region = this.#regions[regionIndex];
    if (!region || first < 0 || first + count > region.pages) {
      throw new RangeError(this.#refusal(regionIndex, first, count));
    }
    let page = first;
    let left = count;
    while (left > 0) {
      const index = Math.floor(page / TILE_PAGES);
      const inTile = page - index * TILE_PAGES;
      const here = Math.min(left, TILE_PAGES - inTile);
      let tile = region.tiles[index];
      if (!tile && code !== 0) {
        tile = region.tiles[index] = new PageTile(tilePages(region.pages, index), region.table);
      }
      tile?.set(inTile, here, code, region.table, region.counts);
      page += here;
      left -= here;
    }
    this.version++;
  }

  /** @param {number} regionIndex @param {number} first @param {number} count */
  #refusal(regionIndex, first, count) {
    const region = this.#regions[regionIndex];
    return region
      ? `pages ${first}+${count} of region ${regionIndex}, which has ${region.pages}`
      : `region ${regionIndex} of ${this.#regions.length} does not exist`;
  }

  /** @param {number} regionIndex @param {number} page @returns {number} its state, 0 outside */
  get(regionIndex, page) {
    const region = this.#regions[regionIndex];
    if (!region || page < 0 || page >= region.pages) {
      return 0;
    }
    return this.#stateOf(region.initial, codeAt(region, page));
  }

  /** @param {number} regionIndex @returns {number} */
  pages(regionIndex) {
    return this.#regions[regionIndex]?.pages ?? 0;
  }

  /**
   * How many pages of a region have each class in the current layer.
   *
   * @param {number} regionIndex
   * @returns {Uint32Array} read only
   */
  counts(regionIndex) {
    return this.#regions[regionIndex]?.counts ?? new Uint32Array(MAX_CLASSES);
  }

  /** @returns {Uint32Array} the same over all regions */
  totals() {
    const totals = new Uint32Array(MAX_CLASSES);
    for (const { counts } of this.#regions) {
      for (let paint = 0; paint < MAX_CLASSES; paint++) {
        totals[paint] += counts[paint];
      }
    }
    return totals;
  }

  /**
   * The cells of a tile for drawing.
   *
   * @param {number} regionIndex
   * @param {number} tile
   * @param {number} columns
   * @returns {import('../base/class-pyramid.js').ClassPyramid | null} null where every page is as it began
   */
  pyramid(regionIndex, tile, columns) {
    return this.#regions[regionIndex]?.tiles[tile]?.pyramid(columns) ?? null;
  }

  /**
   * Makes pictures of other zooms ahead of time, for regions of several tiles: only there it takes
   * long enough to be noticed.
   *
   * @param {number} columns pages to a row
   * @param {() => boolean} timeLeft
   * @returns {boolean} whether there is more to do
   */
  prepare(columns, timeLeft) {
    for (const { tiles } of this.#regions) {
      if (tiles.length === 1) {
        continue;
      }
      for (const tile of tiles) {
        while (tile?.pyramid(columns).prepare()) {
          if (!timeLeft()) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /** @param {number} regionIndex @returns {number} the class, in the current layer, of its pages as they began */
  untouchedClass(regionIndex) {
    return paintOf(this.#layer, this.#stateOf(this.#regions[regionIndex]?.initial ?? 0, 0));
  }

  /**
   * The next page, from the given one on, that is not as it began.
   *
   * @param {number} regionIndex
   * @param {number} page
   * @returns {number} the region's number of pages where there is none
   */
  nextTouched(regionIndex, page) {
    const region = this.#regions[regionIndex];
    let at = page;
    while (at < (region?.pages ?? 0)) {
      const index = Math.floor(at / TILE_PAGES);
      const tile = region.tiles[index];
      const end = Math.min(region.pages, (index + 1) * TILE_PAGES);
      if (tile) {
        const start = index * TILE_PAGES;
        while (at < end && tile.codes[at - start] === 0) {
          at++;
        }
        if (at < end) {
          return at;
        }
      }
      at = end;
    }
    return region?.pages ?? 0;
  }

  /**
   * The next page, forward or back, whose state differs from the page's own.
   *
   * @param {number} regionIndex
   * @param {number} page
   * @param {1 | -1} direction
   * @returns {number} the last page in that direction where all are the same
   */
  nextDifferent(regionIndex, page, direction) {
    const region = this.#regions[regionIndex];
    if (!region) {
      return page;
    }
    const code = codeAt(region, page);
    let at = page + direction;
    while (at >= 0 && at < region.pages) {
      const index = Math.floor(at / TILE_PAGES);
      const tile = region.tiles[index];
      if (!tile) {
        if (code !== 0) {
          return at;
        }
        at = direction > 0 ? (index + 1) * TILE_PAGES : index * TILE_PAGES - 1;
        continue;
      }
      if (tile.codes[at - index * TILE_PAGES] !== code) {
        return at;
      }
      at += direction;
    }
    return direction > 0 ? region.pages - 1 : 0;
  }
}

/** @param {number} pages @param {number} tile @returns {number} */
function tilePages(pages, tile) {
  return Math.min(TILE_PAGES, pages - tile * TILE_PAGES);
}

/** @param {RegionPages} region @param {number} page @returns {number} */
function codeAt({ tiles }, page) {
  const index = Math.floor(page / TILE_PAGES);
  return tiles[index]?.codes[page - index * TILE_PAGES] ?? 0;
}
