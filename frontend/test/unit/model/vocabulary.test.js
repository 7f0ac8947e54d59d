import { equal } from 'node:assert/strict';
import { test } from 'node:test';
import { accessWord, detailWord, errnoName, faultName, faultWord, isPlaced, kindCode, kindName } from '../../../src/model/vocabulary.js';
import * as generated from '../../../src/model/vocabulary.generated.js';

/** @param {Readonly<Record<number, string>>} words */
const codes = (words) => Object.keys(words).map(Number);

const DETAILS = {
  touch: generated.ORIGINS,
  decide: generated.DECISIONS,
  call: generated.IOCTL_NAMES,
  ioctl: generated.IOCTL_NAMES,
  exit: generated.EXITS,
  hole: generated.HOLES,
  kernel: generated.KERNEL_EVENTS,
  region: generated.REGION_CHANGES,
};

test('no code of an event is blank in a table', () => {
  for (const [kind, words] of Object.entries(DETAILS)) {
    for (const code of codes(words)) {
      equal(detailWord(kindCode(kind), code), words[code]);
    }
  }
  equal(detailWord(kindCode('decide'), 35), 'get_user_pages() refused');
});

test('a code that a newer server has is shown as its number', () => {
  equal(detailWord(kindCode('decide'), 250), 'decide 250');
  equal(kindName(200), 'kind 200');
  equal(errnoName(199), 'errno 199');
  equal(detailWord(kindCode('wake'), 0), '');
});

test('kinds and errnos go by name', () => {
  for (const code of codes(generated.EVENT_KINDS)) {
    equal(kindCode(kindName(code).toUpperCase()), code);
  }
  equal(errnoName(0), '');
  equal(['EACCES', 'ENODEV', 'ENOTTY', 'ESPIPE', 'EHWPOISON'].every((name) => codes(generated.ERRNOS).some((code) => errnoName(code) === name)), true);
});

test('a fact of a page has a word for its bit', () => {
  equal(Object.keys(generated.PageBit).length, generated.PAGE_WORDS.length);
  Object.values(generated.PageBit).forEach((bit, index) => equal(bit, 2 ** index));
});

test('the same mode is another bit in another ioctl', () => {
  const modes = Object.fromEntries(generated.IOCTLS.map((each) => [each.name, each.modes]));
  equal(modes.COPY.DONTWAKE, 1);
  equal(modes.WRITEPROTECT.DONTWAKE, 2);
});

test('what is not known of a fault is unknown and never another kind', () => {
  const { KIND_UNKNOWN, ACCESS_UNKNOWN, PAGE_UNKNOWN, INFERRED, MINOR, RWP } = generated.EventFlag;
  equal(faultName(KIND_UNKNOWN | INFERRED), 'fault of an unknown kind');
  equal(faultWord(KIND_UNKNOWN), 'unknown');
  equal(accessWord(ACCESS_UNKNOWN | MINOR), 'unknown');
  equal(faultName(MINOR | ACCESS_UNKNOWN), 'minor fault');
  equal(faultName(RWP), 'read-write-protect fault');
  equal(faultName(0), 'missing fault');
  equal(isPlaced({ region: null, flags: 0 }), false);
  equal(isPlaced({ region: 0, flags: PAGE_UNKNOWN }), false);
  equal(isPlaced({ region: 0, flags: INFERRED }), true);
});
