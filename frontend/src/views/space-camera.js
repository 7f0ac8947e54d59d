// @ts-check
import { formatHex } from '../base/format.js';
import { fit } from '../base/page-fit.js';
import { arrange, blockOf, nearestPage, pageAt, pageRect, place, zoomBy, ZOOMS } from '../base/page-grid.js';

/** @typedef {import('../base/page-grid.js').GridLayout} GridLayout */
/** @typedef {import('../model/page-ref.js').PageRef} PageRef */

/** CSS pixels of a digit of the page numbers beside the rows. */
const DIGIT = 6.1;

/**
 * Where a person looks: zoom and scroll position of the grid, in device pixels. Until somebody zooms
 * or moves, everything is fitted to the screen and stays so.
 */
export class SpaceCamera {
  /** @type {{index: number, pages: number}[]} */
  #regions = [];
  /** @type {number | 'auto'} */
  columns = 'auto';
  #whole = false;
  #blocks = arrange([], 512, 1);
  #zoom = 1;
  #fitted = true;
  #width = 1;
  #height = 1;
  #ratio = 1;
  /** What lies over the lower right corner. */
  #covered = { width: 0, height: 0 };
  x = 0;
  y = 0;
  /** @type {GridLayout} */
  layout = place([], 1, this.metrics);

  get #largest() {
    return Math.max(0, ...this.#regions.map(({ pages }) => pages));
  }

  get metrics() {
    const ratio = this.#ratio;
    return {
      header: Math.round(24 * ratio),
      label: Math.round(15 * ratio),
      gap: Math.round(6 * ratio),
      tileGap: Math.round(4 * ratio),
      gutter: Math.round(Math.max(54, 12 + DIGIT * formatHex(this.#largest).length) * ratio),
      least: Math.round(96 * ratio),
      margin: Math.round(6 * ratio),
    };
  }

  get zoom() {
    return this.#zoom;
  }

  get regions() {
    return this.#regions;
  }

  /** Pages to a row, of regions that are not cut into tiles. */
  get rowLength() {
    return this.#blocks.find(({ columns }) => columns !== 512)?.columns ?? 512;
  }

  /** Whether some pages are not on screen. */
  get showsPart() {
    return this.layout.width > this.#width || this.layout.height > this.#height;
  }

  /**
   * Says what lies over the lower right corner: everything can be moved clear of it.
   *
   * @param {number} width
   * @param {number} height
   */
  cover(width, height) {
    this.#covered = { width, height };
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
    const { blocks, zoom } = fit(this.#regions, this.#whole ? 512 : this.columns, this.#width, this.#height, this.metrics);
    this.#blocks = blocks;
    this.#zoom = zoom;
    this.x = 0;
    this.y = 0;
    this.#fitted = true;
    this.#settle();
  }

  /** @param {boolean} on whether rows are of 512 pages whatever was chosen: memory is known in cells of such */
  setWhole(on) {
    if (on !== this.#whole) {
      this.#whole = on;
      this.fit();
    }
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

  /** @param {number} zoom @param {number} atX @param {number} atY */
  zoomTo(zoom, atX, atY) {
    if (zoom === this.#zoom) {
      return;
    }
    const held = nearestPage(this.layout, atX + this.x, atY + this.y);
    const before = held && pageRect(this.layout, held.region, held.page);
    const ratio = zoom / this.#zoom;
    this.#zoom = zoom;
    this.#fitted = false;
    const [fromX, fromY] = [atX + this.x, atY + this.y];
    this.#settle();
    const rect = held && pageRect(this.layout, held.region, held.page);
    if (before && rect) {
      // A point on a page stays where it is on that page; one beside it stays as far from it.
      const kept = (/** @type {number} */ away) => (Math.abs(away) <= before.size / 2 ? away * ratio : away);
      this.x = rect.x + rect.size / 2 + kept(fromX - before.x - before.size / 2) - atX;
      this.y = rect.y + rect.size / 2 + kept(fromY - before.y - before.size / 2) - atY;
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
    const under = rect.x + rect.size - this.x > this.#width - this.#covered.width && rect.y + rect.size - this.y > this.#height - this.#covered.height;
    if (under && this.showsPart) {
      this.centre(page);
    } else if ((outX && this.layout.width > this.#width) || (outY && this.layout.height > this.#height)) {
      this.x = outX ? rect.x - this.#width / 2 : this.x;
      this.y = outY ? rect.y - this.#height / 2 : this.y;
      this.#fitted = false;
      this.#settle();
    }
  }

  /** @param {PageRef} page brings it to the middle of the screen, as far as there is something around it */
  centre(page) {
    const rect = pageRect(this.layout, page.region, page.page);
    if (rect) {
      this.x = rect.x + rect.size / 2 - this.#width / 2;
      this.y = rect.y + rect.size / 2 - this.#height / 2;
      this.#fitted = false;
      this.#settle();
    }
  }

  /** @param {number} region brings its block to the top */
  revealRegion(region) {
    const placed = blockOf(this.layout, region);
    if (placed && (this.layout.height > this.#height || this.layout.width > this.#width)) {
      this.x = placed.left;
      this.y = placed.top;
      this.#fitted = false;
      this.#settle();
    }
  }

  /**
   * @param {PageRef | null} page
   * @returns {{x: number, y: number} | null} where the middle of the page is on screen; null where it is not
   */
  onScreen(page) {
    const rect = page && pageRect(this.layout, page.region, page.page);
    if (!rect) {
      return null;
    }
    const x = rect.x + rect.size / 2 - this.x;
    const y = rect.y + rect.size / 2 - this.y;
    return x >= 0 && y >= 0 && x < this.#width && y < this.#height ? { x, y } : null;
  }

  /** @param {number} x @param {number} y on screen @returns {PageRef | null} */
  pageAt(x, y) {
    return pageAt(this.layout, x + this.x, y + this.y);
  }

  /** Rows that fit on the screen: what a page key moves by. */
  get rowsOnScreen() {
    return Math.max(1, Math.floor(this.#height / Math.max(1, this.#zoom)) - 1);
  }

  #settle() {
    this.layout = place(this.#blocks, this.#zoom, this.metrics);
    this.x = Math.round(clamp(this.x, this.layout.width - this.#width));
    this.y = Math.round(clamp(this.y, this.layout.height - this.#height + (this.showsPart ? this.#covered.height : 0)));
  }
}

/** @param {number} value @param {number} most */
function clamp(value, most) {
  return Math.max(0, Math.min(Math.max(0, most), value));
}
