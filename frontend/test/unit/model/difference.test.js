import test from 'node:test';
import { deepEqual, equal } from 'node:assert/strict';
import { countInWords, partingInWords } from '../../../src/model/difference.js';

const difference = (more) => ({ same: 41, complete: true, left: [{}], right: [{}], counts: [], ...more });

test('where they part is said for each way to differ', () => {
  equal(partingInWords(difference()), 'They are the same up to moment 41, and part there.');
  equal(partingInWords(difference({ same: 0 })), 'They differ from the first event on.');
  equal(partingInWords(difference({ left: [] })), 'The left one stands still at moment 41; up to there they are the same, and the other went on.');
  equal(partingInWords(difference({ left: [], right: [] })), 'They are the same, all 41 events.');
  equal(partingInWords(difference({ complete: false })), 'The first 41 events are the same; more were not compared.');
});

test('a change has a sign and a unit, and a ratio where there is something to be a multiple of', () => {
  deepEqual(countInWords({ name: 'COPY', unit: 'count', left: 4, right: 1, ratio: 0.25 }), { left: '4', right: '1', change: '−3', ratio: '× 0.25' });
  deepEqual(countInWords({ name: 'elapsed', unit: 'ns', left: 1000, right: 3500, ratio: 3.5 }), { left: '1 µs', right: '3.5 µs', change: '+2.5 µs', ratio: '× 3.5' });
  equal(countInWords({ name: 'COPY', unit: 'count', left: 2, right: 2, ratio: 1 }).change, '');
  equal(countInWords({ name: 'COPY', unit: 'count', left: 0, right: 2, ratio: null }).ratio, '');
});
