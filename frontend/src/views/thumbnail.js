// @ts-check
import { paintOf } from '../model/paint.js';
import { channels } from './palette.js';
import { flatColour } from './stamps.js';

/**
 * A small picture of a recording: one pixel a cell, the state of its pages halfway through, which its
 * title says. What is not known has the colour that it has in the grid; where no page is, nothing is painted.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {number[][]} rows page states
 * @param {import('./palette.js').Palette} palette
 */
export function drawThumbnail(canvas, rows, palette) {
  const height = rows.length;
  const width = Math.max(1, ...rows.map((row) => row.length));
  canvas.title = 'Its pages halfway through';
  canvas.width = width;
  canvas.height = Math.max(1, height);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const image = context.createImageData(width, Math.max(1, height));
  const colours = palette.pages.map((_, paint) => channels(flatColour(palette, paint)));
  rows.forEach((row, y) => {
    row.forEach((state, x) => image.data.set([...colours[paintOf('fault', state)], 255], (y * width + x) * 4));
  });
  context.putImageData(image, 0, 0);
}
