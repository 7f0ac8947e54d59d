import test from 'node:test';
import { deepEqual, equal } from 'node:assert/strict';
import { partView, visibleRanges } from '../../../src/base/grid-view.js';
import * as grid from '../../../src/base/page-grid.js';

const METRICS = { header: 22, label: 14, gap: 12, tileGap: 4, gutter: 8, least: 30, margin: 8 };

test('what is on screen is told as ranges of pages', () => {
  const regions = [{ index: 0, pages: 1000 }, { index: 1, pages: 1000 }];
  const layout = grid.place(grid.arrange(regions, 64, 1), 10, METRICS);
  deepEqual(visibleRanges(layout, 0, 60), [{ region: 0, first: 0, count: 192 }]);
  equal(visibleRanges(layout, 0, 1e6).length, 2);
});

test('of a tile only the cells on screen are looked at', () => {
  const layout = grid.place(grid.arrange([{ index: 0, pages: 1000 }], 64, 1), 10, METRICS);
  const [placed] = layout.blocks;
  deepEqual(partView(layout, placed, 0, { x: 100, y: 50 }, 200, 100), {
    x: -92, y: -20, cell: 10, columns: 64, firstRow: 2, lastRow: 12, firstColumn: 9, lastColumn: 30, first: 0, pages: 1000,
  });
  equal(partView(layout, placed, 0, { x: 0, y: 5000 }, 200, 100), null);
});

test('below one pixel a page cells are squares of pages', () => {
  const layout = grid.place(grid.arrange([{ index: 0, pages: 262_144 }], 512, 1), 1 / 8, METRICS);
  const view = partView(layout, layout.blocks[0], 0, { x: 0, y: 0 }, 1000, 1000);
  equal(view?.columns, 64);
  equal(view?.lastRow, 64);
  equal(view?.cell, 1);
});

test('a strip is looked at like a region of its own', () => {
  const layout = grid.place(grid.arrange([{ index: 0, pages: 5000 }], 32, 1, 3), 4, METRICS);
  const view = partView(layout, layout.blocks[0], 1, { x: 0, y: 0 }, 1000, 1000);
  equal(view?.first, 2048);
  equal(view?.pages, 2048);
  equal(view?.lastRow, 64);
  deepEqual(visibleRanges(layout, 0, 100), [{ region: 0, first: 0, count: 5000 }]);
});
