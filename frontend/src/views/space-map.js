// @ts-check
import { mapOf, windowOn } from '../base/minimap.js';
import { nearestPage } from '../base/page-grid.js';
import { el } from './dom.js';
import { drawMarks } from './grid-overlay.js';
import { PageRaster } from './page-raster.js';
import { makeStamps } from './stamps.js';

/** @typedef {import('../model/page-ref.js').PageRef} PageRef */

/** CSS pixels, and the part of the grid, that the map takes at most. */
const WIDEST = 220;
const HIGHEST = 150;
const SHARE = 0.3;

/** CSS pixels between the map and the grid's edge, with its border. */
const AWAY = 9;

/**
 * All memory in a corner, with what the grid shows of it outlined: there while it shows a part.
 *
 * @param {HTMLElement} surface
 * @param {(page: PageRef) => void} goTo
 * @param {AbortSignal} signal
 */
export function createSpaceMap(surface, goTo, signal) {
  const canvas = el('canvas', { 'aria-hidden': 'true' });
  const root = el('div', { class: 'fs-space__map', role: 'img', 'aria-label': 'Map of all memory; what the grid shows is outlined', title: 'All memory; outlined is what the grid shows. Click to go there.', hidden: true }, canvas);
  surface.append(root);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { alpha: false }));
  const raster = new PageRaster();
  /** @type {import('../base/page-grid.js').GridLayout | null} */
  let layout = null;
  let layoutFor = '';
  /** @type {import('./stamps.js').Stamps | null} */
  let stamps = null;
  let stampsFor = '';
  let ratio = 1;

  /** @param {PointerEvent} event */
  const go = (event) => {
    const box = canvas.getBoundingClientRect();
    const page = layout && nearestPage(layout, (event.clientX - box.left) * ratio, (event.clientY - box.top) * ratio);
    if (page) {
      goTo(page);
    }
  };
  root.addEventListener(
    'pointerdown',
    (event) => {
      root.setPointerCapture(event.pointerId);
      go(event);
    },
    { signal },
  );
  root.addEventListener('pointermove', (event) => event.buttons & 1 && go(event), { signal });

  return {
    /**
     * @template {PageRef} P
     * @param {import('./grid-overlay.js').Overlay} grid
     * @param {import('./space-camera.js').SpaceCamera} camera
     * @param {import('../model/page-store.js').PageStore} pages
     * @param {P[]} waiting
     * @param {(page: P) => number} classOf
     */
    paint(grid, camera, pages, waiting, classOf) {
      const { width, height, palette } = grid;
      ratio = grid.ratio;
      const key = [camera.regions.map(({ pages: count }) => count).join(), camera.rowLength, width, height, ratio].join();
      if (key !== layoutFor) {
        layoutFor = key;
        layout = mapOf(camera.regions, camera.rowLength, Math.min(WIDEST * ratio, width * SHARE), Math.min(HIGHEST * ratio, height * SHARE));
      }
      root.hidden = !camera.showsPart || layout === null;
      if (root.hidden || layout === null) {
        camera.cover(0, 0);
        return;
      }
      const size = { width: Math.ceil(layout.width), height: Math.ceil(layout.height) };
      camera.cover(size.width + 2 * AWAY * ratio, size.height + 2 * AWAY * ratio);
      if (canvas.width !== size.width || canvas.height !== size.height) {
        Object.assign(canvas, size);
        canvas.style.width = `${size.width / ratio}px`;
        canvas.style.height = `${size.height / ratio}px`;
      }
      const cell = Math.max(1, layout.zoom);
      if (!stamps || stampsFor !== `${palette.version} ${cell} ${ratio}`) {
        stamps = makeStamps(palette, cell, ratio);
        stampsFor = `${palette.version} ${cell} ${ratio}`;
      }
      const scroll = { x: 0, y: 0 };
      raster.paint(context, size.width, size.height, layout, scroll, pages, stamps, palette.paper);
      drawMarks({ ...grid, ...size, context, layout, scroll }, waiting, classOf);
      for (const piece of windowOn(grid.layout, grid.scroll, width, height, layout)) {
        outline(piece, palette);
      }
    },
  };

  /** @param {{x: number, y: number, width: number, height: number}} piece @param {import('./palette.js').Palette} palette */
  function outline({ x, y, width, height }, palette) {
    const line = Math.max(1, Math.round(ratio));
    for (const [out, colour] of /** @type {const} */ ([[2 * line, palette.paper], [line, palette.accent]])) {
      context.lineWidth = line;
      context.strokeStyle = colour;
      const half = line / 2;
      context.strokeRect(Math.round(x) - out + half, Math.round(y) - out + half, Math.max(1, Math.round(width)) + 2 * out - line, Math.max(1, Math.round(height)) + 2 * out - line);
    }
  }
}
