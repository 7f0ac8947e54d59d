// @ts-check
import { MAX_CLASSES } from '../base/class-pyramid.js';
import { GLYPH_FROM, NUMBER_FROM } from '../base/page-grid.js';
import { PAINT_STYLES } from '../model/paint.js';
import { channels } from './palette.js';

/** From this many pixels on neighbours are set apart by a line. */
const GAP_FROM = 5;

/** From this many pixels on "hollow" is a screen of two colours and not a colour of its own… */
export const SCREEN_FROM = 3;

/** …and from this many an outline. */
const OUTLINE_FROM = 6;

/**
 * What a page looks like at one size, for each class, as pixels that are copied: painting sixty
 * thousand pages is copying, whatever signs they carry.
 *
 * @typedef {object} Stamps
 * @property {number} size pixels of a side
 * @property {Uint32Array} pixels `size × size` of each class that was needed, in its place
 * @property {Uint32Array} flat one pixel of each class
 * @property {(paint: number) => void} need makes the pixels of a class, the first time: few of all are in sight
 */

/**
 * @param {import('./palette.js').Palette} palette
 * @param {number} size at least 1
 * @param {number} ratio device pixels of a CSS pixel
 * @returns {Stamps}
 */
export function makeStamps(palette, size, ratio) {
  const flat = new Uint32Array(MAX_CLASSES);
  const pixels = new Uint32Array(MAX_CLASSES * size * size);
  const canvas = new OffscreenCanvas(size, size);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (
    canvas.getContext('2d', { willReadFrequently: true })
  );
  PAINT_STYLES.forEach((_, paint) => {
    flat[paint] = abgr(flatColour(palette, paint));
  });
  const made = new Uint8Array(MAX_CLASSES);
  const need = (/** @type {number} */ paint) => {
    if (made[paint] === 0) {
      made[paint] = 1;
      drawCell(context, palette, paint, size, ratio);
      const { data } = context.getImageData(0, 0, size, size);
      pixels.set(new Uint32Array(data.buffer), paint * size * size);
    }
  };
  return { size, pixels, flat, need };
}

/**
 * @param {import('./palette.js').Palette} palette
 * @param {number} paint
 * @returns {string} of a page that has room for nothing but one colour
 */
export function flatColour(palette, paint) {
  const { fill } = PAINT_STYLES[paint];
  return fill === 'hollow' ? palette.cached : fill === 'dotted' ? palette.line : palette.pages[paint];
}

/**
 * @param {OffscreenCanvasRenderingContext2D} context
 * @param {import('./palette.js').Palette} palette
 * @param {number} paint
 * @param {number} size
 * @param {number} ratio
 */
function drawCell(context, palette, paint, size, ratio) {
  const { glyph, fill } = PAINT_STYLES[paint];
  const gap = size >= GAP_FROM ? Math.max(1, Math.round(ratio)) : 0;
  const side = size - gap;
  context.fillStyle = palette.paper;
  context.fillRect(0, 0, size, size);
  context.fillStyle = size < SCREEN_FROM ? flatColour(palette, paint) : fill === 'dotted' ? palette.paper : palette.pages[paint];
  context.fillRect(0, 0, side, side);
  if (fill === 'hollow' && size >= SCREEN_FROM && size < OUTLINE_FROM) {
    context.fillStyle = diagonals(context, 2, palette.absent);
    context.fillRect(0, 0, side, side);
  }
  if (fill === 'hollow' && size >= OUTLINE_FROM) {
    const line = Math.max(1, Math.min(Math.round(side / 7), Math.round(6 * ratio)));
    context.fillStyle = palette.absent;
    context.fillRect(line, line, side - 2 * line, side - 2 * line);
  }
  if (fill === 'dotted' && size >= SCREEN_FROM) {
    context.fillStyle = unknownDots(context, palette, ratio);
    context.fillRect(0, 0, side, side);
  }
  if (fill === 'dotted' && size >= NUMBER_FROM * ratio) {
    context.strokeStyle = palette.line;
    context.lineWidth = gap;
    context.strokeRect(gap / 2, gap / 2, side - gap, side - gap);
  }
  if (fill === 'half' && size >= 2) {
    // The upper half is there.
    context.fillStyle = palette.absent;
    context.fillRect(0, Math.ceil(side / 2), side, side - Math.ceil(side / 2));
  }
  if (fill === 'hatched' && size >= 2) {
    context.fillStyle = diagonals(context, Math.max(2, Math.round(4 * ratio)), palette.paper);
    context.fillRect(0, 0, side, side);
  }
  if (size >= GLYPH_FROM * ratio && glyph !== '' && size < NUMBER_FROM * ratio) {
    drawGlyph(context, palette, paint, side / 2, side / 2, Math.round(side * 0.62));
  }
}

/**
 * Diagonal lines of one pixel, `step` pixels apart.
 *
 * @param {OffscreenCanvasRenderingContext2D} context
 * @param {number} step
 * @param {string} colour
 */
function diagonals(context, step, colour) {
  return repeated(context, step, colour, Array.from({ length: step }, (_, x) => [x, (step - x) % step]));
}

/**
 * What is painted over the paper where nothing is known.
 *
 * @param {OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D} context
 * @param {import('./palette.js').Palette} palette
 * @param {number} ratio
 */
export function unknownDots(context, palette, ratio) {
  return repeated(context, Math.max(2, Math.round(3 * ratio)), palette.lineStrong, [[0, 0]]);
}

/**
 * Dots that come again: a page of 192 pixels has ten thousand, and they are drawn at once.
 *
 * @param {OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D} context
 * @param {number} step pixels after which they do
 * @param {string} colour
 * @param {number[][]} dots x and y of each
 * @returns {CanvasPattern}
 */
function repeated(context, step, colour, dots) {
  const tile = new OffscreenCanvas(step, step);
  const small = /** @type {OffscreenCanvasRenderingContext2D} */ (tile.getContext('2d'));
  small.fillStyle = colour;
  dots.forEach(([x, y]) => small.fillRect(x, y, 1, 1));
  return /** @type {CanvasPattern} */ (context.createPattern(tile, 'repeat'));
}

/**
 * @param {OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D} context
 * @param {import('./palette.js').Palette} palette
 * @param {number} paint
 * @param {number} x centre
 * @param {number} y centre
 * @param {number} size of the letters
 */
export function drawGlyph(context, palette, paint, x, y, size) {
  context.fillStyle = palette.glyphs[paint];
  context.font = `600 ${size}px ${palette.mono}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(PAINT_STYLES[paint].glyph, x, y + size * 0.06);
}

/**
 * What text on a page stands on.
 *
 * @param {import('./palette.js').Palette} palette
 * @param {number} paint
 * @param {boolean} low whether in the lower half
 * @returns {{colour: string, plate: boolean}} `plate`: a pattern is there, so the colour is laid under the text
 */
export function textGround(palette, paint, low) {
  switch (PAINT_STYLES[paint].fill) {
    case 'hollow':
      return { colour: palette.absent, plate: false };
    case 'dotted':
      return { colour: palette.paper, plate: true };
    case 'hatched':
      return { colour: palette.pages[paint], plate: true };
    case 'half':
      return { colour: low ? palette.absent : palette.pages[paint], plate: true };
    case 'solid':
      return { colour: palette.pages[paint], plate: false };
  }
}

/** @param {string} colour @returns {number} as little-endian image data wants it */
export function abgr(colour) {
  const [r, g, b] = channels(colour);
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}
