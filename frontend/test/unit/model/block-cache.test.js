import test from 'node:test';
import { deepEqual, equal } from 'node:assert/strict';
import { BlockCache } from '../../../src/model/block-cache.js';

const settle = () => new Promise((done) => setImmediate(done));

test('fetches a block once and has its rows afterwards', async () => {
  const asked = [];
  let arrived = 0;
  const cache = new BlockCache(10, 3, async (block) => {
    asked.push(block);
    return Array.from({ length: 10 }, (_, i) => block * 10 + i);
  }, () => arrived++, () => {});
  equal(cache.at(15), null);
  cache.need(8, 21);
  cache.need(8, 21);
  await settle();
  deepEqual(asked, [0, 1, 2]);
  equal(cache.at(15), 15);
  equal(arrived, 3);
});

test('keeps the blocks used last', async () => {
  const cache = new BlockCache(10, 2, async (block) => [block], () => {}, () => {});
  for (const block of [0, 1, 0, 2]) {
    cache.need(block * 10, block * 10 + 1);
    await settle();
  }
  equal(cache.at(0), 0);
  equal(cache.at(10), null);
  equal(cache.at(20), 2);
});

test('a block that did not come is asked for again', async () => {
  let fail = true;
  const errors = [];
  const cache = new BlockCache(10, 2, async () => {
    if (fail) {
      throw new Error('no');
    }
    return [7];
  }, () => {}, (error) => errors.push(error.message));
  cache.need(0, 1);
  await settle();
  fail = false;
  cache.need(0, 1);
  await settle();
  deepEqual(errors, ['no']);
  equal(cache.at(0), 7);
});

test('forgetting from an index on keeps what lies before', async () => {
  const cache = new BlockCache(10, 5, async (block) => [block], () => {}, () => {});
  cache.need(0, 30);
  await settle();
  cache.forget(15);
  equal(cache.at(0), 0);
  equal(cache.at(10), null);
});
