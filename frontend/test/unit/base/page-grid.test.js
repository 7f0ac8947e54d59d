import test from 'node:test';
import { deepEqual, equal, ok } from 'node:assert/strict';
import * as grid from '../../../src/base/page-grid.js';
import { forEachSeed } from '../seeds.js';

const METRICS = { header: 22, gap: 12, tileGap: 4, gutter: 8, margin: 8 };

test('a page is where its address says: row by row', () => {
  const layout = grid.place(grid.arrange([{ index: 0, pages: 1000 }], 128, 1), 4, METRICS);
  deepEqual(grid.pageRect(layout, 0, 0), { x: 8, y: 30, size: 4 });
  deepEqual(grid.pageRect(layout, 0, 129), { x: 8 + 4, y: 30 + 4, size: 4 });
  equal(grid.pageRect(layout, 0, 1000), null);
  equal(grid.pageRect(layout, 1, 0), null);
});

test('regions stand under each other with room for a header', () => {
  const regions = [{ index: 0, pages: 256 }, { index: 1, pages: 64 }];
  const layout = grid.place(grid.arrange(regions, 64, 1), 2, METRICS);
  equal(layout.blocks[0].bottom, 8 + 22 + 4 * 2);
  equal(layout.blocks[1].top, layout.blocks[0].bottom + 12);
  equal(layout.height, layout.blocks[1].bottom + 8);
});

test('a position and its page are each other, at any zoom', () => {
  forEachSeed(300, (random) => {
    const regions = Array.from({ length: 1 + Math.floor(random() * 4) }, (_, index) => ({
      index,
      pages: 1 + Math.floor(random() ** 4 * 2_000_000),
    }));
    const columns = grid.ROW_LENGTHS[Math.floor(random() * grid.ROW_LENGTHS.length)];
    const zoom = grid.ZOOMS[6 + Math.floor(random() * (grid.ZOOMS.length - 6))];
    const blocks = grid.arrange(regions, columns, 1 + Math.floor(random() * 8));
    const layout = grid.place(blocks, zoom, METRICS);
    for (const { index, pages } of regions) {
      for (const page of [0, pages - 1, Math.floor(random() * pages)]) {
        const rect = grid.pageRect(layout, index, page);
        ok(rect);
        deepEqual(grid.pageAt(layout, rect.x, rect.y), { region: index, page });
        deepEqual(grid.pageAt(layout, rect.x + rect.size - 1, rect.y + rect.size - 1), { region: index, page });
        ok(rect.x + rect.size <= layout.width && rect.y + rect.size <= layout.height);
      }
    }
  });
});

test('what lies between pages is no page', () => {
  const layout = grid.place(grid.arrange([{ index: 0, pages: 600_000 }], 512, 2), 1, METRICS);
  equal(grid.pageAt(layout, 8 + 512 + 2, 40), null);
  equal(grid.pageAt(layout, 2, 40), null);
  equal(grid.pageAt(layout, 20, 10), null);
  deepEqual(grid.pageAt(layout, 8 + 516, 30), { region: 0, page: grid.TILE_PAGES });
});

test('fits: the largest zoom that shows everything, and long rows where it makes no difference', () => {
  const small = grid.fit([{ index: 0, pages: 8192 }], 'auto', 760, 450, METRICS);
  const layout = grid.place(small.blocks, small.zoom, METRICS);
  ok(layout.width <= 760 && layout.height <= 450);
  ok(small.zoom >= 4, `zoom ${small.zoom}`);
  equal(grid.fit([{ index: 0, pages: 8192 }], 512, 760, 450, METRICS).blocks[0].columns, 512);
});

test('64 GiB fit on a screen', () => {
  const { blocks, zoom } = grid.fit([{ index: 0, pages: 16_777_216 }], 'auto', 760, 450, METRICS);
  const layout = grid.place(blocks, zoom, METRICS);
  ok(layout.width <= 760 && layout.height <= 450);
  equal(blocks[0].columns, 512);
  equal(zoom, 1 / 8);
});

test('more regions than fit are scrolled, not shrunk to nothing', () => {
  const regions = Array.from({ length: 200 }, (_, index) => ({ index, pages: 512 }));
  const { blocks, zoom } = grid.fit(regions, 'auto', 760, 450, METRICS);
  ok(zoom >= 1);
  ok(grid.place(blocks, zoom, METRICS).width <= 760);
});

test('zoom goes step by step and stops at both ends', () => {
  equal(grid.zoomBy(1, 1), 2);
  equal(grid.zoomBy(1, -1), 1 / 2);
  equal(grid.zoomBy(64, 5), 64);
  equal(grid.zoomBy(1 / 64, -5), 1 / 64);
  equal(grid.zoomBy(9, 0), 10);
  for (const zoom of grid.ZOOMS) {
    equal(grid.levelOf(zoom) > 0, zoom < 1);
  }
});
