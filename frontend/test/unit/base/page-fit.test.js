import test from 'node:test';
import { equal, ok } from 'node:assert/strict';
import { fit } from '../../../src/base/page-fit.js';
import * as grid from '../../../src/base/page-grid.js';
import { forEachSeed } from '../seeds.js';

const METRICS = { header: 22, label: 14, gap: 12, tileGap: 4, gutter: 8, least: 30, margin: 8 };

/** As the space lens has them. */
const SCREEN = { header: 24, label: 15, gap: 6, tileGap: 4, gutter: 54, least: 96, margin: 6 };

test('regions flow: beside each other as long as there is room', () => {
  const regions = Array.from({ length: 6 }, (_, index) => ({ index, pages: 64 }));
  const { blocks, zoom } = fit(regions, 'auto', 760, 450, SCREEN);
  const layout = grid.place(blocks, zoom, SCREEN);
  ok(blocks.some((block) => block.beside));
  ok(layout.width > 760 * 0.8, `${layout.width}`);
  for (const [i, one] of layout.blocks.entries()) {
    for (const other of layout.blocks.slice(i + 1)) {
      ok(one.right <= other.left || one.bottom <= other.top || other.bottom <= one.top, 'no two lie over each other');
    }
  }
});

/** The panel at 1024, 1280 and 1920 pixels, and a presentation. */
const PANELS = [[488, 330], [740, 470], [1380, 830], [1280, 600], [1920, 960]];

/** @param {{index: number, pages: number}[]} regions @param {number} width @param {number} height */
function used(regions, width, height) {
  const { blocks, zoom } = fit(regions, 'auto', width, height, SCREEN);
  const layout = grid.place(blocks, zoom, SCREEN);
  ok(layout.width <= width && layout.height <= height, `${layout.width} × ${layout.height}`);
  return { zoom, wide: layout.width / width, high: layout.height / height };
}

test('twelve thousand pages use the panel, in any window', () => {
  for (const [width, height] of PANELS) {
    const { zoom, wide, high } = used([{ index: 0, pages: 12_319 }], width, height);
    ok(wide > 0.85, `${width}: ${wide} of the width`);
    ok(wide * high > 0.55, `${width}: ${wide} × ${high}`);
    const area = (width - 60) * (height - 60);
    ok(12_319 * (zoom + 2) ** 2 > area * 0.8, `${width}: pages of ${zoom + 2} would not fit either`);
  }
});

test('sixteen pages are as large as the panel lets them be', () => {
  for (const [width, height] of PANELS) {
    const { zoom, wide } = used([{ index: 0, pages: 16 }], width, height);
    ok(zoom >= Math.min(grid.LARGEST, Math.floor((width - 60) / 8)), `${width}: ${zoom}`);
    ok(wide > 0.8 || zoom === grid.LARGEST, `${wide}`);
  }
});

test('whatever the regions are, what is fitted lies within the panel, and a page more would not', () => {
  forEachSeed(200, (random) => {
    const regions = Array.from({ length: 1 + Math.floor(random() * 4) }, (_, index) => ({
      index,
      pages: 1 + Math.floor(random() ** 5 * 3_000_000),
    }));
    const [width, height] = PANELS[Math.floor(random() * PANELS.length)];
    const { blocks, zoom } = fit(regions, 'auto', width, height, SCREEN);
    const layout = grid.place(blocks, zoom, SCREEN);
    ok(layout.width <= width, `${layout.width}`);
    ok(layout.height <= height, `${layout.height}`);
    equal(blocks.length, regions.length);
    if (zoom >= 1 && zoom < grid.LARGEST) {
      const larger = grid.place(blocks, zoom + 1, SCREEN);
      ok(larger.width > width || larger.height > height, 'the same blocks, one pixel larger');
    }
  });
});

test('fits: the largest zoom that shows everything, and long rows where it makes no difference', () => {
  const small = fit([{ index: 0, pages: 8192 }], 'auto', 760, 450, METRICS);
  const layout = grid.place(small.blocks, small.zoom, METRICS);
  ok(layout.width <= 760 && layout.height <= 450);
  ok(small.zoom >= 4, `zoom ${small.zoom}`);
  equal(fit([{ index: 0, pages: 8192 }], 512, 760, 450, METRICS).blocks[0].columns, 512);
});

test('64 GiB fit on a screen', () => {
  const { blocks, zoom } = fit([{ index: 0, pages: 16_777_216 }], 'auto', 760, 450, METRICS);
  const layout = grid.place(blocks, zoom, METRICS);
  ok(layout.width <= 760 && layout.height <= 450);
  equal(blocks[0].columns, 512);
  equal(zoom, 1 / 8);
});

test('more regions than fit are scrolled, not shrunk to nothing', () => {
  const regions = Array.from({ length: 200 }, (_, index) => ({ index, pages: 512 }));
  const { blocks, zoom } = fit(regions, 'auto', 760, 450, METRICS);
  ok(zoom >= 1);
  ok(grid.place(blocks, zoom, METRICS).width <= 760);
});
