import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TimeScale } from '../../../src/base/time-scale.js';

/** As D3 does: steps of 1, 2 or 5 times a power of ten. */
const ticks = (/** @type {number} */ from, /** @type {number} */ to, /** @type {number} */ count) => {
  const least = (to - from) / count;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = power * ([1, 2, 5].find((times) => times * power >= least) ?? 10);
  return Array.from({ length: Math.floor(to / step) - Math.ceil(from / step) + 1 }, (_, i) => (Math.ceil(from / step) + i) * step);
};
globalThis.d3 = /** @type {any} */ ({ ticks, bisector: () => ({}) });
const { drawAxis } = await import('../../../src/views/lane-painter.js');

const LETTER = 6;

/** @param {number} width of the canvas @param {number} toNs @returns {{text: string, from: number, to: number}[]} */
function axis(width, toNs) {
  /** @type {{text: string, from: number, to: number}[]} */
  const texts = [];
  const context = {
    canvas: { width },
    fillRect() {},
    measureText: (/** @type {string} */ text) => ({ width: LETTER * text.length }),
    fillText: (/** @type {string} */ text, /** @type {number} */ x) => texts.push({ text, from: x, to: x + LETTER * text.length }),
  };
  const palette = /** @type {any} */ ({ mono: 'mono', line: '', quiet: '' });
  drawAxis(/** @type {any} */ (context), new TimeScale(0, toNs, 112, width - 12), 100, palette, 1);
  return texts;
}

test('every time of an axis is there whole, and none over another', () => {
  for (let width = 300; width <= 1300; width += 7) {
    for (const toNs of [900, 30_000, 3_050_000, 377_975_000, 61_000_000_000]) {
      const texts = axis(width, toNs);
      assert.ok(texts.length > 0, `${width} ${toNs}`);
      texts.forEach(({ text, from, to }, i) => {
        assert.ok(from >= 0 && to <= width, `${text} is cut off at ${width}`);
        assert.ok(i === 0 || from > texts[i - 1].to, `${text} is over ${texts[i - 1]?.text}`);
      });
    }
  }
});
