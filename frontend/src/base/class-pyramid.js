// @ts-check
import { assert } from './assert.js';

/** Most classes of cells; a class is 0..15. */
export const MAX_CLASSES = 16;

/** Stands for a cell beyond the last page. */
export const OUTSIDE = 255;

/** Cells of one counted block: 8 × 8. */
const BLOCK_SHIFT = 3;

/**
 * A tile of cells and its smaller pictures. Each cell of a smaller picture shows the class that
 * most of its pages have, unless one of them has an urgent class: that one wins, so a single
 * waiting fault among millions of pages is never averaged away.
 *
 * Blocks of 8 × 8 keep exact counts, so a change costs the same at any zoom; of the smaller
 * pictures only the one that is shown is kept up to date.
 */
export class ClassPyramid {
  /** @type {Uint8Array} */
  #counts;
  #level = 0;
  /** @type {Uint8Array} */
  #cells = new Uint8Array(0);
  /** @type {Uint8Array} */
  #dirty = new Uint8Array(0);
  /** @type {number[]} */
  #dirtyList = [];
  #stale = true;

  /**
   * @param {Uint8Array} classes of all cells, row by row; read, not copied
   * @param {number} columns a multiple of 8
   * @param {Uint8Array} urgency by class: 0 is not urgent, the greatest wins
   */
  constructor(classes, columns, urgency) {
    assert(columns > 0 && columns % 8 === 0, `columns must be a multiple of 8: ${columns}`);
    assert(classes.length % columns === 0, 'the last row must be whole');
    assert(urgency.length === MAX_CLASSES, 'an urgency for each class');
    this.classes = classes;
    this.columns = columns;
    this.rows = classes.length / columns;
    this.urgency = urgency;
    this.blockColumns = columns >> BLOCK_SHIFT;
    this.blockRows = Math.ceil(this.rows / 8);
    this.#counts = new Uint8Array(this.blockColumns * this.blockRows * MAX_CLASSES);
    this.rebuild();
  }

  /** Counts everything again, after more changes than are worth telling one by one. */
  rebuild() {
    const { classes, columns, rows } = this;
    const counts = this.#counts.fill(0);
    for (let row = 0; row < rows; row++) {
      const blockRow = (row >> BLOCK_SHIFT) * this.blockColumns;
      let at = row * columns;
      for (let block = 0; block < this.blockColumns; block++) {
        const base = (blockRow + block) * MAX_CLASSES;
        for (let i = 0; i < 8; i++, at++) {
          const kind = classes[at];
          if (kind < MAX_CLASSES) {
            counts[base + kind]++;
          }
        }
      }
    }
    this.#stale = true;
  }

  /**
   * Says that a cell has changed; the caller has written the new class.
   *
   * @param {number} index
   * @param {number} from class before
   * @param {number} to class now
   */
  changed(index, from, to) {
    const row = (index / this.columns) | 0;
    const column = index - row * this.columns;
    const base =
      ((row >> BLOCK_SHIFT) * this.blockColumns + (column >> BLOCK_SHIFT)) * MAX_CLASSES;
    this.#counts[base + from]--;
    this.#counts[base + to]++;
    if (this.#level > 0 && !this.#stale) {
      const cell = (row >> this.#level) * this.#width + (column >> this.#level);
      if (this.#dirty[cell] === 0) {
        this.#dirty[cell] = 1;
        this.#dirtyList.push(cell);
      }
    }
  }

  get #width() {
    return Math.max(1, this.columns >> this.#level);
  }

  /**
   * The picture in which one cell stands for 2^level × 2^level pages.
   *
   * @param {number} level 0..6
   * @returns {{width: number, height: number, cells: Uint8Array}} valid until the next call
   */
  picture(level) {
    if (level === 0) {
      return { width: this.columns, height: this.rows, cells: this.classes };
    }
    if (level !== this.#level) {
      this.#level = level;
      this.#stale = true;
    }
    const width = this.#width;
    const height = Math.ceil(this.rows / (1 << level));
    if (this.#stale) {
      if (this.#cells.length !== width * height) {
        this.#cells = new Uint8Array(width * height);
        this.#dirty = new Uint8Array(width * height);
      }
      this.#dirty.fill(0);
      for (let cell = 0; cell < this.#cells.length; cell++) {
        this.#cells[cell] = this.#classOf(cell, level, width);
      }
      this.#stale = false;
    } else {
      for (const cell of this.#dirtyList) {
        this.#dirty[cell] = 0;
        this.#cells[cell] = this.#classOf(cell, level, width);
      }
    }
    this.#dirtyList.length = 0;
    return { width, height, cells: this.#cells };
  }

  /**
   * @param {number} cell
   * @param {number} level
   * @param {number} width
   * @returns {number}
   */
  #classOf(cell, level, width) {
    const row = (cell / width) | 0;
    const column = cell - row * width;
    SUM.fill(0);
    if (level < BLOCK_SHIFT) {
      const size = 1 << level;
      const lastRow = Math.min(this.rows, (row + 1) * size);
      for (let r = row * size; r < lastRow; r++) {
        const from = r * this.columns + column * size;
        for (let i = from; i < from + size; i++) {
          const kind = this.classes[i];
          if (kind < MAX_CLASSES) {
            SUM[kind]++;
          }
        }
      }
    } else {
      const size = 1 << (level - BLOCK_SHIFT);
      const lastRow = Math.min(this.blockRows, (row + 1) * size);
      const lastColumn = Math.min(this.blockColumns, (column + 1) * size);
      for (let r = row * size; r < lastRow; r++) {
        for (let c = column * size; c < lastColumn; c++) {
          const base = (r * this.blockColumns + c) * MAX_CLASSES;
          for (let kind = 0; kind < MAX_CLASSES; kind++) {
            SUM[kind] += this.#counts[base + kind];
          }
        }
      }
    }
    return this.#winner();
  }

  /** @returns {number} */
  #winner() {
    let most = OUTSIDE;
    let mostCount = 0;
    let urgent = OUTSIDE;
    let urgentRank = 0;
    for (let kind = 0; kind < MAX_CLASSES; kind++) {
      const count = SUM[kind];
      if (count === 0) {
        continue;
      }
      if (count >= mostCount) {
        most = kind;
        mostCount = count;
      }
      if (this.urgency[kind] > urgentRank) {
        urgent = kind;
        urgentRank = this.urgency[kind];
      }
    }
    return urgent === OUTSIDE ? most : urgent;
  }
}

const SUM = new Uint32Array(MAX_CLASSES);
