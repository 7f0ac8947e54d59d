// @ts-check
import { assert } from './assert.js';

/** Most classes of cells; a class is 0..39. */
export const MAX_CLASSES = 40;

/** Stands for a cell beyond the last page. */
export const OUTSIDE = 255;

/** Cells of one counted block: 8 × 8. */
const BLOCK_SHIFT = 3;

/** The smallest picture: one cell stands for 64 × 64 pages. */
const DEEPEST = 6;

/** A smaller picture, and which of its cells are out of date. */
export class Picture {
  #dirty;
  /** @type {number[]} */
  #list = [];

  /** @param {number} width @param {number} height */
  constructor(width, height) {
    this.width = width;
    this.height = height;
    this.cells = new Uint8Array(width * height);
    this.#dirty = new Uint8Array(width * height);
  }

  /** @param {number} row @param {number} column */
  touch(row, column) {
    const cell = row * this.width + column;
    if (this.#dirty[cell] === 0) {
      this.#dirty[cell] = 1;
      this.#list.push(cell);
    }
  }

  /** @param {(cell: number) => number} classOf */
  refresh(classOf) {
    for (const cell of this.#list) {
      this.#dirty[cell] = 0;
      this.cells[cell] = classOf(cell);
    }
    this.#list.length = 0;
  }
}

/**
 * A tile of cells and its smaller pictures. Each cell of a smaller picture shows the class that
 * most of its pages have, unless one of them has an urgent class: that one wins, so a single
 * waiting fault among millions of pages is never averaged away.
 *
 * Blocks of 8 × 8 keep exact counts, so a change costs the same at any zoom. A smaller picture is
 * made when it is first shown; from then on it remembers which of its cells a change has touched, and
 * looks at those when it is shown again.
 */
export class ClassPyramid {
  /** @type {Uint8Array} */
  #counts;
  /** @type {(Picture | undefined)[]} by level; those that were never shown do not exist */
  #pictures = [];

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
    this.#pictures = [];
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
    for (let level = 1; level < this.#pictures.length; level++) {
      this.#pictures[level]?.touch(row >> level, column >> level);
    }
  }

  /**
   * The picture in which one cell stands for 2^level × 2^level pages.
   *
   * @param {number} level 0..6
   * @returns {{width: number, height: number, cells: Uint8Array}} valid until the next change
   */
  picture(level) {
    if (level === 0) {
      return { width: this.columns, height: this.rows, cells: this.classes };
    }
    const known = this.#pictures[level];
    if (known) {
      known.refresh((cell) => this.#classOf(cell, level, known.width));
      return known;
    }
    const width = Math.max(1, this.columns >> level);
    const made = new Picture(width, Math.ceil(this.rows / (1 << level)));
    for (let cell = 0; cell < made.cells.length; cell++) {
      made.cells[cell] = this.#classOf(cell, level, width);
    }
    this.#pictures[level] = made;
    return made;
  }

  /**
   * Makes a picture that was never shown before somebody zooms there.
   *
   * @returns {boolean} whether there was one left to make
   */
  prepare() {
    for (let level = 1; level <= DEEPEST; level++) {
      if (!this.#pictures[level]) {
        this.picture(level);
        return true;
      }
    }
    return false;
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
    if (level === 1 && row * 2 + 1 < this.rows) {
      return this.#ofFour(row * 2 * this.columns + column * 2);
    }
    if (level < BLOCK_SHIFT) {
      return this.#ofCells(row, column, 1 << level);
    }
    if (level === BLOCK_SHIFT) {
      return winner(this.#counts, cell * MAX_CLASSES, this.urgency);
    }
    const size = 1 << (level - BLOCK_SHIFT);
    const lastRow = Math.min(this.blockRows, (row + 1) * size);
    const lastColumn = Math.min(this.blockColumns, (column + 1) * size);
    SUM.fill(0);
    for (let r = row * size; r < lastRow; r++) {
      for (let c = column * size; c < lastColumn; c++) {
        const base = (r * this.blockColumns + c) * MAX_CLASSES;
        for (let kind = 0; kind < MAX_CLASSES; kind++) {
          SUM[kind] += this.#counts[base + kind];
        }
      }
    }
    return winner(SUM, 0, this.urgency);
  }

  /**
   * @param {number} row of the square
   * @param {number} column of the square
   * @param {number} size of its side in cells
   * @returns {number}
   */
  #ofCells(row, column, size) {
    const { classes, columns } = this;
    const from = row * size * columns + column * size;
    const lastRow = Math.min(size, this.rows - row * size);
    const first = classes[from];
    let same = true;
    for (let r = 0; r < lastRow && same; r++) {
      const at = from + r * columns;
      for (let i = at; i < at + size; i++) {
        if (classes[i] !== first) {
          same = false;
          break;
        }
      }
    }
    if (same) {
      return first;
    }
    // Few classes occur: they are noted, and only their counts are looked at and taken back.
    let kinds = 0;
    for (let r = 0; r < lastRow; r++) {
      const at = from + r * columns;
      for (let i = at; i < at + size; i++) {
        const kind = classes[i];
        if (kind < MAX_CLASSES && FEW[kind]++ === 0) {
          KINDS[kinds++] = kind;
        }
      }
    }
    let most = OUTSIDE;
    let mostCount = 0;
    let urgent = OUTSIDE;
    let urgentRank = 0;
    for (let i = 0; i < kinds; i++) {
      const kind = KINDS[i];
      const count = FEW[kind];
      FEW[kind] = 0;
      // In whatever order they were met: of as many the greater class, of as urgent the lesser.
      if (count > mostCount || (count === mostCount && kind > most)) {
        most = kind;
        mostCount = count;
      }
      const rank = this.urgency[kind];
      if (rank > urgentRank || (rank > 0 && rank === urgentRank && kind < urgent)) {
        urgent = kind;
        urgentRank = rank;
      }
    }
    return urgent === OUTSIDE ? most : urgent;
  }

  /**
   * The same rule for four cells, without counting: this runs a million times when the zoom changes.
   *
   * @param {number} at the upper left of the four
   * @returns {number}
   */
  #ofFour(at) {
    const { classes, columns, urgency } = this;
    const a = classes[at];
    const b = classes[at + 1];
    const c = classes[at + columns];
    const d = classes[at + columns + 1];
    if (a === b && a === c && a === d) {
      return a;
    }
    if (a >= MAX_CLASSES || b >= MAX_CLASSES || c >= MAX_CLASSES || d >= MAX_CLASSES) {
      const row = (at / columns) | 0;
      return this.#ofCells(row >> 1, (at - row * columns) >> 1, 2);
    }
    let best = a;
    if (urgency[b] > urgency[best]) best = b;
    if (urgency[c] > urgency[best]) best = c;
    if (urgency[d] > urgency[best]) best = d;
    if (urgency[best] > 0) {
      return best;
    }
    // Score: how often, then which class; the greatest wins as it does among counted blocks.
    const ofA = ((a === b ? 1 : 0) + (a === c ? 1 : 0) + (a === d ? 1 : 0)) * MAX_CLASSES + a;
    const ofB = ((b === a ? 1 : 0) + (b === c ? 1 : 0) + (b === d ? 1 : 0)) * MAX_CLASSES + b;
    const ofC = ((c === a ? 1 : 0) + (c === b ? 1 : 0) + (c === d ? 1 : 0)) * MAX_CLASSES + c;
    return Math.max(ofA, ofB, ofC, d) % MAX_CLASSES;
  }
}

/**
 * @param {Uint8Array | Uint32Array} counts
 * @param {number} base of the counts of one cell
 * @param {Uint8Array} urgency by class
 * @returns {number} the class that stands for all; {@link OUTSIDE} where nothing is counted
 */
export function winner(counts, base, urgency) {
  let most = OUTSIDE;
  let mostCount = 0;
  let urgent = OUTSIDE;
  let urgentRank = 0;
  for (let kind = 0; kind < MAX_CLASSES; kind++) {
    const count = counts[base + kind];
    if (count === 0) {
      continue;
    }
    if (count >= mostCount) {
      most = kind;
      mostCount = count;
    }
    if (urgency[kind] > urgentRank) {
      urgent = kind;
      urgentRank = urgency[kind];
    }
  }
  return urgent === OUTSIDE ? most : urgent;
}

const SUM = new Uint32Array(MAX_CLASSES);

/** All zero between calls. */
const FEW = new Uint8Array(MAX_CLASSES);

/** Classes that occur. */
const KINDS = new Uint8Array(MAX_CLASSES);
