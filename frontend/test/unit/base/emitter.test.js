import test from 'node:test';
import { deepEqual, equal } from 'node:assert/strict';
import { Emitter } from '../../../src/base/emitter.js';

test('a listener hears until its signal aborts', () => {
  /** @type {Emitter<number>} */
  const emitter = new Emitter();
  const heard = [];
  const life = new AbortController();
  emitter.on((value) => heard.push(value), { signal: life.signal });
  emitter.emit(1);
  life.abort();
  emitter.emit(2);
  deepEqual(heard, [1]);
  equal(emitter.size, 0);
});

test('a listener may leave while it is called', () => {
  /** @type {Emitter<string>} */
  const emitter = new Emitter();
  const heard = [];
  const off = emitter.on(() => {
    heard.push('first');
    off();
  });
  emitter.on(() => heard.push('second'));
  emitter.emit('x');
  emitter.emit('x');
  deepEqual(heard, ['first', 'second', 'second']);
});
