import test from 'node:test';
import { equal } from 'node:assert/strict';
import { explorerOf, sideBySideOf } from '../../../src/model/addresses.js';

test('names of recordings may hold anything', () => {
  equal(explorerOf('a b/c'), '/explore/a%20b%2Fc');
  equal(explorerOf('a', '#seq=4'), '/explore/a#seq=4');
  equal(sideBySideOf('a&b', 'c#d'), '/difference?a=a%26b&b=c%23d');
  equal(sideBySideOf('a', 'b', 0), '/difference?a=a&b=b&seq=0');
});
