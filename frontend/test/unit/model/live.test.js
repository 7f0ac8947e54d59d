import { match } from 'node:assert/strict';
import test from 'node:test';

import { latenciesInWords } from '../../../src/model/live.js';

const summary = {
  accessToRead: { p50: 4096, p99: 32_768 },
  readToIoctl: { p50: 100, p99: 200 },
  ioctl: { p50: 6000, p99: 16_000 },
  origins: { 'user-mode access': 12 },
  placement: 'same, sleeping',
  events: 96,
};

test('latencies say how long a fault waited to be read where its access was traced', () => {
  match(latenciesInWords(/** @type {any} */ ({ summary })), /^Access to read 4\.1 .s \(99 %: 32\.8 .s\)\. Read to ioctl .* user-mode access\.$/);
});

test('an access that was not traced is said not to be', () => {
  const untraced = { ...summary, accessToRead: { p50: 0, p99: 0 } };
  match(latenciesInWords(/** @type {any} */ ({ summary: untraced })), /^Access to read: not traced\. /);
});
