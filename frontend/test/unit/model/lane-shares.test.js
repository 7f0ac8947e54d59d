import { test } from 'node:test';
import { deepEqual, equal } from 'node:assert/strict';
import { columnAt, columnStart, eachRun, sharesAt, sharesInWords } from '../../../src/model/lane-shares.js';

const lane = { actor: 0, segments: [], shares: [2, 10_000, 0, 0, 0, 0, 0, 1, 6_900, 3_100, 0, 0, 0, 0, 1, 0, 0, 50, 0, 0, 0] };
const lanes = { fromNs: 100, toNs: 500, columns: 4, stretches: true, lanes: [lane], queue: { mean: [0, 0, 0, 0], max: [0, 0, 0, 0] } };

test('runs of columns are told with their shares, and what is left is unknown', () => {
  const told = [];
  eachRun(lane, (from, to, shares) => told.push([from, to, shares.running, shares.blocked, shares.unknown]));
  deepEqual(told, [[0, 2, 1, 0, 0], [2, 3, 0.69, 0.31, 0], [3, 4, 0, 0, 0.995]]);
});

test('a time has the shares of its column', () => {
  equal(columnAt(lanes, 99), -1);
  equal(columnAt(lanes, 100), 0);
  equal(columnAt(lanes, 499), 3);
  equal(columnAt(lanes, 500), -1);
  equal(columnStart(lanes, 2), 300);
  equal(sharesAt(lanes, lane, 350)?.blocked, 0.31);
  equal(sharesAt(lanes, lane, 50), null);
});

test('shares in words begin with the largest', () => {
  equal(sharesInWords({ running: 0.69, blocked: 0.31, handling: 0, idle: 0, unknown: 0 }), 'running 69 % · blocked 31 %');
  equal(sharesInWords({ running: 0, blocked: 1, handling: 0, idle: 0, unknown: 0 }), 'blocked');
  equal(sharesInWords({ running: 0.1, blocked: 0, handling: 0, idle: 0, kernel: 0.6, vmm: 0.3, unknown: 0 }), 'in the kernel 60 % · in the VMM 30 % · running 10 %');
  equal(sharesInWords({ running: 0, blocked: 0, handling: 0.005, idle: 0, unknown: 0.995 }), 'unknown > 99 % · handling < 1 %');
});
