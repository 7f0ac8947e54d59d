// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupQuery, withLatency } from '../../../src/model/fault-filter.js';

test('a brush over latencies narrows what is shown, and gives way to the next', () => {
  const first = withLatency('', 4000, 8000);
  assert.equal(first, 'latency >= 4000ns and latency < 8000ns');
  assert.equal(withLatency(first, 1000, 2000), 'latency >= 1000ns and latency < 2000ns');
  const narrowed = withLatency('vcpu = 1', 4000, 8000);
  assert.equal(narrowed, 'vcpu = 1 and latency >= 4000ns and latency < 8000ns');
  assert.equal(withLatency(narrowed, 1000, 2000), 'vcpu = 1 and latency >= 1000ns and latency < 2000ns');
});

test('what a handler read gives way to a brush: no wake is a read', () => {
  assert.equal(withLatency(groupQuery('handler', 'h') ?? '', 0, 1000), 'latency >= 0ns and latency < 1000ns');
});

test('an or stays together', () => {
  assert.equal(withLatency('vcpu = 1 or vcpu = 2', 0, 1000), '(vcpu = 1 or vcpu = 2) and latency >= 0ns and latency < 1000ns');
});

test('only groups that a predicate can find are offered', () => {
  assert.equal(groupQuery('thread', 'vCPU 0'), 'actor = "vCPU 0"');
  assert.equal(groupQuery('handler', 'unread'), null);
  assert.equal(groupQuery('cause', 'cached: minor'), null);
  assert.equal(groupQuery('region', 'a"b'), null);
});
