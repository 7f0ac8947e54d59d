// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withPictures } from '../../../src/model/pictures.js';

/** @param {string} id @param {string} state @param {number[][] | null} thumbnail */
const recording = (id, state, thumbnail) => /** @type {any} */ ({ id, state, thumbnail });

test('a recording that is over has its picture once it is read, and keeps it', () => {
  assert.deepEqual([...withPictures(new Map(), ['a', 'b'], [recording('a', 'complete', [[1, 2]]), recording('b', 'loading', null)])], [['a', [[1, 2]]]]);
  const known = new Map([['a', [[1, 2]]]]);
  assert.deepEqual([...withPictures(known, ['a', 'b'], [recording('b', 'partial', [[3]])])], [['a', [[1, 2]]], ['b', [[3]]]]);
});

test('one that is gone is not asked for again, and what nobody lists any more is forgotten', () => {
  const pictures = withPictures(new Map([['old', [[1]]]]), ['gone'], []);
  assert.deepEqual([...pictures], [['gone', null]]);
});
