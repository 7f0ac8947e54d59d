import test from 'node:test';
import { deepEqual, throws } from 'node:assert/strict';
import { grouped, requestOf, settingsOf } from '../../../src/model/run-request.js';

test('empty fields leave what the scenario says', () => {
  deepEqual(requestOf('t', { seed: ' ', policy: '', set: '\n' }), { text: 't', engine: 'simulation', seed: null, policy: null, set: {}, paused: true });
});

test('seed, policy and settings replace it', () => {
  const { seed, policy, set } = requestOf('t', { seed: '17', policy: '{name: batch, after: 31}', set: 'handlers.h.readers = 4\ncosts.wake=3us' });
  deepEqual([seed, policy, set], [17, '{name: batch, after: 31}', { 'handlers.h.readers': '4', 'costs.wake': '3us' }]);
});

test('a field that cannot be used is named', () => {
  throws(() => requestOf('t', { seed: '1e3', policy: '', set: '' }), (error) => error.field === 'seed');
  throws(() => requestOf('t', { seed: '99999999999999999999', policy: '', set: '' }), (error) => error.field === 'seed');
  throws(() => settingsOf('a=1\nreaders'), /Setting 2 must be PATH=VALUE/);
  throws(() => settingsOf('=4'), /Setting 1/);
});

test('the gallery has the first steps first and keeps its order under headings', () => {
  const of = (name, group) => ({ name, group });
  const groups = grouped([of('a', 'X'), of('b', 'KVM'), of('c', 'X'), of('d', ''), of('e', 'First steps')]);
  deepEqual(groups.map(({ group, scenarios }) => [group, scenarios.map(({ name }) => name)]), [['First steps', ['e']], ['KVM', ['b']], ['X', ['a', 'c']], ['More', ['d']]]);
});
