// @ts-check
import { MAX_CLASSES } from '../base/class-pyramid.js';
import { CELL_LEVEL, CELL_SIDE, TILE_PAGES } from '../base/page-grid.js';
import { CellContents, cellOf, CellTile, TILE_CELLS } from './cell-tile.js';
import { PageTile } from './page-tile.js';
import { paintOf, paintTable, withoutHost, withoutStage2 } from './paint.js';
import { SparseCodes } from './sparse-codes.js';
import { PageBit } from './vocabulary.generated.js';

/** @typedef {import('./paint.js').LayerId} LayerId */

/**
 * @typedef {object} RegionPages
 * @property {number} pages
 * @property {number} initial the state that its pages begin with
 * @property {Uint8Array} table class by code
 * @property {(PageTile | null)[]} tiles null where every page is as it began, and where only cells are known
 * @property {(CellTile | null)[]} cells of a store that is kept in cells: null where every page is as it began
 * @property {(SparseCodes | null)[]} codes of the pages that were set, where nobody tells of cells
 * @property {Uint32Array} counts pages by class
 */

/** The first code whose state the recording declares; those below are states themselves. */
const FIRST_DECLARED = 0x8000;

/**
 * How pages are kept: all of them; or, where memory is large, in cells that somebody tells of, with the
 * pages of those tiles that are looked at; or in cells that are counted here, from few pages that are set.
 *
 * @typedef {'pages' | 'cells' | 'sparse'} Kept
 */

/** Pages of a tile that are told apart from cells count nowhere else. */
const UNCOUNTED = new Uint32Array(MAX_CLASSES);

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
  #hostTold = true;

  /** @type {Kept} */
  #kept = 'pages';
  #contents = new CellContents();

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
    const seen = this.#stage2Told ? state : withoutStage2(state);
    return this.#hostTold ? seen : withoutHost(seen);
  }

  /** @param {number} pages @param {number} initial @returns {RegionPages} */
  #empty(pages, initial) {
    const table = this.#tableOf(initial);
    const counts = new Uint32Array(MAX_CLASSES);
    counts[table[0]] = pages;
    const none = () => new Array(Math.ceil(pages / TILE_PAGES)).fill(null);
    return { pages, initial, table, tiles: none(), cells: none(), codes: none(), counts };
  }

  /** Every page is as it began, and all will be told. */
  clear() {
    this.#clear(this.#kept === 'sparse' ? 'sparse' : 'pages');
  }

  /** Every page is as it began; cells will be told, and pages of open tiles. */
  clearToCells() {
    this.#clear('cells');
  }

  /** @param {boolean} on whether pages are kept one by one as they are set: few in a large memory */
  keepSparse(on) {
    if (on !== (this.#kept === 'sparse')) {
      this.#clear(on ? 'sparse' : 'pages');
    }
  }

  /** @param {Kept} kept */
  #clear(kept) {
    this.#kept = kept;
    this.#contents = new CellContents();
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

  /** @returns {boolean} whether the source sees more than stage 2 */
  get hostTold() {
    return this.#hostTold;
  }

  /** @param {boolean} told whether the source sees more than stage 2 */
  setHostTold(told) {
    if (told !== this.#hostTold) {
      this.#hostTold = told;
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
        const cells = region.cells[i];
        tile?.repaint(table, this.#kept === 'pages' ? region.counts : UNCOUNTED);
        cells?.repaint(this.#contents, table, region.counts);
        if (!cells && !(tile && this.#kept === 'pages')) {
          region.counts[table[0]] += tilePages(region.pages, i);
        }
      });
    }
    this.version++;
  }

  /**
   * Sets the state of consecutive pages; where cells are told, only of tiles that are open.
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
      if (this.#kept === 'pages') {
        if (!tile && code !== 0) {
          tile = region.tiles[index] = new PageTile(tilePages(region.pages, index), region.table);
        }
        tile?.set(inTile, here, code, region.table, region.counts);
      } else {
        tile?.set(inTile, here, code, region.table, UNCOUNTED);
        if (this.#kept === 'sparse') {
          this.#keep(region, index, inTile, here, code);
        }
      }
      page += here;
      left -= here;
    }
    this.version++;
  }

  /** @param {RegionPages} region @param {number} index of the tile @param {number} first @param {number} count @param {number} code */
  #keep(region, index, first, count, code) {
    const codes = (region.codes[index] ??= new SparseCodes());
    const cells = this.#cellsOf(region, index);
    if (count === cells.pages) {
      codes.fill(code);
      for (let cell = 0; cell < TILE_CELLS; cell++) {
        cells.set(cell, code, this.#contents, region.table, region.counts);
      }
      return;
    }
    for (let page = first; page < first + count; page++) {
      const before = codes.get(page);
      codes.set(page, code);
      const cell = cellOf(page);
      const shares = moved(cells.sharesOf(cell, this.#contents), before, code);
      cells.set(cell, this.#contents.valueOf(shares), this.#contents, region.table, region.counts);
    }
    this.#tidy();
  }

  /** @param {RegionPages} region @param {number} index @returns {CellTile} */
  #cellsOf(region, index) {
    return (region.cells[index] ??= new CellTile(tilePages(region.pages, index), region.table));
  }

  /** Forgets contents that no cell has any more. */
  #tidy() {
    if (this.#contents.isFull) {
      const kept = new CellContents();
      for (const { cells } of this.#regions) {
        cells.forEach((tile) => tile?.moveTo(this.#contents, kept));
      }
      this.#contents = kept;
    }
  }

  /**
   * Says what consecutive cells hold, each. They are numbered as their pages are: the first 64 are the
   * squares of 8 × 8 of the first eight rows of 512 pages.
   *
   * @param {number} regionIndex
   * @param {number} first
   * @param {number} length
   * @param {number | import('./cell-tile.js').Share[]} content the code of all pages, or how many have which
   */
  setCells(regionIndex, first, length, content) {
    const region = this.#regions[regionIndex];
    const last = Math.floor((first + length - 1) / TILE_CELLS);
    if (!region || first < 0 || last >= region.tiles.length) {
      throw new RangeError(`cells ${first}+${length} of region ${regionIndex}, which has ${region?.pages ?? 0} pages`);
    }
    const value = typeof content === 'number' ? content : this.#contents.valueOf(content);
    for (let cell = first; cell < first + length; cell++) {
      const index = Math.floor(cell / TILE_CELLS);
      if (value !== 0 || region.cells[index]) {
        this.#cellsOf(region, index).set(cell - index * TILE_CELLS, value, this.#contents, region.table, region.counts);
      }
    }
    this.#tidy();
    this.version++;
  }

  /**
   * Says that pages of a tile are told from now on, where cells are.
   *
   * @param {number} regionIndex
   * @param {number} page of the tile
   */
  openTile(regionIndex, page) {
    const region = this.#regions[regionIndex];
    const index = Math.floor(page / TILE_PAGES);
    if (this.#kept === 'cells' && region && index < region.tiles.length) {
      region.tiles[index] ??= new PageTile(tilePages(region.pages, index), region.table);
    }
  }

  /** @param {{region: number, tile: number}[]} kept whose pages are kept; of all others only cells are */
  keepTiles(kept) {
    if (this.#kept === 'pages') {
      return;
    }
    const keys = new Set(kept.map(({ region, tile }) => `${region}:${tile}`));
    this.#regions.forEach(({ tiles }, region) => {
      tiles.forEach((tile, index) => {
        if (tile && !keys.has(`${region}:${index}`)) {
          tiles[index] = null;
          this.version++;
        }
      });
    });
  }

  /**
   * Says which tiles are looked at page by page: of what is kept sparsely, only those are spread out.
   *
   * @param {{region: number, tile: number}[]} looked
   */
  lookAt(looked) {
    if (this.#kept !== 'sparse') {
      return;
    }
    this.keepTiles(looked);
    for (const { region: index, tile } of looked) {
      const region = this.#regions[index];
      const codes = region?.codes[tile];
      if (codes && !region.tiles[tile]) {
        const made = (region.tiles[tile] = new PageTile(tilePages(region.pages, tile), region.table));
        codes.forEach((first, count, code) => made.set(first, count, code, region.table, UNCOUNTED), made.pages);
        this.version++;
      }
    }
  }

  /** @returns {boolean} whether of tiles that are not looked at only cells are known */
  get isCells() {
    return this.#kept !== 'pages';
  }

  /** @param {number} regionIndex @param {number} page @returns {boolean} whether its state is known, and not only its cell's */
  knows(regionIndex, page) {
    const region = this.#regions[regionIndex];
    return !region || page < 0 || page >= region.pages || this.#codeAt(region, page) >= 0;
  }

  /** @param {RegionPages} region @param {number} page @returns {number} -1 where only its cell is known */
  #codeAt(region, page) {
    const index = Math.floor(page / TILE_PAGES);
    const inTile = page - index * TILE_PAGES;
    return (
      region.tiles[index]?.codes[inTile] ??
      (this.#kept === 'sparse' ? region.codes[index]?.get(inTile) : region.cells[index]?.codeOf(cellOf(inTile))) ??
      0
    );
  }

  /** @param {number} regionIndex @param {number} first @param {number} count */
  #refusal(regionIndex, first, count) {
    const region = this.#regions[regionIndex];
    return region
      ? `pages ${first}+${count} of region ${regionIndex}, which has ${region.pages}`
      : `region ${regionIndex} of ${this.#regions.length} does not exist`;
  }

  /** @param {number} regionIndex @param {number} page @returns {number} its state, 0 outside; unknown where only its cell is known */
  get(regionIndex, page) {
    const region = this.#regions[regionIndex];
    if (!region || page < 0 || page >= region.pages) {
      return 0;
    }
    const code = this.#codeAt(region, page);
    return code < 0 ? PageBit.UNKNOWN : this.#stateOf(region.initial, code);
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
   * What a tile looks like at a zoom.
   *
   * @param {number} regionIndex
   * @param {number} tile
   * @param {number} columns
   * @param {number} level one cell of the picture is 2^level pages at each side
   * @returns {{cells: Uint8Array, coarser: number} | null} null where every page is as it began; `coarser` is
   *   by how many levels the picture is less exact than was asked for, because pages are not known
   */
  picture(regionIndex, tile, columns, level) {
    const region = this.#regions[regionIndex];
    const pyramid = this.pyramid(regionIndex, tile, columns);
    const cells = region?.cells[tile];
    if (pyramid || !cells) {
      return pyramid && { cells: pyramid.picture(level).cells, coarser: 0 };
    }
    if (level === 0) {
      return { cells: cells.exact(), coarser: CELL_LEVEL };
    }
    return {
      cells: cells.picture(Math.max(level, CELL_LEVEL), this.#contents, region.table),
      coarser: Math.max(0, CELL_LEVEL - level),
    };
  }

  /**
   * How many pages of each class a square has that is drawn as one cell. Where only larger cells are known
   * it is that of the larger one.
   *
   * @param {number} regionIndex
   * @param {number} page in the square
   * @param {number} columns
   * @param {number} level the square is 2^level pages at each side
   * @returns {Uint32Array} pages by class in the current layer
   */
  sharesAround(regionIndex, page, columns, level) {
    const shares = new Uint32Array(MAX_CLASSES);
    const region = this.#regions[regionIndex];
    if (!region || page < 0 || page >= region.pages) {
      return shares;
    }
    const index = Math.floor(page / TILE_PAGES);
    const tile = region.tiles[index];
    const cells = region.cells[index];
    const pages = tilePages(region.pages, index);
    const side = 1 << (tile || !cells ? level : Math.max(level, CELL_LEVEL));
    const inTile = page - index * TILE_PAGES;
    const row = Math.floor(inTile / columns / side) * side;
    const column = Math.floor((inTile % columns) / side) * side;
    for (let r = row; r < row + side; r++) {
      const end = Math.min(r * columns + Math.min(column + side, columns), pages);
      for (let at = r * columns + column; at < end; at++) {
        if (tile || !cells) {
          shares[region.table[tile ? tile.codes[at] : 0]]++;
        } else if (r % CELL_SIDE === 0 && at % CELL_SIDE === 0) {
          cells.sharesOf(cellOf(at), this.#contents).forEach(([code, count]) => {
            shares[region.table[code]] += count;
          });
        }
      }
    }
    return shares;
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
   * The next page, from the given one on, that is not as it began and whose state is known.
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
    const code = this.#codeAt(region, page);
    let at = page + direction;
    while (at >= 0 && at < region.pages) {
      const index = Math.floor(at / TILE_PAGES);
      const start = index * TILE_PAGES;
      const end = direction > 0 ? Math.min(region.pages, start + TILE_PAGES) : start - 1;
      const tile = region.tiles[index];
      const codes = tile ? null : region.codes[index];
      const cells = tile || codes ? null : region.cells[index];
      // A terabyte is not walked page by page: not through a tile whose pages are alike, nor through a cell's row.
      const alike = tile ? false : ((codes ?? cells)?.isAll(code) ?? code === 0);
      while (!alike && (end - at) * direction > 0) {
        if (this.#codeAt(region, at) !== code) {
          return at;
        }
        const inCell = cells ? at % CELL_SIDE : 0;
        at += !cells ? direction : direction > 0 ? CELL_SIDE - inCell : -1 - inCell;
      }
      at = end;
    }
    return direction > 0 ? region.pages - 1 : 0;
  }
}

/** @param {number} pages @param {number} tile @returns {number} */
function tilePages(pages, tile) {
  return Math.min(TILE_PAGES, pages - tile * TILE_PAGES);
}

/** @param {import('./cell-tile.js').Share[]} shares @param {number} from @param {number} to @returns {import('./cell-tile.js').Share[]} with one page of another code */
function moved(shares, from, to) {
  const pages = new Map(shares);
  pages.set(from, (pages.get(from) ?? 0) - 1);
  pages.set(to, (pages.get(to) ?? 0) + 1);
  return [...pages].filter(([, count]) => count > 0);
}
