import { test } from 'node:test';
import { equal } from 'node:assert/strict';
import { mappedInWords } from '../../../src/model/page-state.js';

test('of a region with unknown pages at least so much is mapped', () => {
  equal(mappedInWords(0, 0, 8), '0 % mapped');
  equal(mappedInWords(4, 0, 8), '50 % mapped');
  equal(mappedInWords(4, 1, 8), '≥ 50 % mapped');
  equal(mappedInWords(5, 1, 8), '≥ 62 % mapped');
  equal(mappedInWords(1, 1, 8000), '> 0 % mapped');
  equal(mappedInWords(0, 8, 8), 'not known');
});
