import test from 'node:test';
import { equal } from 'node:assert/strict';
import * as format from '../../../src/base/format.js';

const t = '\u202f';

test('counts have thin-space groups', () => {
  equal(format.formatCount(0), '0');
  equal(format.formatCount(999), '999');
  equal(format.formatCount(8241), `8${t}241`);
  equal(format.formatCount(16777216), `16${t}777${t}216`);
  equal(format.formatCount(-1500), `−1${t}500`);
});

test('durations have a unit and at most three significant digits', () => {
  equal(format.formatDuration(0), '0 ns');
  equal(format.formatDuration(7), '7 ns');
  equal(format.formatDuration(0.1), '0 ns');
  equal(format.formatDuration(12.6), '13 ns');
  equal(format.formatDuration(12_403), '12.4 µs');
  equal(format.formatDuration(999_400), '999 µs');
  equal(format.formatDuration(999_700), '1 ms');
  equal(format.formatDuration(1_000_000), '1 ms');
  equal(format.formatDuration(61e9), '61 s');
  equal(format.formatDuration(1234e9), `1${t}234 s`);
});

test('a moment is told to the microsecond', () => {
  equal(format.formatClock(1_284_999), `0.001${t}284 s`);
  equal(format.formatClock(12_000_000_000), `12.000${t}000 s`);
});

test('sizes are binary', () => {
  equal(format.formatBytes(4096), '4 KiB');
  equal(format.formatBytes(32 * 2 ** 20), '32 MiB');
  equal(format.formatBytes(1.5 * 2 ** 30), '1.5 GiB');
});

test('a share of something is never nothing, and not all is never all', () => {
  equal(format.formatShare(0, 10), '0 %');
  equal(format.formatShare(1, 16_777_216), '< 0.1 %');
  equal(format.formatShare(16_777_215, 16_777_216), '> 99.9 %');
  equal(format.formatShare(61, 100), '61 %');
  equal(format.formatShare(1, 30), '3.3 %');
});

test('words agree with their count', () => {
  equal(format.plural(1, 'page'), '1 page');
  equal(format.plural(2, 'page'), '2 pages');
});
