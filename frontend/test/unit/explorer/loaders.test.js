import assert from 'node:assert/strict';
import test from 'node:test';
import { initialState } from '../../../src/model/view-state.js';
import { breakpointOf } from '../../../src/model/breakpoints.js';
import { ApiError } from '../../../src/stream/api.js';
import { createLoaders } from '../../../src/explorer/loaders.js';

globalThis.window ??= /** @type {any} */ (globalThis);

/** A recording that grows, in which every tenth event is a hit. */
function growing() {
  let events = 5;
  let state = initialState();
  const asked = /** @type {number[]} */ ([]);
  const api = {
    async search(/** @type {string} */ _, /** @type {number} */ from) {
      asked.push(from);
      const hits = [];
      for (let seq = from; seq <= events; seq++) {
        if (seq % 10 === 0) {
          hits.push({ seq });
        }
      }
      return { hits, scanned: Math.max(0, events - from + 1), complete: true, next: null };
    },
  };
  const changed = () => loaders.searchOn();
  const loaders = createLoaders(/** @type {any} */ (api), () => state, (patch) => {
    state = { ...state, ...patch };
    changed();
  });
  return {
    asked,
    loaders,
    hits: () => state.hits,
    clear: () => (state = { ...state, hits: null }),
    grow(/** @type {number} */ to) {
      events = to;
      state = { ...state, meta: /** @type {any} */ ({ events }) };
      changed();
    },
  };
}

/** Timers of one length run in their order: what was to be asked by now has been. */
const rest = () => new Promise((resolve) => setTimeout(resolve, 0));

test('an event recorded after the search is a hit as soon as it is there', async () => {
  const run = growing();
  run.grow(5);
  run.loaders.search('kind = enqueue');
  await rest();
  assert.deepEqual(run.hits()?.events, []);
  run.grow(10);
  await rest();
  assert.deepEqual(run.hits()?.events.map(({ seq }) => seq), [10]);
  run.grow(31);
  await rest();
  assert.deepEqual(run.hits()?.events.map(({ seq }) => seq), [10, 20, 30]);
  assert.deepEqual(run.asked, [1, 6, 11], 'each event is looked at once');
  run.grow(31);
  await rest();
  assert.equal(run.asked.length, 3);
});

test('hits that were cleared do not come back', async () => {
  const run = growing();
  run.grow(50);
  run.loaders.search('kind = enqueue');
  run.clear();
  await rest();
  assert.equal(run.hits(), null);
});

test('breakpoints are counted piece by piece, a wrong one keeps its reason, and growth is counted on', async () => {
  let events = 10;
  let state = { ...initialState(), meta: /** @type {any} */ ({ events }), breakpoints: ['bad', 'good'].map((query) => breakpointOf({ query, on: true })) };
  const api = {
    async hits(/** @type {string} */ query, /** @type {number} */ from) {
      if (query === 'bad') {
        throw new ApiError(400, 'expected a field', 0);
      }
      const next = Math.min(events + 1, from + 4);
      return { count: next - from, ticks: [from], scanned: next - from, complete: next > events, next };
    },
  };
  const loaders = createLoaders(/** @type {any} */ (api), () => state, (patch) => (state = { ...state, ...patch }));
  const counted = async () => {
    loaders.countHits();
    for (let turns = 0; turns < 100; turns++) {
      await Promise.resolve();
    }
    return state.breakpoints[1];
  };
  const first = await counted();
  assert.deepEqual([first.count, first.complete, first.next, first.ticks], [10, true, 11, [1, 5, 9]]);
  assert.deepEqual(state.breakpoints[0].error, { message: 'expected a field', position: 0 });
  events = 12;
  state = { ...state, meta: /** @type {any} */ ({ events }) };
  assert.deepEqual((await counted()).count, 12);
});
