// @ts-check
import { MAX_CLASSES, OUTSIDE, Picture, winner } from '../base/class-pyramid.js';
import { CELL_LEVEL, CELL_SIDE, TILE_PAGES } from '../base/page-grid.js';
import { Paint, URGENCY } from './paint.js';

/** @typedef {[code: number, pages: number]} Share how many pages have a code */

/** Pages of a row of a tile. */
const ROW = 512;

/** Cells beside each other, and under each other in a whole tile. */
const CELLS_ACROSS = ROW / CELL_SIDE;

/** Cells of a tile. */
export const TILE_CELLS = CELLS_ACROSS * CELLS_ACROSS;

/** @param {number} page of a tile @returns {number} its cell */
export function cellOf(page) {
  return Math.floor(page / ROW / CELL_SIDE) * CELLS_ACROSS + Math.floor((page % ROW) / CELL_SIDE);
}

/** What cells hold that are not all of one state begins here; below are codes. */
const FIRST_MIXED = 2 ** 16;

/** More different contents than this are looked through for those that no cell has any more. */
const MOST_CONTENTS = 2 ** 18;

/** What cells hold, each content once: there are few, and many cells. */
export class CellContents {
  /** @type {Map<string, number>} */
  #values = new Map();
  /** @type {Share[][]} */
  #shares = [];

  /** @returns {boolean} whether most of it may be of no use any more */
  get isFull() {
    return this.#shares.length > MOST_CONTENTS;
  }

  /** @param {Share[]} shares at least one @returns {number} stands for them */
  valueOf(shares) {
    if (shares.length === 1) {
      return shares[0][0];
    }
    const sorted = [...shares].sort(([a], [b]) => a - b);
    const key = sorted.join(' ');
    let value = this.#values.get(key);
    if (value === undefined) {
      value = FIRST_MIXED + this.#shares.length;
      this.#shares.push(sorted);
      this.#values.set(key, value);
    }
    return value;
  }

  /** @param {number} value @param {number} pages of the cell @returns {Share[]} */
  sharesOf(value, pages) {
    return value < FIRST_MIXED ? [[value, pages]] : this.#shares[value - FIRST_MIXED];
  }
}

/**
 * A tile of 512 × 512 pages in cells of 8 × 8: of each, how many pages have which state. What is kept
 * of memory that is not looked at page by page.
 */
export class CellTile {
  #values = new Uint32Array(TILE_CELLS);
  #classes = new Uint8Array(TILE_CELLS);
  /** @type {Uint8Array | null} */
  #exact = null;
  /** @type {(Picture | undefined)[]} by level */
  #pictures = [];

  /** @param {number} pages of the tile @param {Uint8Array} table class by code */
  constructor(pages, table) {
    this.pages = pages;
    for (let cell = 0; cell < TILE_CELLS; cell++) {
      this.#classes[cell] = this.pagesOf(cell) > 0 ? table[0] : OUTSIDE;
    }
  }

  /** @param {number} cell @returns {number} how many pages it has: fewer than 64 at a region's end */
  pagesOf(cell) {
    if (this.pages === TILE_PAGES) {
      return CELL_SIDE * CELL_SIDE;
    }
    const first = Math.floor(cell / CELLS_ACROSS) * CELL_SIDE * ROW + (cell % CELLS_ACROSS) * CELL_SIDE;
    let sum = 0;
    for (let row = 0; row < CELL_SIDE; row++) {
      sum += Math.max(0, Math.min(CELL_SIDE, this.pages - first - row * ROW));
    }
    return sum;
  }

  /** @param {number} cell @returns {number} the code that all its pages have; -1 where they differ */
  codeOf(cell) {
    return this.#values[cell] < FIRST_MIXED ? this.#values[cell] : -1;
  }

  /** @param {number} code @returns {boolean} whether all its pages have it */
  isAll(code) {
    return this.#values.every((value, cell) => value === code || this.#classes[cell] === OUTSIDE);
  }

  /** @param {number} cell @param {CellContents} contents @returns {Share[]} */
  sharesOf(cell, contents) {
    return contents.sharesOf(this.#values[cell], this.pagesOf(cell));
  }

  /**
   * @param {number} cell
   * @param {number} value of the contents
   * @param {CellContents} contents
   * @param {Uint8Array} table class by code
   * @param {Uint32Array} counts by class of the whole region
   */
  set(cell, value, contents, table, counts) {
    if (this.#values[cell] === value || this.#classes[cell] === OUTSIDE) {
      return;
    }
    for (const [code, pages] of this.sharesOf(cell, contents)) {
      counts[table[code]] -= pages;
    }
    this.#values[cell] = value;
    this.#classes[cell] = this.#count(cell, contents, table, counts);
    this.#exact = null;
    const row = Math.floor(cell / CELLS_ACROSS);
    const column = cell % CELLS_ACROSS;
    this.#pictures.forEach((picture, level) => picture?.touch(row >> (level - CELL_LEVEL), column >> (level - CELL_LEVEL)));
  }

  /** Adds a cell to the counts. @param {number} cell @param {CellContents} contents @param {Uint8Array} table @param {Uint32Array} counts @returns {number} its class */
  #count(cell, contents, table, counts) {
    SUM.fill(0);
    for (const [code, pages] of this.sharesOf(cell, contents)) {
      counts[table[code]] += pages;
      SUM[table[code]] += pages;
    }
    return winner(SUM, 0, URGENCY);
  }

  /** @param {CellContents} contents @param {Uint8Array} table @param {Uint32Array} counts */
  repaint(contents, table, counts) {
    for (let cell = 0; cell < TILE_CELLS; cell++) {
      if (this.#classes[cell] !== OUTSIDE) {
        this.#classes[cell] = this.#count(cell, contents, table, counts);
      }
    }
    this.#exact = null;
    this.#pictures = [];
  }

  /**
   * Moves what it holds to other contents, which have only what is held.
   *
   * @param {CellContents} from @param {CellContents} to
   */
  moveTo(from, to) {
    this.#values.forEach((value, cell) => {
      if (value >= FIRST_MIXED) {
        this.#values[cell] = to.valueOf(from.sharesOf(value, 0));
      }
    });
  }

  /** @returns {Uint8Array} classes of the cells whose pages all are the same; of others they are not known */
  exact() {
    this.#exact ??= this.#classes.map((paint, cell) => (this.#values[cell] < FIRST_MIXED ? paint : Paint.UNKNOWN));
    return this.#exact;
  }

  /**
   * @param {number} level {@link CELL_LEVEL} or more
   * @param {CellContents} contents
   * @param {Uint8Array} table
   * @returns {Uint8Array} row by row, each square of 2^level pages at a side
   */
  picture(level, contents, table) {
    if (level === CELL_LEVEL) {
      return this.#classes;
    }
    const shift = level - CELL_LEVEL;
    const across = CELLS_ACROSS >> shift;
    const classOf = (/** @type {number} */ square) => this.#classOf(Math.floor(square / across) << shift, square % across << shift, 1 << shift, contents, table);
    let picture = this.#pictures[level];
    if (!picture) {
      picture = this.#pictures[level] = new Picture(across, across);
      for (let square = 0; square < picture.cells.length; square++) {
        picture.cells[square] = classOf(square);
      }
    }
    picture.refresh(classOf);
    return picture.cells;
  }

  /** @param {number} row @param {number} column of the first cell @param {number} side @param {CellContents} contents @param {Uint8Array} table @returns {number} */
  #classOf(row, column, side, contents, table) {
    SUM.fill(0);
    for (let r = row; r < row + side; r++) {
      for (let cell = r * CELLS_ACROSS + column, end = cell + side; cell < end; cell++) {
        if (this.#values[cell] < FIRST_MIXED) {
          if (this.#classes[cell] !== OUTSIDE) {
            SUM[this.#classes[cell]] += this.pagesOf(cell);
          }
        } else {
          for (const [code, pages] of this.sharesOf(cell, contents)) {
            SUM[table[code]] += pages;
          }
        }
      }
    }
    return winner(SUM, 0, URGENCY);
  }
}

const SUM = new Uint32Array(MAX_CLASSES);
