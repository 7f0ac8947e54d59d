import test from 'node:test';
import { equal, match } from 'node:assert/strict';
import { canRun, countsInWords, goesOnFrom, isUnderWay, latenciesInWords, runInWords, waitingAccess, waitingWord, whyNot } from '../../../src/model/run-status.js';

const run = (more) => ({ phase: 'paused', engine: 'simulation', live: null, message: null, manual: false, forkOf: null, waitingCount: 0, can: { advance: (more.phase ?? 'paused') === 'paused' ? ['event'] : [] }, ...more });
const LIVE = { nowNs: 5e9, watchdogNs: 60e9, peer: null };

test('forward makes something happen only behind the last event of a run that stands still', () => {
  equal(goesOnFrom(run({}), 41, 41), true);
  equal(goesOnFrom(run({}), 40, 41), false);
  equal(goesOnFrom(run({ phase: 'running' }), 41, 41), false);
  equal(goesOnFrom(run({ phase: 'ended' }), 41, 41), false);
  equal(goesOnFrom(run({ phase: 'waiting' }), 41, 41), false);
  equal(goesOnFrom(null, 41, 41), false);
  equal(isUnderWay(run({ phase: 'done' })), true);
});

test('a fault that is held is stepped from, and let go', () => {
  const held = run({ phase: 'waiting', engine: 'live', live: LIVE, waiting: [{ sinceNs: 2e9 }], waitingCount: 1, can: { advance: ['event', 'fault'] } });
  equal(goesOnFrom(held, 41, 41), true);
  equal(canRun(held), true);
  equal(canRun(run({ phase: 'waiting' })), false);
  match(runInWords(held), /^1 fault held, frozen for 3 s; the watchdog lets go after 60 s/);
  match(runInWords({ ...held, live: { ...LIVE, watchdogNs: 0 } }), /no watchdog$/);
});

test('what cannot be done says why', () => {
  equal(whyNot([{ name: 'MOVE', whyNot: 'only the process itself can' }], 'MOVE'), 'only the process itself can');
  equal(whyNot([{ name: 'WAKE', whyNot: null }], 'WAKE'), null);
});

test('how it stands says what can be done next', () => {
  equal(runInWords(run({ phase: 'waiting', manual: true, waitingCount: 2 })), '2 faults wait for you: nothing else can happen');
  equal(runInWords(run({ manual: true, waitingCount: 1 })), 'Paused, 1 fault for you to answer');
  equal(runInWords(run({})), 'Paused');
  equal(runInWords(run({ forkOf: { id: 'run-1', seq: 4 } })), 'This fork is paused: R runs on');
  equal(runInWords(run({ forkOf: { id: 'run-1', seq: 4 }, phase: 'running' })), 'Running');
  equal(runInWords(run({ phase: 'done', waitingCount: 1 })), 'Nothing happens any more, and 1 fault waits');
  equal(runInWords(run({ phase: 'done', message: 'Line 9 expected a and saw b.' })), 'Line 9 expected a and saw b.');
});

test('counts leave out what there was none of', () => {
  const report = { faults: { missing: 0, minor: 2, wp: 0, kvmUserfault: 0, memoryFault: 0, stage2: 3 }, ioctls: { COPY: { EEXIST: 1 }, CONTINUE: { ok: 2, EAGAIN: 1 } }, expectations: { passed: 0, failed: [], suspended: 0 } };
  equal(countsInWords(report), '2 minor · 3 of stage 2 · 1 COPY · 3 CONTINUE');
  equal(countsInWords({ ...report, ioctls: {}, expectations: { passed: 1, failed: [], suspended: 0 } }), '2 minor · 3 of stage 2 · 1 expectation held');
  equal(countsInWords({ ...report, ioctls: {}, expectations: { passed: 14, failed: [{}], suspended: 0 } }), '2 minor · 3 of stage 2 · 1 of 15 expectations failed');
  equal(countsInWords({ ...report, ioctls: {}, expectations: { passed: 0, failed: [], suspended: 3 } }), '2 minor · 3 of stage 2 · 3 expectations suspended: a hand was at work');
});

test('flags of a message are the kernel\'s, not those of events', () => {
  equal(waitingWord({ flags: 0 }), 'missing');
  equal(waitingWord({ flags: 4 }), 'minor');
  equal(waitingWord({ flags: 3 }), 'write-protect');
  equal(waitingAccess({ flags: 5 }), 'write');
  equal(waitingAccess({ flags: 4 }), 'read');
});

const latencies = {
  accessToRead: { p50: 4096, p99: 32_768 },
  readToIoctl: { p50: 100, p99: 200 },
  ioctl: { p50: 6000, p99: 16_000 },
  origins: { 'user-mode access': 12 },
  placement: 'same, sleeping',
};

test('latencies say how long a fault waited to be read where its access was traced', () => {
  match(latenciesInWords({ live: { latencies } }), /^Access to read 4\.1 .s \(99 %: 32\.8 .s\)\. Read to ioctl .* user-mode access\.$/);
  match(latenciesInWords({ live: { latencies: { ...latencies, accessToRead: { p50: 0, p99: 0 } } } }), /^Access to read: not traced\. /);
  equal(latenciesInWords({ live: null }), '');
});
