import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { arrowOf, gapInWords, handlerInWords, otherInWords, othersInWords, partsInWords, storyQuestion } from '../../../src/model/fault-story.js';

const page = { region: 0, page: 9 };
const moment = (event) => ({ seq: 12, event });
const event = { seq: 12, region: 0, page: 8, pages: 2 };

test('a row that has the keyboard is asked about before everything else', () => {
  deepEqual(storyQuestion(5, page, moment(event), null), { seq: 5 });
});

test('of the selected page the event that is shown is asked about, else what happened to it last', () => {
  deepEqual(storyQuestion(null, page, moment(event), null), { seq: 12 });
  deepEqual(storyQuestion(null, { region: 1, page: 9 }, moment(event), null), { region: 1, page: 9, seq: 12 });
  deepEqual(storyQuestion(null, { region: 0, page: 10 }, moment(event), null), { region: 0, page: 10, seq: 12 });
});

test('without a page the moment is asked about, and before the first event there is nothing to ask', () => {
  deepEqual(storyQuestion(null, null, moment(event), null), { seq: 12 });
  equal(storyQuestion(null, null, { seq: 0, event: null }, null), null);
  equal(storyQuestion(null, null, null, null), null);
});

test('a segment of the selected lane that names no page goes before the page selected earlier', () => {
  const blocked = { seq: 12, region: null, page: 0, pages: 0, actor: 3 };
  deepEqual(storyQuestion(null, page, moment(blocked), 3), { seq: 12 });
  deepEqual(storyQuestion(null, page, moment(blocked), 2), { region: 0, page: 9, seq: 12 });
});

test('an arrow lies between the columns of its participants', () => {
  const story = { participants: [{ id: 'guest' }, { id: 'host_mm' }, { id: 'userfaultfd' }] };
  deepEqual(arrowOf(story, { from: 'guest', to: 'userfaultfd' }), { first: 0, last: 2, way: 'right' });
  deepEqual(arrowOf(story, { from: 'userfaultfd', to: 'host_mm' }), { first: 1, last: 2, way: 'left' });
  deepEqual(arrowOf(story, { from: 'host_mm', to: 'host_mm' }), { first: 1, last: 1, way: 'self' });
});

test('what is not recorded has no time, which is not a time of nothing', () => {
  equal(gapInWords({ seq: null, gapNs: null }), 'not recorded');
  equal(gapInWords({ seq: 3, gapNs: null }), '');
  equal(gapInWords({ seq: 4, gapNs: 0 }), '+0 ns');
  const parts = partsInWords({ waitNs: 1000, unreadNs: null, readToIoctlNs: null, ioctlNs: 0, wakeToRetryNs: 0, unattributedNs: 1000 });
  deepEqual(
    parts.map(({ text }) => text.replace(/\s/g, ' ')),
    ['1 µs', 'not recorded', 'not recorded', '0 ns', '0 ns', '1 µs'],
  );
});

test('a handler is told by what it spent time on, what it read and what it called', () => {
  const handler = { actor: 1, name: 'h', readIt: true, handlingNs: 6000, idleNs: 0, blockedNs: 0, runningNs: 0, unknownNs: 2500, messages: 2, calls: [{ ioctl: 'COPY', count: 12 }] };
  deepEqual(handlerInWords(handler), {
    shares: [
      { activity: 'handling', ns: 6000 },
      { activity: 'unknown', ns: 2500 },
    ],
    text: 'handling 6 µs · not known 2.5 µs · read 2 messages, this one among them · COPY × 12',
  });
});

test('other waits are told by how many and how long', () => {
  equal(othersInWords({ before: 0, after: 0, togetherNs: 0, longest: [] }), 'Nobody else waited.');
  equal(othersInWords({ before: 2, after: 1, togetherNs: 9000, longest: [] }), '3 other waits: 2 begun before it, 1 after; 9 µs of them together with it.');
  equal(otherInWords({ seq: 7, thread: 't', region: 'ram', page: 16, togetherNs: 800 }), 't, for page 0x10 of ram: 800 ns of it (#7)');
  equal(otherInWords({ seq: 7, thread: 't', region: null, page: null, togetherNs: 800 }), 't, for a page that is not known: 800 ns of it (#7)');
});
