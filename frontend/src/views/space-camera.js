// @ts-check
import { arrange, fit, pageAt, pageRect, place, zoomBy, ZOOMS } from '../base/page-grid.js';

/** @typedef {import('../base/page-grid.js').GridLayout} GridLayout */
/** @typedef {import('../model/page-ref.js').PageRef} PageRef */

/**
 * Where a person looks: zoom and scroll position of the grid, in device pixels. Until somebody zooms
 * or moves, everything is fitted to the screen and stays so.
 */
export class SpaceCamera {
  /** @type {{index: number, pages: number}[]} */
  #regions = [];
  /** @type {number | 'auto'} */
  columns = 'auto';
  #blocks = arrange([], 512, 1);
  #zoom = 1;
  #fitted = true;
  #width = 1;
  #height = 1;
  #ratio = 1;
  x = 0;
  y = 0;
  /** @type {GridLayout} */
  layout = place([], 1, this.metrics);

  get metrics() {
    const ratio = this.#ratio;
    return {
      header: Math.round(24 * ratio),
      gap: Math.round(6 * ratio),
      tileGap: Math.round(4 * ratio),
      gutter: Math.round(54 * ratio),
      margin: Math.round(6 * ratio),
    };
  }

  get zoom() {
    return this.#zoom;
  }

  /** @param {{index: number, pages: number}[]} regions */
  setRegions(regions) {
    this.#regions = regions.map(({ index, pages }) => ({ index, pages }));
    this.fit();
  }

  /** @param {number} width @param {number} height @param {number} ratio */
  setViewport(width, height, ratio) {
    this.#width = width;
    this.#height = height;
    this.#ratio = ratio;
    if (this.#fitted) {
      this.fit();
    } else {
      this.#settle();
    }
  }

  fit() {
    const { blocks, zoom } = fit(this.#regions, this.columns, this.#width, this.#height, this.metrics);
    this.#blocks = blocks;
    this.#zoom = zoom;
    this.x = 0;
    this.y = 0;
    this.#fitted = true;
    this.#settle();
  }

  /** @param {number | 'auto'} columns */
  setColumns(columns) {
    this.columns = columns;
    this.fit();
  }

  /**
   * @param {number} steps
   * @param {number} atX what is under this point stays there
   * @param {number} atY
   */
  zoomSteps(steps, atX, atY) {
    this.zoomTo(zoomBy(this.#zoom, steps), atX, atY);
  }

  /** @param {number} zoom one of ZOOMS @param {number} atX @param {number} atY */
  zoomTo(zoom, atX, atY) {
    if (zoom === this.#zoom) {
      return;
    }
    const held = this.#nearestPage(atX, atY);
    this.#zoom = zoom;
    this.#fitted = false;
    this.#settle();
    const rect = held && pageRect(this.layout, held.region, held.page);
    if (rect) {
      this.x = rect.x + rect.size / 2 - atX;
      this.y = rect.y + rect.size / 2 - atY;
    }
    this.#settle();
  }

  /** @param {number} dx @param {number} dy */
  pan(dx, dy) {
    this.x += dx;
    this.y += dy;
    this.#fitted = false;
    this.#settle();
  }

  /**
   * Brings a page on screen, with some pages around it.
   *
   * @param {PageRef} page
   * @param {boolean} closer zoom in until it can be seen as one
   */
  reveal(page, closer) {
    const readable = ZOOMS.find((zoom) => zoom >= 8 * this.#ratio) ?? this.#zoom;
    if (closer && this.#zoom < readable) {
      this.#zoom = readable;
      this.#fitted = false;
      this.#settle();
    }
    const rect = pageRect(this.layout, page.region, page.page);
    if (!rect) {
      return;
    }
    const room = Math.min(48 * this.#ratio, this.#width / 4, this.#height / 4);
    const outX = rect.x - this.x < this.metrics.gutter || rect.x + rect.size - this.x > this.#width - 8;
    const outY = rect.y - this.y < room || rect.y + rect.size - this.y > this.#height - room;
    if ((outX && this.layout.width > this.#width) || (outY && this.layout.height > this.#height)) {
      this.x = outX ? rect.x - this.#width / 2 : this.x;
      this.y = outY ? rect.y - this.#height / 2 : this.y;
      this.#fitted = false;
      this.#settle();
    }
  }

  /** @param {number} region brings its block to the top */
  revealRegion(region) {
    const placed = this.layout.blocks.find(({ block }) => block.region === region);
    if (placed && this.layout.height > this.#height) {
      this.y = placed.top;
      this.#fitted = false;
      this.#settle();
    }
  }

  /** @param {number} x @param {number} y on screen @returns {PageRef | null} */
  pageAt(x, y) {
    return pageAt(this.layout, x + this.x, y + this.y);
  }

  /** Rows that fit on the screen: what a page key moves by. */
  get rowsOnScreen() {
    return Math.max(1, Math.floor(this.#height / Math.max(1, this.#zoom)) - 1);
  }

  /** @param {number} x @param {number} y @returns {PageRef | null} */
  #nearestPage(x, y) {
    const direct = this.pageAt(x, y);
    if (direct) {
      return direct;
    }
    const [worldX, worldY] = [x + this.x, y + this.y];
    const below = this.layout.blocks.find((placed) => placed.bottom > worldY) ?? this.layout.blocks.at(-1);
    if (!below) {
      return null;
    }
    const { gutter } = this.layout.metrics;
    const insideX = Math.min(Math.max(worldX, gutter), gutter + below.width - 1);
    const insideY = Math.min(Math.max(worldY, below.cellsTop), below.bottom - 1);
    return pageAt(this.layout, insideX, insideY);
  }

  #settle() {
    this.layout = place(this.#blocks, this.#zoom, this.metrics);
    this.x = Math.round(clamp(this.x, this.layout.width - this.#width));
    this.y = Math.round(clamp(this.y, this.layout.height - this.#height));
  }
}

/** @param {number} value @param {number} most */
function clamp(value, most) {
  return Math.max(0, Math.min(Math.max(0, most), value));
}
