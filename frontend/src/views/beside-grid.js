// @ts-check
import { plural } from '../base/format.js';
import { keyName } from '../base/keyboard.js';
import { cellInWords, cellsOf, nextDiffering, regionInWords } from '../model/beside.js';
import { createCanvas } from './canvas.js';
import { el, setText } from './dom.js';
import { inkOn } from './palette.js';

/** @typedef {import('../model/beside.js').RegionPair} RegionPair */
/** @typedef {import('../model/beside.js').PageDifference} PageDifference */
/** @typedef {import('../model/beside.js').Cell} Cell */
/** A page of the left recording. @typedef {{region: number, page: number}} PageRef */

/** CSS pixels of a cell, and how high all of a region may be together. */
const LEAST = 3;
const LARGEST = 22;
const HEIGHT = 240;

/** Regions beyond so many are told of, not drawn. */
const MOST_REGIONS = 32;

const HELP = 'Arrow keys go from page to page, N and Shift N from one that differs to the next, Escape leaves them.';

/**
 * Which pages are the same in two regions that stand for each other.
 *
 * @param {object} options
 * @param {() => import('./palette.js').Palette} options.palette
 * @param {(page: PageRef) => void} options.choose
 * @param {AbortSignal} options.signal
 */
function createRegionGrid({ palette, choose, signal }) {
  const title = el('h3', { class: 'fs-beside__region' });
  const surface = el('div', { class: 'fs-beside__cells', role: 'application', tabindex: 0, 'aria-describedby': 'beside-grid-help' });
  const tooltip = el('div', { class: 'fs-tooltip', role: 'tooltip', hidden: true });
  surface.append(tooltip);
  /** @type {RegionPair | null} */
  let region = null;
  /** @type {PageDifference | null} */
  let pages = null;
  /** @type {Cell[]} */
  let cells = [];
  let chosen = -1;
  let size = LARGEST;
  let columns = 1;
  const canvas = createCanvas(surface, layOut, signal);

  function layOut() {
    const width = Math.max(1, surface.clientWidth);
    size = Math.max(LEAST, Math.min(LARGEST, Math.floor(Math.sqrt((width * HEIGHT) / Math.max(1, cells.length)))));
    const most = Math.max(1, Math.floor(width / size));
    // A power of two, so that the same address stands below itself.
    columns = 2 ** Math.floor(Math.log2(most));
    surface.style.height = `${Math.max(1, Math.ceil(cells.length / columns)) * size}px`;
    paint();
  }

  function paint() {
    const { context, width, height, ratio } = canvas;
    const colours = palette();
    context.fillStyle = colours.paper;
    context.fillRect(0, 0, width, height);
    const gap = size > 5 ? ratio : 0;
    cells.forEach((cell, i) => {
      const count = cell.same + cell.differing + cell.unknown;
      const left = (i % columns) * size * ratio;
      const top = Math.floor(i / columns) * size * ratio;
      const side = size * ratio - gap;
      context.fillStyle = colours.absent;
      context.fillRect(left, top, side, side);
      const unknown = Math.round((side * cell.unknown) / count);
      if (unknown > 0) {
        context.fillStyle = colours.paper;
        context.fillRect(left, top, side, unknown);
        context.fillStyle = colours.lineStrong;
        context.fillRect(left + side / 2 - ratio / 2, top + unknown / 2 - ratio / 2, Math.max(1, ratio), Math.max(1, ratio));
      }
      if (cell.differing > 0) {
        // One of many is seen as well.
        const tall = Math.max(Math.round(2 * ratio), Math.round((side * cell.differing) / count));
        context.fillStyle = colours.heat[1];
        context.fillRect(left, top + side - tall, side, tall);
        if (size >= 12 && cell.differing === count) {
          context.fillStyle = inkOn(colours.heat[1]);
          context.font = `600 ${(size - 4) * ratio}px ${colours.font}`;
          context.textAlign = 'center';
          context.textBaseline = 'middle';
          context.fillText('≠', left + side / 2, top + side / 2 + ratio);
        }
      }
      if (i === chosen) {
        context.strokeStyle = colours.accent;
        context.lineWidth = 2 * ratio;
        context.strokeRect(left + ratio, top + ratio, side - 2 * ratio, side - 2 * ratio);
      }
    });
  }

  /** @param {MouseEvent} event @returns {number} a cell, -1 for none */
  function cellAt(event) {
    const box = surface.getBoundingClientRect();
    const column = Math.floor((event.clientX - box.left) / size);
    const at = Math.floor((event.clientY - box.top) / size) * columns + column;
    return column >= 0 && column < columns && at >= 0 && at < cells.length ? at : -1;
  }

  /** @param {number} cell */
  function select(cell) {
    if (region && pages && cell >= 0 && cell < cells.length) {
      choose({ region: region.left, page: cell * pages.pagesPerCell });
    }
  }

  // A click looks at a page; arrow keys go on stepping. Tab leads into the pages, and there they go from page to page.
  surface.addEventListener('mousedown', (event) => event.preventDefault(), { signal });
  surface.addEventListener('pointermove', (event) => {
    const cell = cellAt(event);
    tooltip.hidden = cell < 0;
    if (cell >= 0 && pages && region) {
      setText(tooltip, wordsOf(cell));
      tooltip.style.left = `${Math.min((cell % columns) * size + size + 4, surface.clientWidth - tooltip.offsetWidth)}px`;
      tooltip.style.top = `${Math.floor(cell / columns) * size + size + 4}px`;
    }
  }, { signal });
  surface.addEventListener('pointerleave', () => (tooltip.hidden = true), { signal });
  surface.addEventListener('click', (event) => select(cellAt(event)), { signal });
  surface.addEventListener('focus', () => surface.matches(':focus-visible') && chosen < 0 && select(0), { signal });
  surface.addEventListener('keydown', (event) => {
    const at = Math.max(0, chosen);
    const to = /** @type {Record<string, () => number>} */ ({
      ArrowLeft: () => at - 1,
      ArrowRight: () => at + 1,
      ArrowUp: () => at - columns,
      ArrowDown: () => at + columns,
      N: () => nextDiffering(cells, chosen, 1),
      'Shift+N': () => nextDiffering(cells, chosen < 0 ? cells.length : chosen, -1),
    })[keyName(event)];
    if (event.key === 'Escape') {
      surface.blur();
    } else if (to) {
      select(to());
      event.preventDefault();
      event.stopPropagation();
    }
  }, { signal });

  /** @param {number} cell @returns {string} both states, where they are known here */
  function wordsOf(cell) {
    const { differing } = /** @type {PageDifference} */ (pages);
    const said = cellInWords(/** @type {PageDifference} */ (pages), cell, cells[cell]);
    const known = pages?.pagesPerCell === 1 ? differing.find((each) => each.region === region?.left && each.page === cell) : undefined;
    return known ? `${said}\nleft: ${factsOf(known.leftFacts)}\nright: ${factsOf(known.rightFacts)}` : said;
  }

  return {
    root: el('div', {}, title, surface),
    /** @param {RegionPair} next @param {PageDifference} of @param {PageRef | null} page */
    update(next, of, page) {
      region = next;
      pages = of;
      cells = cellsOf(next);
      chosen = page && page.region === next.left ? Math.floor(page.page / of.pagesPerCell) : -1;
      setText(title, regionInWords(next));
      surface.setAttribute('aria-label', `Pages of ${next.leftName}`);
      layOut();
    },
    recolour: paint,
  };
}

/** @param {string[]} facts @returns {string} */
export function factsOf(facts) {
  return facts.join(', ') || 'absent';
}

/**
 * The pages of all regions that stand for each other.
 *
 * @param {object} options
 * @param {() => import('./palette.js').Palette} options.palette
 * @param {(page: PageRef) => void} options.choose
 * @param {AbortSignal} options.signal
 */
export function createBesideGrid(options) {
  const list = el('div', { class: 'fs-beside__grids' });
  /** @type {ReturnType<typeof createRegionGrid>[]} */
  let grids = [];
  const rest = el('p', { class: 'fs-quiet' });
  return {
    root: el('div', {}, list, rest, el('p', { class: 'fs-spoken', id: 'beside-grid-help', text: HELP })),
    /** @param {PageDifference} pages @param {PageRef | null} page */
    update(pages, page) {
      const drawn = pages.regions.slice(0, MOST_REGIONS);
      while (grids.length < drawn.length) {
        const grid = createRegionGrid(options);
        grids.push(grid);
        list.append(grid.root);
      }
      for (const { root } of grids.splice(drawn.length)) {
        root.remove();
      }
      drawn.forEach((region, i) => grids[i].update(region, pages, page));
      const more = pages.regions.slice(MOST_REGIONS);
      rest.hidden = more.length === 0;
      setText(rest, `${plural(more.length, 'region')} more, in which ${plural(more.reduce((sum, { differing }) => sum + differing, 0), 'page')} differ, are not drawn.`);
    },
    recolour: () => grids.forEach((grid) => grid.recolour()),
  };
}
