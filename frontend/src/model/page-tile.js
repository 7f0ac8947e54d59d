// @ts-check
import { ClassPyramid, OUTSIDE } from '../base/class-pyramid.js';
import { URGENCY } from './paint.js';

/** Runs longer than this are counted again as a whole when next drawn. */
const BULK_RUN = 4096;

/**
 * Pages of one tile: 512 × 512, or fewer at a region's end. Exists only where some page is not
 * as it began.
 */
export class PageTile {
  /** @type {ClassPyramid | null} */
  #pyramid = null;
  #recount = false;

  /** @param {number} pages @param {Uint8Array} table */
  constructor(pages, table) {
    this.pages = pages;
    this.codes = new Uint16Array(pages);
    this.classes = new Uint8Array(pages).fill(table[0]);
  }

  /**
   * @param {number} first @param {number} count @param {number} code @param {Uint8Array} table class by code
   * @param {Uint32Array} counts by class of the whole region
   */
  set(first, count, code, table, counts) {
    const paint = table[code];
    const { codes, classes } = this;
    const bulk = count > BULK_RUN;
    const pyramid = bulk ? null : this.#pyramid;
    for (let page = first; page < first + count; page++) {
      codes[page] = code;
      const before = classes[page];
      if (before !== paint) {
        classes[page] = paint;
        counts[before]--;
        counts[paint]++;
        pyramid?.changed(page, before, paint);
      }
    }
    this.#recount ||= bulk;
  }

  /** @param {Uint8Array} table @param {Uint32Array} counts */
  repaint(table, counts) {
    const { codes, classes } = this;
    for (let page = 0; page < this.pages; page++) {
      const paint = table[codes[page]];
      classes[page] = paint;
      counts[paint]++;
    }
    this.#recount = true;
  }

  /**
   * @param {number} columns
   * @returns {ClassPyramid}
   */
  pyramid(columns) {
    if (!this.#pyramid || this.#pyramid.columns !== columns) {
      const whole = Math.ceil(this.pages / columns) * columns;
      if (whole !== this.classes.length) {
        // Pad the last row, so that a row of pixels is a row of cells.
        const padded = new Uint8Array(whole).fill(OUTSIDE);
        padded.set(this.classes.subarray(0, this.pages));
        this.classes = padded;
      }
      this.#pyramid = new ClassPyramid(this.classes, columns, URGENCY);
      this.#recount = false;
    } else if (this.#recount) {
      this.#pyramid.rebuild();
      this.#recount = false;
    }
    return this.#pyramid;
  }
}
