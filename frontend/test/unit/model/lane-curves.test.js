// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compact, curvesInWords, curvesOf } from '../../../src/model/lane-curves.js';

/** @returns {import('../../../src/model/messages.js').LanesAnswer} */
const lanes = () => ({
  fromNs: 0, toNs: 10_000, columns: 4, stretches: true, lanes: [],
  queue: { mean: [0, 1.256, 2, 0], max: [0, 2, 3, 1] },
  counts: { faults: [0, 5, 1, 0], pages: [16, 0, 0, 2] },
});

test('rates are the counts over the width of their column, and come to them again', () => {
  const [queue, faults, pages] = curvesOf(lanes());
  assert.deepEqual([queue.name, faults.name, pages.name], ['queue', 'faults/s', 'pages/s']);
  assert.deepEqual([queue.area, queue.line, queue.most], [[0, 1.256, 2, 0], [0, 2, 3, 1], 3]);
  assert.deepEqual(faults.line, [0, 2e6, 4e5, 0]);
  assert.equal(faults.most, 2e6);
  assert.equal(pages.line.reduce((sum, rate) => sum + rate * 2500e-9, 0), 18);
});

test('columns that differ by a nanosecond have each its own rate, and one of no width has none', () => {
  const [, faults] = curvesOf({ ...lanes(), toNs: 3, counts: { faults: [0, 1, 1, 1], pages: [0, 0, 0, 0] } });
  assert.deepEqual(faults.line, [0, 1e9, 1e9, 1e9]);
});

test('words say the count behind a rate', () => {
  const [queue, faults, pages] = curvesOf(lanes());
  assert.equal(queue.inWords(1), '2 faults waited at most, 1.26 on average');
  assert.equal(faults.inWords(2), '400 k faults/s: 1 fault queued in 2.5 µs');
  assert.equal(pages.inWords(0), '6.4 M pages/s: 16 pages served by ioctls that succeeded in 2.5 µs');
  assert.equal(curvesInWords(curvesOf(lanes())), 'queue at most 3, faults/s at most 2 M, pages/s at most 6.4 M');
  assert.equal(curvesInWords([]), '');
});

test('numbers have three digits at most', () => {
  assert.deepEqual([0, 0.5, 7, 999, 1000, 12_345, 999_999, 4.2e9].map(compact), ['0', '0.5', '7', '999', '1 k', '12.3 k', '1 M', '4.2 G']);
});
