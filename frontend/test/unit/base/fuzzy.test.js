import test from 'node:test';
import { equal, ok } from 'node:assert/strict';
import { fuzzyScore } from '../../../src/base/fuzzy.js';

test('letters in order match, others do not', () => {
  ok(fuzzyScore('nf', 'Next fault') > 0);
  equal(fuzzyScore('fn', 'Next fault'), 0);
});

test('a whole word is better than scattered letters, a start better than a middle', () => {
  ok(fuzzyScore('fault', 'Next fault') > fuzzyScore('fault', 'First amount until later'));
  ok(fuzzyScore('next', 'Next fault') > fuzzyScore('next', 'Go to next'));
});

test('nothing typed matches everything', () => ok(fuzzyScore('  ', 'anything') > 0));
