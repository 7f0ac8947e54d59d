import test from 'node:test';
import { equal } from 'node:assert/strict';
import { countsInWords, goesOnFrom, isUnderWay, runInWords, waitingAccess, waitingWord } from '../../../src/model/run-status.js';

const run = (more) => ({ phase: 'paused', message: null, manual: false, waitingCount: 0, ...more });

test('forward makes something happen only behind the last event of a run that stands still', () => {
  equal(goesOnFrom(run({}), 41, 41), true);
  equal(goesOnFrom(run({}), 40, 41), false);
  equal(goesOnFrom(run({ phase: 'running' }), 41, 41), false);
  equal(goesOnFrom(run({ phase: 'ended' }), 41, 41), false);
  equal(goesOnFrom(run({ phase: 'waiting' }), 41, 41), false);
  equal(goesOnFrom(null, 41, 41), false);
  equal(isUnderWay(run({ phase: 'done' })), true);
});

test('how it stands says what can be done next', () => {
  equal(runInWords(run({ phase: 'waiting', manual: true, waitingCount: 2 })), '2 faults wait for you: nothing else can happen');
  equal(runInWords(run({ manual: true, waitingCount: 1 })), 'Paused, 1 fault for you to answer');
  equal(runInWords(run({ phase: 'done', waitingCount: 1 })), 'Nothing happens any more, and 1 fault waits');
  equal(runInWords(run({ phase: 'done', message: 'Line 9 expected a and saw b.' })), 'Line 9 expected a and saw b.');
});

test('counts leave out what there was none of', () => {
  const report = { faults: { missing: 0, minor: 2, wp: 0, kvmUserfault: 0, memoryFault: 0 }, ioctls: { COPY: { EEXIST: 1 }, CONTINUE: { ok: 2, EAGAIN: 1 } }, expectations: { passed: 0, failed: [] } };
  equal(countsInWords(report), '2 minor · 1 COPY · 3 CONTINUE');
  equal(countsInWords({ ...report, ioctls: {}, expectations: { passed: 1, failed: [] } }), '2 minor · 1 expectation held');
  equal(countsInWords({ ...report, ioctls: {}, expectations: { passed: 14, failed: [{}] } }), '2 minor · 1 of 15 expectations failed');
});

test('flags of a message are the kernel\'s, not those of events', () => {
  equal(waitingWord({ flags: 0 }), 'missing');
  equal(waitingWord({ flags: 4 }), 'minor');
  equal(waitingWord({ flags: 3 }), 'write-protect');
  equal(waitingAccess({ flags: 5 }), 'write');
  equal(waitingAccess({ flags: 4 }), 'read');
});
