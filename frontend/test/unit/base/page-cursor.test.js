import test from 'node:test';
import { equal } from 'node:assert/strict';
import { moveCursor } from '../../../src/base/page-cursor.js';

const at = (page) => ({ page, last: 999, columns: 64, rows: 5, nextDifferent: (direction) => page + 100 * direction });

test('arrows go by one and by a row, and stay in the region', () => {
  equal(moveCursor('ArrowRight', at(5)), 6);
  equal(moveCursor('ArrowRight', at(999)), 999);
  equal(moveCursor('ArrowLeft', at(0)), 0);
  equal(moveCursor('ArrowDown', at(5)), 69);
  equal(moveCursor('ArrowDown', at(990)), 990);
  equal(moveCursor('ArrowUp', at(5)), 5);
});

test('Home and End are those of the row, page keys go by a screen', () => {
  equal(moveCursor('Home', at(70)), 64);
  equal(moveCursor('End', at(70)), 127);
  equal(moveCursor('End', at(990)), 999);
  equal(moveCursor('PageDown', at(5)), 325);
  equal(moveCursor('PageUp', at(5)), 0);
});

test('with Ctrl to the next page whose state differs', () => {
  equal(moveCursor('Ctrl+ArrowRight', at(5)), 105);
  equal(moveCursor('Ctrl+ArrowUp', at(500)), 400);
});

test('other keys are not the cursor’s', () => equal(moveCursor('x', at(5)), null));
