import test from 'node:test';
import { deepEqual, equal, throws } from 'node:assert/strict';
import { commandInWords, inputOf, fittingIoctl, ioctlCommand, ioctlKind, IOCTLS, wokeInWords } from '../../../src/model/hand.js';

const draft = (more = {}) => ({
  uffd: 'u', name: 'COPY', region: '0', page: '0x1a3', pages: '1', mode: [], content: 'value', value: '0x5a', fromRegion: '0', fromPage: '0', ...more,
});

test('each kind of fault has the ioctl that answers it', () => {
  equal(fittingIoctl({ flags: 0 }), 'COPY');
  equal(fittingIoctl({ flags: 4 | 1 }), 'CONTINUE');
  equal(fittingIoctl({ flags: 2 | 1 }), 'WRITEPROTECT');
});

test('a COPY takes a byte, the pattern or another page', () => {
  deepEqual(ioctlCommand(draft()), { type: 'ioctl', uffd: 'u', name: 'COPY', region: 0, page: 0x1a3, pages: 1, mode: [], value: 0x5a });
  equal(ioctlCommand(draft({ content: 'pattern', value: 'ignored' })).value, -1);
  const from = ioctlCommand(draft({ content: 'page', fromPage: '7', fromRegion: '2' }));
  deepEqual([from.value, from.fromRegion, from.fromPage], [undefined, 2, 7]);
});

test('only what an ioctl knows is sent', () => {
  const sent = ioctlCommand(draft({ name: 'CONTINUE', mode: ['DONTWAKE', 'ALLOW_SRC_HOLES'] }));
  deepEqual([sent.mode, sent.value, sent.fromPage], [['DONTWAKE'], undefined, undefined]);
  equal(ioctlCommand(draft({ name: 'MOVE', fromPage: '9' })).fromPage, 9);
});

test('a field that cannot be used is named with its range', () => {
  const field = (name) => (error) => error.field === name && /from \d+ to \d+/.test(error.message);
  throws(() => ioctlCommand(draft({ page: '-1' })), field('page'));
  throws(() => ioctlCommand(draft({ page: '1.5' })), field('page'));
  throws(() => ioctlCommand(draft({ pages: '0' })), field('pages'));
  throws(() => ioctlCommand(draft({ value: '256' })), field('value'));
  throws(() => ioctlCommand(draft({ content: 'page', fromPage: 'x' })), field('fromPage'));
  throws(() => ioctlCommand(draft({ uffd: '' })), (error) => error.field === 'uffd');
});

test('every ioctl says what it is for', () => {
  equal(IOCTLS.every(({ about }) => about.endsWith('.')), true);
  equal(ioctlKind('POISON').modes.includes('DONTWAKE'), true);
});

test('an answer is told whole: errno, result field, who woke, why', () => {
  const answer = { errno: 17, errnoName: 'EEXIST', field: -17, woke: [], why: 'the page is there, so nobody wakes', events: { from: 9, to: 8 } };
  deepEqual(inputOf('COPY', answer), {
    what: 'COPY', ok: false, result: 'EEXIST, result field −17', woke: [], why: 'The page is there, so nobody wakes.', from: null,
  });
  const ok = inputOf('CONTINUE', { errno: 0, errnoName: 'OK', field: 4096, woke: [1], why: 'it woke.', events: { from: 9, to: 12 } });
  deepEqual([ok.result, wokeInWords(ok, (actor) => `vCPU ${actor}`), ok.from], ['OK, result field 4 KiB', 'woke vCPU 1', 9]);
  equal(wokeInWords({ ...ok, woke: [] }, String), 'woke nobody');
});

test('a command in words names its range and bits', () => {
  equal(commandInWords(ioctlCommand(draft({ pages: '4', mode: ['WP'] })), () => 'ram'), 'COPY ram 0x1a3…0x1a6 of 0x5a, WP');
});
