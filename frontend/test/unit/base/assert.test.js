import test from 'node:test';
import { equal, throws } from 'node:assert/strict';
import { assert, assertNever } from '../../../src/base/assert.js';

test('assert passes what holds and stops what does not', () => {
  equal(assert(1 < 2, 'one is less'), undefined);
  throws(() => assert(1 > 2, 'one is more'), { message: 'one is more' });
});

test('assertNever names the value that was forgotten', () => {
  throws(() => assertNever(/** @type {never} */ ('ioctl')), { message: 'Unexpected value: ioctl' });
});
