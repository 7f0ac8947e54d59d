// @ts-check
import { MAX_CLASSES } from '../base/class-pyramid.js';
import { formatBytes, formatCount, plural } from '../base/format.js';
import { LAYERS, Paint } from '../model/paint.js';
import { mappedInWords } from '../model/page-state.js';
import { modesText } from '../model/view-state.js';
import { PAGE_BYTES } from '../model/vocabulary.generated.js';
import { el, fillRows, setText } from './dom.js';
import { createPane } from './pane.js';
import { unknownDots } from './stamps.js';

/**
 * Every region with its shares of page states.
 *
 * @param {HTMLElement} root
 * @param {object} options
 * @param {(region: number) => void} options.go
 * @param {import('../model/page-store.js').PageStore} options.pages
 * @param {() => import('./palette.js').Palette} options.palette
 */
export function createRegionsPane(root, { go, pages, palette }) {
  const pane = createPane({
    id: 'regions',
    title: 'Regions',
    hint: 'Guest memory, and what its pages are now.',
  });
  root.append(pane.root);
  const list = el('ul');
  pane.body.append(list);
  let shown = '';

  const make = () => {
    const row = el(
      'li',
      {},
      el(
        'button',
        { type: 'button', class: 'fs-region' },
        el(
          'span',
          { class: 'fs-region__line' },
          el('span', { class: 'fs-region__name' }),
          el('span', { class: 'fs-region__size' }),
        ),
        el(
          'span',
          { class: 'fs-region__line' },
          el('span', { class: 'fs-region__what' }),
          el('span', { class: 'fs-region__share' }),
        ),
        el('canvas', { class: 'fs-region__bar', width: 256, height: 6, 'aria-hidden': 'true' }),
      ),
    );
    row.querySelector('button')?.addEventListener('click', () => go(Number(row.dataset.region)));
    return row;
  };

  return {
    /** @param {import('../model/view-state.js').ViewState} state */
    update(state) {
      const regions = state.meta?.regions ?? [];
      const key = [pages.version, palette().version, regions.length, state.page?.region].join();
      if (key === shown) {
        return;
      }
      shown = key;
      setText(pane.note, regions.length > 1 ? formatCount(regions.length) : '');
      fillRows(list, regions, make, (row, region) => {
        row.dataset.region = String(region.index);
        const counts = pages.counts(region.index);
        const find = (/** @type {string} */ part) =>
          /** @type {HTMLElement} */ (row.querySelector(`.fs-region__${part}`));
        const mapped = MAPPED.reduce((sum, paint) => sum + counts[paint], 0);
        const share = mappedInWords(mapped, counts[Paint.UNKNOWN], region.pages);
        setText(find('name'), region.name);
        setText(find('size'), formatBytes(region.pages * PAGE_BYTES));
        setText(find('what'), [region.backing, modesText(region), region.inferred ? 'inferred' : ''].filter(Boolean).join(' · '));
        setText(find('share'), share);
        const entry = /** @type {HTMLElement} */ (row.firstElementChild);
        entry.ariaCurrent = state.page?.region === region.index ? 'true' : 'false';
        const parts = LAYERS[pages.layer].legend
          .filter(({ paint }) => counts[paint] > 0)
          .map(({ paint, label }) => `${formatCount(counts[paint])} ${label}`);
        entry.title = `${plural(region.pages, 'page')}: ${parts.join(', ')}`;
        drawBar(/** @type {HTMLCanvasElement} */ (find('bar')), counts, region.pages, palette());
      });
    },
  };
}

/** Classes that say a page is mapped: in the host page table or, in the guest layer, in stage 2. */
const MAPPED = [Paint.PRESENT, Paint.DIRTY, Paint.PROTECTED, Paint.PRIVATE_PRESENT];

/** Order along the bar: what is there first, what waits last; then what is absent, and what is not known. */
const ORDER = [
  Paint.PRESENT, Paint.PRIVATE_PRESENT, Paint.DIRTY, Paint.PROTECTED, Paint.PARTIAL, Paint.ZERO, Paint.CACHED,
  Paint.USERFAULT, Paint.PRIVATE_USERFAULT, Paint.MMIO, Paint.IN_KERNEL, Paint.IN_FLIGHT, Paint.MINOR, Paint.MISSING, Paint.ERROR,
];

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Uint32Array} counts
 * @param {number} whole
 * @param {import('./palette.js').Palette} palette
 */
function drawBar(canvas, counts, whole, palette) {
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const { width, height } = canvas;
  context.fillStyle = palette.absent;
  context.fillRect(0, 0, width, height);
  let x = 0;
  for (const paint of ORDER) {
    if (paint >= MAX_CLASSES || counts[paint] === 0) {
      continue;
    }
    // One page of a million is still seen.
    const share = Math.max(1, (counts[paint] / whole) * width);
    const left = Math.min(x, width - 1);
    context.fillStyle = palette.pages[paint];
    context.fillRect(left, 0, share, height);
    if (paint === Paint.CACHED && share > 2) {
      context.fillStyle = palette.absent;
      context.fillRect(left + 1, 1, share - 2, height - 2);
    }
    x += share;
  }
  if (counts[Paint.UNKNOWN] > 0) {
    // At the end, and exactly its share: what is before it, where it is rare, is larger than its own.
    const left = Math.min(width - 1, Math.max(x, width - (counts[Paint.UNKNOWN] / whole) * width));
    context.fillStyle = palette.paper;
    context.fillRect(left, 0, width - left, height);
    context.fillStyle = unknownDots(context, palette, 1);
    context.fillRect(left, 0, width - left, height);
  }
}
