// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';

// The module only touches the document where a table is made.
const { columnsThatFit, widthOf } = await import('../../../src/views/virtual-rows.js');
const { faultColumns, eventColumns, pageColumns, regionColumns } = await import('../../../src/views/table-columns.js');

const COLUMNS = [{ width: '50px' }, { width: 'minmax(40px, 1fr)', gives: 2 }, { width: '30px', gives: 1 }];

test('columns give way in their order until the others fit', () => {
  assert.equal(widthOf(COLUMNS), 50 + 40 + 30 + 4 * 8);
  assert.deepEqual(columnsThatFit(COLUMNS, 152), [true, true, true]);
  assert.deepEqual(columnsThatFit(COLUMNS, 151), [true, true, false]);
  assert.deepEqual(columnsThatFit(COLUMNS, 113), [true, false, false]);
  assert.deepEqual(columnsThatFit(COLUMNS, 10), [true, false, false], 'what gives no way stays');
  assert.deepEqual(columnsThatFit(COLUMNS, 0), [true, true, true], 'nothing is known of the room yet');
});

test('every column of the faults fits where the window is 1280 wide, those that matter most at 1024', () => {
  const columns = faultColumns(() => null);
  assert.ok(columnsThatFit(columns, 782).every(Boolean), `they need ${widthOf(columns)}`);
  const left = columns.filter((_, i) => !columnsThatFit(columns, 526)[i]).map(({ name }) => name);
  assert.deepEqual(left, ['region', 'fault', 'to retry', 'answer']);
});

test('no table scrolls sideways at 1024', () => {
  const pages = /** @type {any} */ ({});
  for (const columns of [faultColumns(() => null), eventColumns(() => null), pageColumns(() => null, pages), regionColumns(pages)]) {
    const shown = columnsThatFit(/** @type {any} */ (columns), 526);
    assert.ok(widthOf(/** @type {any} */ (columns).filter((/** @type {any} */ _, /** @type {number} */ i) => shown[i])) <= 526);
  }
});
