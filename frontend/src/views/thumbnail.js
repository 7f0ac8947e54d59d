// @ts-check
import { paintOf } from '../model/paint.js';
import { channels } from './palette.js';

/**
 * A small picture of a recording: one pixel a cell, the state of its pages at the end.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {number[][]} rows page states
 * @param {import('./palette.js').Palette} palette
 */
export function drawThumbnail(canvas, rows, palette) {
  const height = rows.length;
  const width = Math.max(1, ...rows.map((row) => row.length));
  canvas.width = width;
  canvas.height = Math.max(1, height);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const image = context.createImageData(width, Math.max(1, height));
  const absent = channels(palette.absent);
  const colours = palette.pages.map(channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const state = rows[y][x];
      const [r, g, b] = state === undefined ? absent : colours[paintOf('fault', state)];
      image.data.set([r, g, b, 255], (y * width + x) * 4);
    }
  }
  context.putImageData(image, 0, 0);
}
