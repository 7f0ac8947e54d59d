import test from 'node:test';
import { deepEqual, equal } from 'node:assert/strict';
import { LensRegistry } from '../../../src/model/lens-registry.js';
import { decodeLink, DEFAULT_LINK, encodeLink } from '../../../src/model/deep-link.js';

const lens = (id) => ({ id, name: id, key: id, about: '', style: null, showsLanes: false, create: null });
const LENSES = new LensRegistry(['space', 'time', 'table'].map(lens));

test('a link reads as it is written', () => {
  const link = { ...DEFAULT_LINK, seq: 41, page: { region: 0, page: 0x1a3 } };
  equal(encodeLink(link), 'seq=41&page=0:0x1a3&lens=space&layer=fault');
  deepEqual(decodeLink('#seq=41&page=0:0x1a3&lens=space&layer=fault', LENSES), link);
});

test('whatever is encoded comes back', () => {
  const link = {
    seq: 0, page: { region: 3, page: 16_777_215 }, actor: 2, lens: 'table', layer: 'guest',
    table: 'faults', side: 'breaks', mark: 12_345, query: 'page in 0x100..0x1ff & kind = ioctl = #%',
    breakpoints: [{ query: 'errno = EAGAIN & #%=', on: true, once: false }, { query: 'break-off = 1', on: false, once: false }, { query: 'a', on: true, once: true }, { query: 'b', on: false, once: true }],
  };
  deepEqual(decodeLink(encodeLink(link), LENSES), link);
});

test('nonsense is as if it were not there', () => {
  deepEqual(decodeLink('#seq=x&page=1&lens=pie&layer=toString&query=%ff&=5&seq', LENSES), { ...DEFAULT_LINK });
  deepEqual(decodeLink('', LENSES), { ...DEFAULT_LINK });
});

test('page numbers may be decimal', () => deepEqual(decodeLink('page=1:12', LENSES).page, { region: 1, page: 12 }));
