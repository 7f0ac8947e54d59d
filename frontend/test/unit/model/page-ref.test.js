import test from 'node:test';
import { deepEqual, equal } from 'node:assert/strict';
import { guestAddress, guestFrame, hostAddress, pageOfAddress, samePage } from '../../../src/model/page-ref.js';

const RAM = { index: 0, base: '0x7f12345678000', gpaBase: '0x100000', pages: 16 };
const ANON = { index: 1, base: '0xffff800000000000', gpaBase: null, pages: 2 };

test('addresses are exact beyond 2^53', () => {
  equal(hostAddress(ANON, 1), '0xffff800000001000');
  equal(hostAddress(RAM, 2), '0x7f1234567a000');
  equal(guestAddress(RAM, 2), '0x102000');
  equal(guestFrame(RAM, 2), '0x102');
  equal(guestAddress(ANON, 2), null);
});

test('an address finds its page, host virtual first', () => {
  deepEqual(pageOfAddress([RAM, ANON], 0xffff800000001fffn), { region: 1, page: 1 });
  deepEqual(pageOfAddress([RAM, ANON], 0x10f000n), { region: 0, page: 15 });
  equal(pageOfAddress([RAM, ANON], 0x110000n), null);
});

test('pages are the same by what they name', () => {
  equal(samePage({ region: 0, page: 1 }, { region: 0, page: 1 }), true);
  equal(samePage({ region: 0, page: 1 }, null), false);
  equal(samePage(null, null), true);
});

test('a region that is known in the guest alone has no host address', () => {
  equal(hostAddress({ base: '0x4000000', gpaBase: '0x4000000' }, 3), null);
});
