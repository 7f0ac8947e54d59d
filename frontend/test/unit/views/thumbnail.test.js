import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PAINT_STYLES } from '../../../src/model/paint.js';
import { PageBit } from '../../../src/model/vocabulary.generated.js';
import { drawThumbnail } from '../../../src/views/thumbnail.js';

const ABSENT = [10, 11, 12, 255];
const LINE = [200, 201, 202, 255];
const MAPPED = [50, 51, 52, 255];
const rgb = (/** @type {number[]} */ [r, g, b]) => `rgb(${r}, ${g}, ${b})`;

/** @param {number[][]} rows @returns {{size: string, title: string, pixel: (x: number, y: number) => number[]}} */
function drawn(rows) {
  /** @type {any} */
  let image = null;
  const canvas = {
    title: '',
    width: 0,
    height: 0,
    getContext: () => ({
      createImageData: (/** @type {number} */ width, /** @type {number} */ height) => ({ data: new Uint8ClampedArray(width * height * 4) }),
      putImageData: (/** @type {unknown} */ painted) => {
        image = painted;
      },
    }),
  };
  const colours = { absent: rgb(ABSENT), present: rgb(MAPPED) };
  const pages = PAINT_STYLES.map(({ token }) => colours[/** @type {keyof typeof colours} */ (token)] ?? 'rgb(1, 2, 3)');
  drawThumbnail(/** @type {any} */ (canvas), rows, /** @type {any} */ ({ pages, line: rgb(LINE), cached: 'rgb(4, 5, 6)', absent: rgb(ABSENT) }));
  return {
    size: `${canvas.width} ${canvas.height}`,
    title: canvas.title,
    pixel: (x, y) => [...image.data.slice((y * canvas.width + x) * 4, (y * canvas.width + x) * 4 + 4)],
  };
}

test('a page of which nothing is known is not painted as absent', () => {
  const { pixel, size, title } = drawn([[0, PageBit.UNKNOWN], [PageBit.MAPPED | PageBit.CACHED]]);
  assert.equal(size, '2 2');
  assert.deepEqual([pixel(0, 0), pixel(1, 0), pixel(0, 1)], [ABSENT, LINE, MAPPED]);
  assert.match(title, /halfway/);
});

test('where no page is, nothing is painted', () => {
  assert.deepEqual(drawn([[0, 0], [0]]).pixel(1, 1), [0, 0, 0, 0]);
  assert.deepEqual(drawn([]).pixel(0, 0), [0, 0, 0, 0]);
});
