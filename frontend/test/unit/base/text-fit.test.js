import test from 'node:test';
import { deepEqual, equal } from 'node:assert/strict';
import { longestStart, wrapWords } from '../../../src/base/text-fit.js';

const letters = (text) => text.length;

test('words are broken into lines, or left out as a whole', () => {
  deepEqual(wrapWords('private, userfault', 10, letters), ['private,', 'userfault']);
  deepEqual(wrapWords('half written', 12, letters), ['half written']);
  deepEqual(wrapWords('half written', 11, letters), ['half', 'written']);
  deepEqual(wrapWords('half written', 6, letters), []);
  deepEqual(wrapWords('', 6, letters), []);
});

test('a name that is too long ends in an ellipsis', () => {
  equal(longestStart('guest-ram', 9, letters), 'guest-ram');
  equal(longestStart('guest-ram', 6, letters), 'guest…');
  equal(longestStart('a b', 2, letters), 'a…');
  equal(longestStart('guest-ram', 0, letters), '');
});
