import test from 'node:test';
import { deepEqual, equal } from 'node:assert/strict';
import { suggest } from '../../../src/model/search.js';

const META = {
  events: 8241,
  endNs: 5e9,
  regions: [
    { index: 0, name: 'guest-ram', base: '0x7f0000000000', gpaBase: '0x100000', pages: 8192 },
    { index: 1, name: 'rom', base: '0x7f8000000000', gpaBase: null, pages: 16 },
  ],
  actors: [
    { index: 0, kind: 'VCPU', name: 'kvm-0', label: 'vCPU 0', tid: 4711, vcpu: 0 },
    { index: 1, kind: 'HANDLER', name: 'handler', label: 'handler', tid: 4712, vcpu: -1 },
  ],
};
const targets = (text) => suggest(text, META).map(({ target }) => target);

test('a number is a page of each region that has it, a frame, and a moment', () => {
  deepEqual(targets('12'), [
    { kind: 'page', page: { region: 0, page: 12 } },
    { kind: 'page', page: { region: 1, page: 12 } },
    { kind: 'moment', seq: 12 },
  ]);
  deepEqual(targets('0x1a3'), [
    { kind: 'page', page: { region: 0, page: 0x1a3 } },
    { kind: 'page', page: { region: 0, page: 0xa3 } },
  ]);
});

test('words say which number is meant', () => {
  deepEqual(targets('gfn 0x101'), [{ kind: 'page', page: { region: 0, page: 1 } }]);
  deepEqual(targets('seq 41'), [{ kind: 'moment', seq: 41 }]);
  deepEqual(targets('#41'), [{ kind: 'moment', seq: 41 }]);
  deepEqual(targets('gpa 0x102000'), [{ kind: 'page', page: { region: 0, page: 2 } }]);
});

test('an address finds its page', () => {
  deepEqual(targets('0x7f8000003abc'), [{ kind: 'page', page: { region: 1, page: 3 } }]);
});

test('a time with its unit is a moment', () => {
  deepEqual(targets('1.5 ms'), [{ kind: 'time', timeNs: 1_500_000 }]);
  deepEqual(targets('90 s'), [{ kind: 'time', timeNs: 5e9 }]);
});

test('names of regions and threads, and thread ids', () => {
  deepEqual(targets('ram'), [{ kind: 'region', region: 0 }]);
  deepEqual(targets('vcpu'), [{ kind: 'actor', actor: 0 }]);
  deepEqual(targets('4712').at(-1), { kind: 'actor', actor: 1 });
});

test('what looks like a predicate is one', () => {
  deepEqual(targets('latency > 200us'), [{ kind: 'query', query: 'latency > 200us' }]);
});

test('nothing typed, nothing known: nothing', () => {
  deepEqual(suggest('  ', META), []);
  deepEqual(suggest('12', null), []);
});
