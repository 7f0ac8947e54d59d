// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { areaOf, groupQuery, withArea, withLatency, withoutArea } from '../../../src/model/fault-filter.js';

test('a brush over latencies narrows what is shown, and gives way to the next', () => {
  const first = withLatency('', 4000, 8000);
  assert.equal(first, 'waited >= 4000ns and waited < 8000ns');
  assert.equal(withLatency(first, 1000, 2000), 'waited >= 1000ns and waited < 2000ns');
  const narrowed = withLatency('vcpu = 1', 4000, 8000);
  assert.equal(narrowed, 'vcpu = 1 and waited >= 4000ns and waited < 8000ns');
  assert.equal(withLatency(narrowed, 1000, 2000), 'vcpu = 1 and waited >= 1000ns and waited < 2000ns');
});

test('what a handler read gives way to a brush: no wake is a read', () => {
  assert.equal(withLatency(groupQuery('handler', 'h') ?? '', 0, 1000), 'waited >= 0ns and waited < 1000ns');
});

test('an or stays together', () => {
  assert.equal(withLatency('vcpu = 1 or vcpu = 2', 0, 1000), '(vcpu = 1 or vcpu = 2) and waited >= 0ns and waited < 1000ns');
});

test('only groups that a predicate can find are offered', () => {
  assert.equal(groupQuery('thread', 'vCPU 0'), 'actor = "vCPU 0"');
  assert.equal(groupQuery('handler', 'unread'), null);
  assert.equal(groupQuery('cause', 'cached: minor'), null);
  assert.equal(groupQuery('region', 'a"b'), null);
});

/** @type {import('../../../src/model/fault-filter.js').Area[]} */
const AREAS = [
  { kind: 'latency', fromNs: 100, toNs: 900, leastNs: 1000, beforeNs: 4000 },
  { kind: 'pages', fromNs: 0, toNs: 5, region: 'guest ram', first: 16, last: 31 },
  { kind: 'threads', fromNs: 7, toNs: 8, actors: [] },
  { kind: 'threads', fromNs: 7, toNs: 8, actors: ['vCPU 0', 'CPU 1/KVM'] },
];

test('an area is read back from its predicate, whatever stands before it, and leaves it as it was', () => {
  for (const area of AREAS) {
    for (const before of ['', 'vcpu = 1', 'vcpu = 1 or vcpu = 2', 'region = "ram"']) {
      const query = withArea(before, area) ?? '';
      assert.deepEqual(areaOf(query), area);
      assert.equal(withoutArea(query), before);
      for (const next of AREAS) {
        assert.equal(withArea(query, next), withArea(before, next), 'the next area takes its place');
      }
    }
  }
  assert.equal(areaOf('time >= 1ns and time < 2ns'), null);
  assert.equal(withoutArea('(vcpu = 1)'), '(vcpu = 1)');
});

test('what no event of an area could satisfy gives way to it', () => {
  for (const area of AREAS) {
    assert.equal(withArea('kind = read and actor = "h"', area), withArea('', area));
    assert.equal(withArea('waited >= 4000ns and waited < 8000ns', area), withArea('', area));
  }
});

test('a bar within an area of latencies keeps its time, and takes the place of one of queued faults', () => {
  assert.equal(withLatency(withArea('', AREAS[0]) ?? '', 2000, 4000), 'time >= 100ns and time < 900ns and waited >= 2000ns and waited < 4000ns');
  assert.equal(withLatency(withArea('vcpu = 1', AREAS[1]) ?? '', 2000, 4000), 'vcpu = 1 and waited >= 2000ns and waited < 4000ns');
});

test('a name that cannot stand in a predicate makes no area', () => {
  assert.equal(withArea('', { kind: 'pages', fromNs: 0, toNs: 5, region: 'a"b', first: 0, last: 1 }), null);
  assert.equal(withArea('', { kind: 'threads', fromNs: 0, toNs: 5, actors: ['a}b'] }), null);
});
