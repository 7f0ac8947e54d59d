// @ts-check
import { MAX_CLASSES } from '../base/class-pyramid.js';
import { TILE_PAGES } from '../base/page-grid.js';
import { PageTile } from './page-tile.js';
import { paintTable } from './paint.js';

/** @typedef {import('./paint.js').LayerId} LayerId */

/**
 * The state of every page at the moment that is shown, and what the chosen layer makes of it.
 * Mutable: sixteen million pages are not copied for a step.
 */
export class PageStore {
  /** @type {{pages: number, tiles: (PageTile | null)[], counts: Uint32Array}[]} */
  #regions = [];
  /** @type {LayerId} */
  #layer = 'fault';
  #table = paintTable('fault');

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
   * Says how many pages each region has; what is known of pages that stay is kept.
   *
   * @param {number[]} pagesByRegion
   */
  setRegions(pagesByRegion) {
    const same =
      pagesByRegion.length === this.#regions.length &&
      pagesByRegion.every((pages, i) => pages === this.#regions[i].pages);
    if (same) {
      return;
    }
    this.#regions = pagesByRegion.map((pages, i) => {
      const known = this.#regions[i];
      return known?.pages === pages ? known : emptyRegion(pages, this.#table);
    });
    this.version++;
  }

  /** Every page is absent again. */
  clear() {
    this.#regions = this.#regions.map(({ pages }) => emptyRegion(pages, this.#table));
    this.version++;
  }

  /** @param {LayerId} layer */
  setLayer(layer) {
    if (layer === this.#layer) {
      return;
    }
    this.#layer = layer;
    this.#table = paintTable(layer);
    for (const region of this.#regions) {
      region.counts.fill(0);
      region.tiles.forEach((tile, i) => {
        if (tile) {
          tile.repaint(this.#table, region.counts);
        } else {
          region.counts[this.#table[0]] += tilePages(region.pages, i);
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
   * @param {number} state
   */
  set(regionIndex, first, count, state) {
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
      if (!tile && state !== 0) {
        tile = region.tiles[index] = new PageTile(tilePages(region.pages, index), this.#table);
      }
      tile?.set(inTile, here, state, this.#table, region.counts);
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

  /** @param {number} regionIndex @param {number} page @returns {number} */
  get(regionIndex, page) {
    const region = this.#regions[regionIndex];
    if (!region || page < 0 || page >= region.pages) {
      return 0;
    }
    const index = Math.floor(page / TILE_PAGES);
    return region.tiles[index]?.states[page - index * TILE_PAGES] ?? 0;
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
   * @returns {import('../base/class-pyramid.js').ClassPyramid | null} null where every page is absent
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

  /** @returns {number} the class of an absent page in the current layer */
  get absentClass() {
    return this.#table[0];
  }

  /**
   * The next page, from the given one on, that is not absent.
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
        while (at < end && tile.states[at - start] === 0) {
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
    const state = this.get(regionIndex, page);
    let at = page + direction;
    while (at >= 0 && at < region.pages) {
      const index = Math.floor(at / TILE_PAGES);
      const tile = region.tiles[index];
      if (!tile) {
        if (state !== 0) {
          return at;
        }
        at = direction > 0 ? (index + 1) * TILE_PAGES : index * TILE_PAGES - 1;
        continue;
      }
      if (tile.states[at - index * TILE_PAGES] !== state) {
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

/** @param {number} pages @param {Uint8Array} table */
function emptyRegion(pages, table) {
  const counts = new Uint32Array(MAX_CLASSES);
  counts[table[0]] = pages;
  /** @type {(PageTile | null)[]} */
  const tiles = new Array(Math.ceil(pages / TILE_PAGES)).fill(null);
  return { pages, tiles, counts };
}
