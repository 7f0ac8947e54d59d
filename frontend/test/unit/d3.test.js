import assert from 'node:assert/strict';
import test from 'node:test';

/** What D3 answers for such a short stretch: halves and tenths as well. */
const halves = (start, stop) => Array.from({ length: (stop - start) * 2 + 1 }, (_, i) => start + i / 2);
globalThis.d3 = /** @type {any} */ ({ ticks: halves });

test('no axis has a tick between two nanoseconds', async () => {
  const { ticks } = await import('../../src/d3.js');
  assert.deepEqual(ticks(0, 3, 7), [0, 1, 2, 3]);
});
