import test from 'node:test';
import { equal } from 'node:assert/strict';
import { keyLabel, keyName } from '../../../src/base/keyboard.js';

const press = (key, more = {}) =>
  keyName({ key, shiftKey: false, altKey: false, ctrlKey: false, metaKey: false, ...more });

test('names a key with its modifiers', () => {
  equal(press('ArrowRight', { shiftKey: true }), 'Shift+ArrowRight');
  equal(press(' '), 'Space');
  equal(press('F5', { shiftKey: true }), 'Shift+F5');
  equal(press('ArrowDown', { ctrlKey: true }), 'Ctrl+ArrowDown');
});

test('a character is itself on every layout', () => {
  equal(press('?', { shiftKey: true }), '?');
  equal(press('/', { shiftKey: true }), '/');
  equal(press('>', { shiftKey: false }), '>');
});

test('a letter is the same with caps lock', () => {
  equal(press('f'), 'F');
  equal(press('F'), 'F');
  equal(press('F', { shiftKey: true }), 'Shift+F');
});

test('is shown with signs', () => {
  equal(keyLabel('Shift+ArrowRight'), 'Shift →');
  equal(keyLabel('Space'), 'Space');
});
