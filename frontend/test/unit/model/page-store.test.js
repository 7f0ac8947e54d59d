import test from 'node:test';
import { deepEqual, equal, ok, throws } from 'node:assert/strict';
import { Paint } from '../../../src/model/paint.js';
import { PageBit as B } from '../../../src/model/vocabulary.generated.js';
import { PageStore } from '../../../src/model/page-store.js';
import { forEachSeed } from '../seeds.js';

test('counts and states are those of a plain array, whatever is set', () => {
  forEachSeed(30, (random) => {
    const sizes = [1 + Math.floor(random() * 600_000), 70];
    const store = new PageStore();
    store.setRegions(sizes);
    const plain = sizes.map((size) => new Uint16Array(size));
    const states = [0, B.CACHED, B.CACHED | B.MAPPED, B.QUEUED, B.READ, B.MAPPED | B.DIRTY];
    for (let i = 0; i < 60; i++) {
      const region = random() < 0.8 ? 0 : 1;
      const first = Math.floor(random() * sizes[region]);
      const count = Math.min(sizes[region] - first, 1 + Math.floor(random() ** 5 * sizes[region]));
      const state = states[Math.floor(random() * states.length)];
      store.set(region, first, count, state);
      plain[region].fill(state, first, first + count);
      if (i % 7 === 0) {
        store.pyramid(region, 0, 64)?.picture(1 + (i % 5));
      }
      if (i === 30) {
        store.setLayer('host');
      }
      if (i === 45) {
        store.setLayer('fault');
      }
    }
    const wanted = new PageStore();
    wanted.setRegions(sizes);
    plain.forEach((array, region) => array.forEach((state, page) => state && wanted.set(region, page, 1, state)));
    sizes.forEach((size, region) => {
      deepEqual([...store.counts(region)], [...wanted.counts(region)]);
      equal(store.counts(region).reduce((a, b) => a + b), size);
      for (let i = 0; i < 50; i++) {
        const page = Math.floor(random() * size);
        equal(store.get(region, page), plain[region][page]);
      }
      const mine = store.pyramid(region, 0, 64);
      const fresh = wanted.pyramid(region, 0, 64);
      if (mine && fresh) {
        deepEqual([...mine.picture(3).cells], [...fresh.picture(3).cells]);
      }
    });
  });
});

test('absent pages cost nothing', () => {
  const store = new PageStore();
  store.setRegions([16_777_216]);
  store.set(0, 0, 16_777_216, 0);
  equal(store.pyramid(0, 5, 512), null);
  store.set(0, 5 * 262_144, 1, B.QUEUED);
  ok(store.pyramid(0, 5, 512));
  equal(store.counts(0)[Paint.MISSING], 1);
});

test('pages outside a region are refused by name', () => {
  const store = new PageStore();
  store.setRegions([100]);
  throws(() => store.set(0, 90, 20, 1), /pages 90\+20 of region 0, which has 100/);
  throws(() => store.set(1, 0, 1, 1), /region 1 of 1 does not exist/);
  equal(store.get(3, 5), 0);
});

test('the next page that differs, in either direction, across absent tiles', () => {
  const store = new PageStore();
  store.setRegions([1_000_000]);
  store.set(0, 10, 5, B.CACHED);
  store.set(0, 900_000, 1, B.QUEUED);
  equal(store.nextDifferent(0, 0, 1), 10);
  equal(store.nextDifferent(0, 10, 1), 15);
  equal(store.nextDifferent(0, 15, 1), 900_000);
  equal(store.nextDifferent(0, 900_001, 1), 999_999);
  equal(store.nextDifferent(0, 899_999, -1), 14);
  equal(store.nextDifferent(0, 3, -1), 0);
});

test('a region that grows keeps what is known of the others', () => {
  const store = new PageStore();
  store.setRegions([100]);
  store.set(0, 5, 1, B.CACHED);
  store.setRegions([100, 50]);
  equal(store.get(0, 5), B.CACHED);
});

test('the next page that is not absent, across absent tiles', () => {
  const store = new PageStore();
  store.setRegions([1_000_000]);
  store.set(0, 7, 1, B.CACHED);
  store.set(0, 900_000, 1, B.QUEUED);
  equal(store.nextTouched(0, 0), 7);
  equal(store.nextTouched(0, 8), 900_000);
  equal(store.nextTouched(0, 900_001), 1_000_000);
  equal(store.nextTouched(4, 0), 0);
});

test('a code stands for what its region began with, for itself, or for what was declared', () => {
  const wide = B.STAGE2 | B.LEAF_2M;
  const store = new PageStore();
  store.setStates([wide]);
  store.setRegions([300_000, 10], [B.UNKNOWN]);
  equal(store.get(0, 7), B.UNKNOWN);
  equal(store.get(1, 7), 0);
  equal(store.counts(0)[Paint.UNKNOWN], 300_000);
  equal(store.untouchedClass(0), Paint.UNKNOWN);
  store.set(0, 5, 512, 0x8000);
  store.set(0, 6, 1, B.CACHED);
  store.setStates([wide, 0]);
  store.set(0, 7, 1, 0x8001);
  store.set(0, 8, 1, 0);
  deepEqual([5, 6, 7, 8].map((page) => store.get(0, page)), [wide, B.CACHED, 0, B.UNKNOWN]);
  equal(store.counts(0)[Paint.CACHED], 1);
  store.setLayer('guest');
  equal(store.counts(0)[Paint.PRESENT], 509);
  equal(store.counts(0)[Paint.UNKNOWN], 300_000 - 511);
  equal(store.nextTouched(0, 0), 5);
  equal(store.nextDifferent(0, 0, 1), 5);
  store.clear();
  equal(store.get(0, 5), B.UNKNOWN);
});

test('where the source tells nothing of stage 2, pages that may be there count as unknown in the guest layer', () => {
  const store = new PageStore();
  store.setRegions([100], [0]);
  store.setLayer('guest');
  store.set(0, 0, 10, B.CACHED | B.MAPPED);
  store.set(0, 10, 5, B.CACHED | B.MAPPED | B.STAGE2);
  equal(store.counts(0)[Paint.ABSENT], 95);
  store.setStage2Told(false);
  deepEqual([Paint.ABSENT, Paint.UNKNOWN, Paint.PRESENT].map((paint) => store.counts(0)[paint]), [85, 10, 5]);
  store.setLayer('host');
  deepEqual([Paint.ABSENT, Paint.PRESENT].map((paint) => store.counts(0)[paint]), [85, 15]);
  store.setStage2Told(true);
  store.setLayer('guest');
  equal(store.counts(0)[Paint.UNKNOWN], 0);
});
