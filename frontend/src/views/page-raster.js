// @ts-check
import { OUTSIDE } from '../base/class-pyramid.js';
import { partView } from '../base/grid-view.js';
import { LARGEST, levelOf, TILE_PAGES } from '../base/page-grid.js';
import { abgr } from './stamps.js';

/** @typedef {import('../base/page-grid.js').GridLayout} GridLayout */
/** @typedef {import('../base/page-grid.js').PlacedBlock} PlacedBlock */

/** Cells may stick out by less than one cell on every side. */
const EDGE = LARGEST;

/**
 * The cells of the grid, as one image of the viewport. What a frame costs depends on the pixels of
 * the screen, not on how many pages there are or how many have changed.
 */
export class PageRaster {
  /** @type {ImageData | null} */
  #image = null;
  #pixels = new Uint32Array(0);
  #stride = 0;
  #width = 0;
  #height = 0;

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} width
   * @param {number} height
   * @param {GridLayout} layout
   * @param {{x: number, y: number}} scroll
   * @param {import('../model/page-store.js').PageStore} pages
   * @param {import('./stamps.js').Stamps} stamps
   * @param {string} paper
   */
  paint(context, width, height, layout, scroll, pages, stamps, paper) {
    this.#resize(width, height);
    this.#pixels.fill(abgr(paper));
    for (const placed of layout.blocks) {
      if (placed.bottom - scroll.y <= 0 || placed.cellsTop - scroll.y >= height) {
        continue;
      }
      for (let part = 0; part < placed.block.parts; part++) {
        this.#part(layout, placed, part, scroll, pages, stamps);
      }
    }
    const image = /** @type {ImageData} */ (this.#image);
    context.putImageData(image, -EDGE, -EDGE, EDGE, EDGE, width, height);
  }

  /** @param {number} width @param {number} height */
  #resize(width, height) {
    if (this.#image && width === this.#width && height === this.#height) {
      return;
    }
    this.#width = width;
    this.#height = height;
    this.#stride = width + 2 * EDGE;
    this.#image = new ImageData(this.#stride, height + 2 * EDGE);
    this.#pixels = new Uint32Array(this.#image.data.buffer);
  }

  /**
   * @param {GridLayout} layout
   * @param {PlacedBlock} placed
   * @param {number} part
   * @param {{x: number, y: number}} scroll
   * @param {import('../model/page-store.js').PageStore} pages
   * @param {import('./stamps.js').Stamps} stamps
   */
  #part(layout, placed, part, scroll, pages, stamps) {
    const view = partView(layout, placed, part, scroll, this.#width, this.#height);
    if (!view) {
      return;
    }
    const { block } = placed;
    const { x, y, cell, columns, firstRow, lastRow, firstColumn, lastColumn } = view;
    const level = levelOf(layout.zoom);
    const tile = Math.floor(view.first / TILE_PAGES);
    const picture = pages.picture(block.region, tile, block.columns, level);
    // A strip begins within its tile, and is whole rows of it; below one pixel a page there are none.
    const above = (view.first - tile * TILE_PAGES) / block.columns;
    const whole = picture?.coarser === 0;
    let cells = picture && whole ? picture.cells : oneRow(pages.untouchedClass(block.region), columns);
    for (let row = firstRow; row < lastRow; row++) {
      if (picture && !whole) {
        cells = spreadRow(picture, above + row, columns);
      }
      // Where nothing was ever touched there is no tile: one row stands for all.
      const from = whole ? (above + row) * columns : 0;
      const end = whole ? lastColumn : Math.min(lastColumn, lastCell(view.pages, block.columns, row, level));
      const at = (EDGE + y + row * cell) * this.#stride + EDGE + x + firstColumn * cell;
      if (cell === 1) {
        this.#flatRow(cells, from + firstColumn, from + end, at, stamps.flat);
      } else {
        this.#stampedRow(cells, from + firstColumn, from + end, at, stamps);
      }
    }
  }

  /**
   * @param {Uint8Array} cells
   * @param {number} from
   * @param {number} to
   * @param {number} at
   * @param {Uint32Array} colours
   */
  #flatRow(cells, from, to, at, colours) {
    const pixels = this.#pixels;
    for (let i = from, out = at; i < to; i++, out++) {
      const paint = cells[i];
      if (paint !== OUTSIDE) {
        pixels[out] = colours[paint];
      }
    }
  }

  /**
   * @param {Uint8Array} cells
   * @param {number} from
   * @param {number} to
   * @param {number} at
   * @param {import('./stamps.js').Stamps} stamps
   */
  #stampedRow(cells, from, to, at, { size, pixels: stamp, need }) {
    const pixels = this.#pixels;
    const area = size * size;
    for (let i = from; i < to && cells[i] !== OUTSIDE; i++) {
      need(cells[i]);
    }
    for (let line = 0; line < size; line++) {
      let out = at + line * this.#stride;
      for (let i = from; i < to; i++) {
        const paint = cells[i];
        if (paint === OUTSIDE) {
          break;
        }
        let source = paint * area + line * size;
        for (const end = out + size; out < end; ) {
          pixels[out++] = stamp[source++];
        }
      }
    }
  }
}

const line = new Uint8Array(512);

/** @param {number} paint @param {number} columns @returns {Uint8Array} valid until the next row is made */
function oneRow(paint, columns) {
  return line.fill(paint, 0, columns);
}

/**
 * A row of a picture whose cells are larger than those that are drawn.
 *
 * @param {{cells: Uint8Array, coarser: number}} picture
 * @param {number} row
 * @param {number} columns
 * @returns {Uint8Array} valid until the next row is made
 */
function spreadRow({ cells, coarser }, row, columns) {
  const from = (row >> coarser) * (columns >> coarser);
  for (let column = 0; column < columns; column++) {
    line[column] = cells[from + (column >> coarser)];
  }
  return line;
}

/**
 * How many cells the given row of a tile without content has: all, but in the last one.
 *
 * @param {number} inTile
 * @param {number} columns
 * @param {number} row
 * @param {number} level
 * @returns {number}
 */
function lastCell(inTile, columns, row, level) {
  const pagesBefore = (row << level) * columns;
  return Math.ceil(Math.min(columns, inTile - pagesBefore) / (1 << level));
}
