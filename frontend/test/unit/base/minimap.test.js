import test from 'node:test';
import { equal, ok } from 'node:assert/strict';
import { mapOf, windowOn } from '../../../src/base/minimap.js';
import { fit } from '../../../src/base/page-fit.js';
import * as grid from '../../../src/base/page-grid.js';
import { forEachSeed } from '../seeds.js';

const SCREEN = { header: 24, label: 15, gap: 6, tileGap: 4, gutter: 54, least: 96, margin: 6 };
const [WIDTH, HEIGHT] = [740, 470];

/** @param {{x: number, y: number, width: number, height: number}[]} pieces @param {{x: number, y: number, size: number}} rect */
function covers(pieces, rect) {
  const [x, y] = [rect.x + rect.size / 2, rect.y + rect.size / 2];
  return pieces.some((piece) => x >= piece.x && x <= piece.x + Math.max(1, piece.width) && y >= piece.y && y <= piece.y + Math.max(1, piece.height));
}

test('what the grid shows is outlined on the map, and nothing far from it', () => {
  forEachSeed(200, (random) => {
    const regions = Array.from({ length: 1 + Math.floor(random() * 3) }, (_, index) => ({
      index,
      pages: 1 + Math.floor(random() ** 4 * 1_000_000),
    }));
    const { blocks, zoom } = fit(regions, 'auto', WIDTH, HEIGHT, SCREEN);
    const columns = blocks.find((block) => block.columns !== 512)?.columns ?? 512;
    const map = mapOf(regions, columns, 200, 140);
    ok(map, 'a map');
    ok(map.width <= 200 && map.height <= 140);
    const layout = grid.place(blocks, grid.zoomBy(zoom, 1 + Math.floor(random() * 6)), SCREEN);
    const region = Math.floor(random() * regions.length);
    const page = Math.floor(random() * regions[region].pages);
    const at = grid.pageRect(layout, region, page);
    ok(at);
    const scroll = { x: Math.max(0, Math.round(at.x - WIDTH / 2)), y: Math.max(0, Math.round(at.y - HEIGHT / 2)) };
    const pieces = windowOn(layout, scroll, WIDTH, HEIGHT, map);
    const shown = grid.pageRect(map, region, page);
    ok(shown && covers(pieces, shown), `page ${page} of ${regions[region].pages} is in the middle of the screen`);
    for (const piece of pieces) {
      ok(piece.x >= 0 && piece.y >= 0 && piece.x + piece.width <= map.width + 1 && piece.y + piece.height <= map.height + 1);
    }
    if (map.zoom >= 1) {
      const away = Math.floor(random() * regions[region].pages);
      const there = grid.pageRect(layout, region, away);
      const onMap = grid.pageRect(map, region, away);
      ok(there && onMap);
      const seen = there.x + there.size > scroll.x && there.x < scroll.x + WIDTH && there.y + there.size > scroll.y && there.y < scroll.y + HEIGHT;
      equal(covers(pieces, onMap), seen, `page ${away}`);
    }
  });
});
