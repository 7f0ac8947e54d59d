import test from 'node:test';
import { deepEqual, equal } from 'node:assert/strict';
import { TILE_PAGES } from '../../../src/base/page-grid.js';
import { LastEvents, MOST_CHANGED } from '../../../src/model/last-events.js';
import { MOST_WHO, Paint, whoLegend } from '../../../src/model/paint.js';
import { PageBit } from '../../../src/model/vocabulary.generated.js';
import { forEachSeed } from '../seeds.js';

const actors = (count) => Array.from({ length: count }, (_, index) => ({ index, kind: index === 1 ? 'handler' : 'vcpu', label: `t${index}` }));

function lastOf(sizes, sparse = false) {
  const last = new LastEvents();
  last.begin(7);
  last.setRegions(sizes.map((pages) => ({ pages, initial: 0 })));
  last.setActors(actors(4));
  last.keepSparse(sparse);
  return last;
}

test('ages and who are those of the last event of each page, in whatever pieces they were learnt', () => {
  forEachSeed(20, (random) => {
    const last = lastOf([5000, 40], random() < 0.5);
    const plain = new Map();
    let timeNs = 0;
    for (let seq = 1; seq < 60; seq++) {
      timeNs += Math.floor(random() ** 6 * 1e8);
      const region = random() < 0.8 ? 0 : 1;
      const page = Math.floor(random() * (region === 0 ? 4900 : 30));
      const event = { region, page, pages: 1 + Math.floor(random() * 9), seq, timeNs, actor: [0, 2, 3][Math.floor(random() * 3)] };
      last.learn([event], [event], seq);
      for (let each = page; each < page + event.pages; each++) {
        plain.set(`${region}:${each}`, event);
      }
      last.moveTo(timeNs);
    }
    equal(last.known, 59);
    const now = timeNs + Math.floor(random() * 1e9);
    last.moveTo(now);
    const { age, who } = last.stores;
    for (let page = 0; page < 5000; page++) {
      const event = plain.get(`0:${page}`);
      const us = event ? (now - event.timeNs) / 1000 : 0;
      const step = event ? 1 + [1, 16, 256, 4096, 65536, 1048576, 16777216].filter((limit) => us > limit).length : 0;
      equal(age.get(0, page), step, `page ${page}`);
      equal(who.get(0, page), event ? { 0: 1, 2: 2, 3: 3 }[event.actor] : 0);
      equal(last.ageNs({ region: 0, page }), event ? now - event.timeNs : null);
    }
  });
});

test('never changed is not unknown', () => {
  const last = new LastEvents();
  last.begin(1);
  last.setRegions([{ pages: 10, initial: 0 }, { pages: 20, initial: PageBit.UNKNOWN }]);
  const totals = last.stores.age.totals();
  deepEqual([totals[Paint.ABSENT], totals[Paint.UNKNOWN]], [10, 20]);
});

test('going back begins from nothing, and of another recording nothing is known', () => {
  const last = lastOf([100]);
  last.learn([{ region: 0, page: 3, pages: 2, seq: 1, timeNs: 5, actor: 0 }], [], 1);
  last.restart();
  deepEqual([last.known, last.stores.age.get(0, 3), last.ageNs({ region: 0, page: 3 })], [0, 0, null]);
  last.learn([{ region: 0, page: 3, pages: 2, seq: 1, timeNs: 5, actor: 0 }], [], 1);
  last.begin(8);
  equal(last.known, 0);
});

test('more threads than colours are said, by name', () => {
  const few = whoLegend(['a', 'b']);
  deepEqual(few.map(({ label }) => label), ['a', 'b', 'no touch told']);
  const exactly = whoLegend('abcdefgh'.split(''));
  equal(exactly.length, MOST_WHO + 1);
  const many = whoLegend('abcdefghij'.split(''));
  equal(many.length, MOST_WHO + 1);
  equal(many[MOST_WHO - 1].label, '3 others');
  equal(many[MOST_WHO - 1].meaning.includes('h, i, j'), true);
});

test('what pages hold is what the answer says, and unknown where it does not say all', () => {
  for (const sparse of [false, true]) {
    const last = new LastEvents();
    last.begin(1);
    last.setRegions([{ pages: TILE_PAGES * 3, initial: 0 }, { pages: 50, initial: PageBit.UNKNOWN }]);
    last.keepSparse(sparse);
    const { contents } = last.stores;
    equal(last.momentOf('contents'), -1);
    equal(last.learnContents([{ region: 0, page: 5, pages: 2 * TILE_PAGES, kind: 'zero' }, { region: 1, page: 3, pages: 1, kind: 'half' }], true, 9), true);
    let totals = contents.totals();
    deepEqual([totals[Paint.ZERO], totals[Paint.PARTIAL], totals[Paint.UNKNOWN], totals[Paint.ABSENT]], [2 * TILE_PAGES, 1, 49, TILE_PAGES]);
    equal(last.momentOf('contents'), 9);
    equal(last.learnContents([{ region: 1, page: 3, pages: 1, kind: 'filled' }], false, 10), false);
    totals = contents.totals();
    deepEqual([totals[Paint.PRESENT], totals[Paint.UNKNOWN]], [1, 49 + 3 * TILE_PAGES]);
  }
});

test('of more changed pages than are kept none is said never to have changed', () => {
  const last = new LastEvents();
  last.begin(1);
  last.setRegions([{ pages: TILE_PAGES * 100, initial: 0 }]);
  last.keepSparse(true);
  last.learn([{ region: 0, page: 0, pages: TILE_PAGES * 20, seq: 1, timeNs: 0, actor: 0 }], [], 1);
  const totals = last.stores.age.totals();
  equal(last.isFull, true);
  equal(totals[Paint.ABSENT], 0);
  equal(totals[Paint.UNKNOWN], TILE_PAGES * 100 - MOST_CHANGED);
});
