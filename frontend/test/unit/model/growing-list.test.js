import test from 'node:test';
import { deepEqual, equal } from 'node:assert/strict';
import { GrowingList } from '../../../src/model/growing-list.js';

const settle = () => new Promise((done) => setImmediate(done));

test('asks for stretch after stretch, each once, until the end', async () => {
  const asked = [];
  const list = new GrowingList(1, 100, async (from) => {
    asked.push(from);
    return { rows: [from, from + 1], next: from >= 5 ? null : from + 2 };
  }, () => {}, () => {});
  for (let i = 0; i < 6; i++) {
    list.need(list.rows.length + 1);
    list.need(list.rows.length + 1);
    await settle();
  }
  deepEqual(asked, [1, 3, 5]);
  deepEqual(list.rows, [1, 2, 3, 4, 5, 6]);
  equal(list.complete, true);
});

test('keeps no more than its bound', async () => {
  const list = new GrowingList(0, 4, async (from) => ({ rows: [1, 2], next: from + 2 }), () => {}, () => {});
  for (let i = 0; i < 5; i++) {
    list.need(100);
    await settle();
  }
  equal(list.rows.length, 4);
});

test('a failure is told and ends the asking', async () => {
  const told = [];
  const list = new GrowingList(0, 4, async () => { throw new Error('no'); }, () => {}, (error) => told.push(error.message));
  list.need(1);
  await settle();
  list.need(1);
  await settle();
  deepEqual(told, ['no']);
});
