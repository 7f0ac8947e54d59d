import test from 'node:test';
import { equal, match, ok } from 'node:assert/strict';
import { matches, missingInWords, processInWords, seenInWords, watchInWords } from '../../../src/model/watching.js';

const process = { pid: 42, name: 'firecracker', command: 'firecracker --api-sock x', user: 'vmm', uffds: [{}], pending: 2, unanswered: 1, sleeping: 3, guest: false };

const status = (more) => ({
  id: 'w', title: 't', rateHz: 10, over: false,
  summary: { pid: 42, name: 'f', end: '', seconds: 1.5, samples: 15, late: 0, uffds: [], presentPages: 1, appeared: 4, vanished: 0, sleeping: 1, waits: 2, origins: {}, traced: null, ...more },
});

test('a process is found by every word of the filter', () => {
  ok(matches(process, ''));
  ok(matches(process, 'fire VMM'));
  ok(matches(process, '42'));
  equal(matches(process, 'fire qemu'), false);
});

test('a process says what waits', () => {
  equal(processInWords(process), '1 userfaultfd; 2 unread, 1 read and unanswered; 3 threads asleep');
  match(processInWords({ ...process, pending: 0, unanswered: 0 }), /no fault waits/);
});

test('what is hidden is said with the remedy', () => {
  equal(missingInWords({ processes: [], hidden: 0, cut: false }), '');
  match(missingInWords({ processes: [], hidden: 2, cut: true }), /more than.*2 processes.*CAP_SYS_PTRACE/);
});

test('a watch says that it samples, and at the end why it ended', () => {
  match(watchInWords(status({})), /10 samples a second; nothing is touched/);
  match(watchInWords({ ...status({ end: 'the process ended' }), over: true }), /the process ended, after 1.5 s/);
});

test('what was seen has its counts, late samples and origins', () => {
  equal(seenInWords(status({})), '15 samples · 1 page mapped · seen to appear 4, to vanish 0 · 1 thread asleep, 2 waits seen');
  match(seenInWords(status({ late: 3, origins: { 'in stage 2': 2 } })), /3 left out.*2 × in stage 2/);
});

test('a guest without a userfaultfd is watched by trace events, and says what they told', () => {
  match(processInWords({ ...process, uffds: [], guest: true }), /KVM guest, whose faults trace events tell/);
  const traced = { lines: 1200, lost: 3, cpuShare: 0.0123, faults: { uffd: 0, stage2: 344, host: 1 }, silent: ['kvm_guest_fault: no such event'] };
  match(watchInWords(status({ traced })), /trace events; nothing is touched/);
  match(seenInWords(status({ traced })), /^344 faults of stage2, 1 fault of host · 1.200 lines, 3 lost · 1.23 % of a CPU to watch · not told: kvm_guest_fault: no such event$/);
});
