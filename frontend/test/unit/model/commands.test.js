import test from 'node:test';
import { deepEqual, equal, throws } from 'node:assert/strict';
import { CommandRegistry, runIfAvailable } from '../../../src/model/commands.js';

const command = (id, more = {}) => ({ id, name: id, group: 'g', run() {}, ...more });

test('one key, one command', () => {
  const registry = new CommandRegistry();
  registry.add(command('a', { keys: ['F'] }));
  throws(() => registry.add(command('b', { keys: ['F'] })), /key F is taken by a/);
  throws(() => registry.add(command('a')), /command a exists twice/);
  equal(registry.forKey('F')?.id, 'a');
});

test('what cannot run now is neither offered nor run', () => {
  const registry = new CommandRegistry();
  let ran = 0;
  registry.add(command('Play', { available: () => false, run: () => ran++ }));
  registry.add(command('Pause', { run: () => ran++ }));
  deepEqual(registry.match('p').map(({ id }) => id), ['Pause']);
  equal(runIfAvailable(registry.get('Play')), false);
  equal(runIfAvailable(registry.get('Pause')), true);
  equal(ran, 1);
});
