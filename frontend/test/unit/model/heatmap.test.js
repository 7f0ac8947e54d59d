// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { areaBetween, cellInWords, columnNs, columnOf, rowsWithin } from '../../../src/model/heatmap.js';
import { forEachSeed } from '../seeds.js';

/** @returns {import('../../../src/model/messages.js').HeatmapAnswer} */
const latencies = (fromNs = 0, toNs = 1000, columns = 4) => ({
  of: 'latency', fromNs, toNs, columns, unknown: [0, 2, 0, 0], faults: 9, peak: 4, mean: 1,
  rows: [{ fromNs: 1000, toNs: 2000, faults: [1, 0, 0, 4] }, { fromNs: 2000, toNs: 4000, faults: [0, 0, 2, 0] }],
});

/** @returns {import('../../../src/model/messages.js').HeatmapAnswer} */
const addresses = () => ({
  of: 'address', fromNs: 0, toNs: 1000, columns: 2, unknown: [0, 0], faults: 4, peak: 1, mean: 0.5,
  rows: [
    { region: 'ram', firstPage: 16, pages: 16, faults: [1, 0] },
    { region: 'ram', firstPage: 32, pages: 5, faults: [0, 1] },
    { region: 'rom', firstPage: 0, pages: 1, faults: [1, 0] },
    { region: null, firstPage: 0, pages: 0, faults: [1, 0] },
  ],
});

test('every time is in the column between whose edges it is', () => {
  forEachSeed(100, (any) => {
    const random = (/** @type {number} */ below) => Math.floor(any() * below);
    const from = random(2 ** 50);
    const to = from + 1 + random(2 ** 50);
    const map = latencies(from, to, 1 + random(1024));
    assert.equal(columnNs(map, 0), from);
    assert.equal(columnNs(map, map.columns), to);
    assert.equal(columnOf(map, to), -1);
    for (const ns of [from, to - 1, from + random(to - from)]) {
      const column = columnOf(map, ns);
      assert.ok(columnNs(map, column) <= ns && ns < columnNs(map, column + 1), `${ns} in ${column}`);
    }
  });
});

test('an area of cells has their edges, whichever way it was drawn', () => {
  const area = { kind: 'latency', fromNs: 250, toNs: 1000, leastNs: 1000, beforeNs: 4000 };
  assert.deepEqual(areaBetween(latencies(), { column: 1, row: 0 }, { column: 3, row: 1 }), area);
  assert.deepEqual(areaBetween(latencies(), { column: 3, row: 1 }, { column: 1, row: 0 }), area);
  assert.equal(areaBetween(latencies(), { column: 0, row: -1 }, { column: 1, row: 0 }), null, 'who was never woken has no latency');
});

test('an area of pages stays in the region where it began', () => {
  const map = addresses();
  assert.deepEqual(areaBetween(map, { column: 0, row: 1 }, { column: 0, row: 3 }), { kind: 'pages', fromNs: 0, toNs: 500, region: 'ram', first: 32, last: 36 });
  assert.deepEqual(areaBetween(map, { column: 0, row: 0 }, { column: 1, row: 1 }), { kind: 'pages', fromNs: 0, toNs: 1000, region: 'ram', first: 16, last: 36 });
  assert.equal(areaBetween(map, { column: 0, row: 3 }, { column: 0, row: 3 }), null);
});

test('an area is found again in the rows, and only in those of its kind', () => {
  for (const [map, rows] of /** @type {[import('../../../src/model/messages.js').HeatmapAnswer, number][]} */ ([[latencies(), 2], [addresses(), 3]])) {
    for (let row = 0; row < rows; row++) {
      const area = areaBetween(map, { column: 0, row }, { column: 1, row });
      assert.ok(area);
      assert.deepEqual(rowsWithin(map, area), [row, row]);
      assert.equal(rowsWithin(map.of === 'latency' ? addresses() : latencies(), area), null);
    }
  }
});

test('a cell says what it counts in words', () => {
  assert.deepEqual(cellInWords(latencies(), { column: 3, row: 0 })[0], '4 faults: waited 1 µs to 2 µs');
  assert.match(cellInWords(latencies(), { column: 1, row: -1 }).join(' '), /^2 faults: queued, never woken queued /);
  assert.equal(cellInWords(addresses(), { column: 0, row: 0 })[0], '1 fault: ram, pages 0x10 to 0x1f');
  assert.equal(cellInWords(addresses(), { column: 0, row: 2 })[0], '1 fault: rom, page 0x0');
});
