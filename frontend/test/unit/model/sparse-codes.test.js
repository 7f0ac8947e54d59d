import test from 'node:test';
import { deepEqual, equal } from 'node:assert/strict';
import { SparseCodes } from '../../../src/model/sparse-codes.js';
import { forEachSeed } from '../seeds.js';

const PAGES = 300;

test('sparse codes say of each page what was set last', () => {
  forEachSeed(20, (random) => {
    const codes = new SparseCodes();
    const plain = new Uint16Array(PAGES);
    for (let i = 0; i < 200; i++) {
      const code = Math.floor(random() * 3);
      if (random() < 0.05) {
        codes.fill(code);
        plain.fill(code);
      } else {
        const page = Math.floor(random() * PAGES);
        codes.set(page, code);
        plain[page] = code;
      }
      for (const asked of [0, 1, 2]) {
        equal(codes.isAll(asked), plain.every((each) => each === asked));
      }
    }
    deepEqual(Array.from(plain, (_, page) => codes.get(page)), [...plain]);
    const visited = new Uint16Array(PAGES);
    codes.forEach((first, count, code) => visited.fill(code, first, first + count), PAGES);
    deepEqual(visited, plain);
  });
});

test('pages that were set one by one to one code are all of it', () => {
  const codes = new SparseCodes();
  codes.set(1, 7);
  equal(codes.isAll(0), false);
  codes.set(1, 0);
  equal(codes.isAll(0), true);
});
