import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstWindow, keepInSight } from '../../../src/base/time-window.js';

test('a recording of few events is shown whole', () => {
  assert.equal(firstWindow(0, 1_000_000, 600), null);
});

test('a long recording opens on as many events as a lane can show', () => {
  assert.deepEqual(firstWindow(0, 1_000_000, 60_000), { fromNs: 0, toNs: 10_000 });
  const middle = firstWindow(500_000, 1_000_000, 60_000);
  assert.deepEqual(middle, { fromNs: 497_000, toNs: 507_000 });
});

test('the window does not reach beyond the recording', () => {
  assert.deepEqual(firstWindow(1_000_000, 1_000_000, 60_000), { fromNs: 990_000, toNs: 1_000_000 });
});

test('a moment in sight moves nothing, one outside brings the window along at the same zoom', () => {
  const window = { fromNs: 100, toNs: 200 };
  assert.equal(keepInSight(window, 150, 10_000), window);
  assert.equal(keepInSight(window, 200, 10_000), window);
  assert.deepEqual(keepInSight(window, 5_000, 10_000), { fromNs: 4_970, toNs: 5_070 });
  assert.deepEqual(keepInSight(window, 10, 10_000), { fromNs: 0, toNs: 100 });
  assert.equal(keepInSight(null, 10, 10_000), null);
});
