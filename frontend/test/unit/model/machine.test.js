import test from 'node:test';
import { equal, match } from 'node:assert/strict';
import { containerCommand, machineInWords } from '../../../src/model/machine.js';

const trial = (id, verdict) => ({ id, title: id, verdict, detail: '', remedy: '', modes: [] });
const report = (...trials) => ({
  kernel: '6.18', architecture: 'amd64', user: 'me', container: false,
  options: [{ option: '--device /dev/userfaultfd', why: '' }, { option: '--device /dev/kvm', why: '' }, { option: '--pid host', why: '' }],
  groups: [{ id: 'all', title: 'All', trials }],
});

test('either way to a userfaultfd is enough, and KVM is said apart', () => {
  match(machineInWords(report(trial('uffd.device', 'no'), trial('uffd.syscall', 'yes'), trial('kvm', 'yes'))), /with real vCPUs/);
  match(machineInWords(report(trial('uffd.device', 'yes'), trial('kvm', 'no'))), /with threads; there is no KVM/);
});

test('a userfaultfd that sees user-mode faults alone is none for a guest', () => {
  match(machineInWords(report(trial('uffd.device', 'no'), trial('uffd.syscall', 'no'), trial('uffd.user-mode', 'yes'))), /^No live guest/);
});

test('a container says that it is one', () => {
  match(machineInWords({ ...report(), container: true }), /Linux 6.18 on amd64, as me, in a container\.$/);
});

test('the command line has the two devices', () => {
  equal(containerCommand(report()), 'docker run --device /dev/userfaultfd --device /dev/kvm …');
});
