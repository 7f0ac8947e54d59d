import test from 'node:test';
import { deepEqual, equal } from 'node:assert/strict';
import { countInWords, pagesInWords, partingInWords } from '../../../src/model/difference.js';

const difference = (more) => ({ same: 41, complete: true, left: [{}], right: [{}], comparable: true, differing: 0, pages: [], counts: [], ...more });

test('where they part is said for each way to differ', () => {
  equal(partingInWords(difference()), 'They are the same up to moment 41, and part there.');
  equal(partingInWords(difference({ same: 0 })), 'They differ from the first event on.');
  equal(partingInWords(difference({ left: [] })), 'The left one stands still at moment 41; up to there they are the same, and the other went on.');
  equal(partingInWords(difference({ left: [], right: [] })), 'They are the same, all 41 events.');
  equal(partingInWords(difference({ complete: false })), 'The first 41 events are the same; more were not compared.');
});

test('pages: not comparable, the same, some of many', () => {
  equal(pagesInWords(difference({ comparable: false })), 'They do not have the same memory: pages are not compared.');
  equal(pagesInWords(difference()), 'Every page is in the same state at both ends.');
  equal(pagesInWords(difference({ differing: 1, pages: [{}] })), '1 page is not in the same state at the ends.');
  equal(pagesInWords(difference({ differing: 300, pages: Array(200).fill({}) })), '300 pages are not in the same state at the ends, 200 of them here.');
});

test('a change has a sign and a unit', () => {
  deepEqual(countInWords('COPY', 4, 1), { left: '4', right: '1', change: '−3' });
  deepEqual(countInWords('elapsed', 1000, 3500), { left: '1 µs', right: '3.5 µs', change: '+2.5 µs' });
  equal(countInWords('COPY', 2, 2).change, '');
});
