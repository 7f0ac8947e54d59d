import test from 'node:test';
import { deepEqual, equal, ok } from 'node:assert/strict';
import * as grid from '../../../src/base/page-grid.js';
import { forEachSeed } from '../seeds.js';

const METRICS = { header: 22, label: 14, gap: 12, tileGap: 4, gutter: 8, least: 30, margin: 8 };

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
    const blocks = grid
      .arrange(regions, columns, 1 + Math.floor(random() * 8), 1 + Math.floor(random() * 5))
      .map((block) => ({ ...block, beside: random() < 0.5 }));
    const layout = grid.place(blocks, zoom, METRICS);
    for (const { index, pages } of regions) {
      for (const page of [0, pages - 1, Math.floor(random() * pages)]) {
        const rect = grid.pageRect(layout, index, page);
        ok(rect);
        deepEqual(grid.pageAt(layout, rect.x, rect.y), { region: index, page });
        deepEqual(grid.pageAt(layout, rect.x + rect.size - 1, rect.y + rect.size - 1), { region: index, page });
        deepEqual(grid.nearestPage(layout, rect.x + rect.size / 2, rect.y + rect.size / 2), { region: index, page });
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
  equal(grid.pageAt(layout, 8 + 516, 30), null, 'the line that says where the tile begins');
  deepEqual(grid.pageAt(layout, 8 + 516, 44), { region: 0, page: grid.TILE_PAGES });
  deepEqual(grid.nearestPage(layout, 8 + 512 + 3, 44), { region: 0, page: grid.TILE_PAGES });
  deepEqual(grid.nearestPage(layout, -50, -50), { region: 0, page: 0 });
  equal(grid.nearestPage(grid.place([], 1, METRICS), 5, 5), null);
});

test('a region is cut into strips of whole 2 MiB, unless one pixel stands for many pages', () => {
  const [block] = grid.arrange([{ index: 0, pages: 5000 }], 32, 1, 3);
  equal(block.partPages, 4 * 512);
  equal(block.parts, 3);
  const layout = grid.place([block], 4, METRICS);
  const rows = (4 * 512) / 32;
  deepEqual(grid.pageRect(layout, 0, 0), { x: 8, y: 8 + 22 + 14, size: 4 });
  deepEqual(grid.pageRect(layout, 0, 2048), { x: 8 + 32 * 4 + 4, y: 8 + 22 + 14, size: 4 });
  equal(layout.height, 8 + 22 + 14 + rows * 4 + 8);
  equal(grid.place([block], 1 / 2, METRICS).blocks[0].block.parts, 1);
  equal(grid.arrange([{ index: 0, pages: 500 }], 32, 1, 3)[0].parts, 1);
});

test('zoom goes step by step and stops at both ends', () => {
  equal(grid.zoomBy(1, 1), 2);
  equal(grid.zoomBy(1, -1), 1 / 2);
  equal(grid.zoomBy(64, 1), 80);
  equal(grid.zoomBy(grid.LARGEST, 5), grid.LARGEST);
  equal(grid.zoomBy(160, 5), grid.LARGEST);
  equal(grid.zoomBy(1 / 64, -5), 1 / 64);
  equal(grid.zoomBy(9, 0), 9);
  equal(grid.zoomBy(9, 1), 10);
  equal(grid.zoomBy(9, -1), 8);
  equal(grid.zoomBy(18, 2), 24);
  for (const zoom of grid.ZOOMS) {
    equal(grid.levelOf(zoom) > 0, zoom < 1);
  }
});
