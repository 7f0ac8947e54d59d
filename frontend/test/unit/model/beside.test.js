import test from 'node:test';
import { deepEqual, equal } from 'node:assert/strict';
import { cellInWords, cellsOf, decodeBeside, encodeBeside, nextDiffering, notCompared, pastInWords, positionInWords, regionInWords } from '../../../src/model/beside.js';

const SPACE = '\u202f';

test('a link keeps both recordings, alignment, position, page and stretch', () => {
  const link = { a: 'run-1', b: 'sample two', align: 'fault', place: { at: 7, nth: null }, seq: null, page: { region: 1, page: 9 }, range: { fromNs: 10, toNs: 400 } };
  deepEqual(decodeBeside(encodeBeside(link)), link);
  const inside = { ...link, align: 'time', place: { at: 12000, nth: 3 } };
  deepEqual(decodeBeside(encodeBeside(inside)), inside);
  const waiting = { ...link, b: '', place: null, seq: 41, page: null, range: null };
  deepEqual(decodeBeside(encodeBeside(waiting)), waiting);
  deepEqual(decodeBeside('?a=x&b=y&align=clock&at=-3&page=1&range=9-9&seq=12'), { a: 'x', b: 'y', align: 'time', place: null, seq: 12, page: null, range: null });
});

test('runs are cells, and the next that differs is found both ways', () => {
  const cells = cellsOf({ runs: [2, 1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 1, 7, 1, 0] });
  deepEqual(cells.map(({ differing }) => differing), [0, 0, 1, 0, 1]);
  equal(nextDiffering(cells, -1, 1), 2);
  equal(nextDiffering(cells, 2, 1), 4);
  equal(nextDiffering(cells, 4, 1), -1);
  equal(nextDiffering(cells, 4, -1), 2);
  equal(nextDiffering(cells, 2, -1), -1);
});

test('a position says what it counts, and one behind all says so', () => {
  const at = (align, position, end) => positionInWords({ align, at: position, nth: null, end });
  equal(at('time', 1000, 2_000_000), `0.000${SPACE}001 s of 0.002${SPACE}000 s`);
  equal(positionInWords({ align: 'time', at: 1000, nth: 2, end: 1000 }), `0.000${SPACE}001 s, event 2 there of 0.000${SPACE}001 s`);
  equal(at('fault', 0, 3), 'before the first of 2');
  equal(at('fault', 2, 3), 'fault 2 of 2');
  equal(at('fault', 3, 3), 'behind the last fault, 2');
  equal(at('pages', 1, 2), '1 of 1 page served');
});

test('who is over says what it had', () => {
  const side = (more) => ({ past: true, end: 4, endNs: 1000, ...more });
  equal(pastInWords('fault', side({ past: false }), true), '');
  equal(pastInWords('fault', side(), true), 'at its end: it has 4 faults');
  equal(pastInWords('fault', side(), false), 'so far: it has 4 faults');
  equal(pastInWords('fault', side({ end: 0 }), true), 'at its end: it has no fault');
  equal(pastInWords('pages', side({ end: 0 }), true), 'at its end: it has no page served');
  equal(pastInWords('time', side(), true), `over since 0.000${SPACE}001 s`);
  equal(pastInWords('time', side(), false), `so far it has come to 0.000${SPACE}001 s`);
});

test('what is compared, what is not and what is unknown is told', () => {
  const region = { leftName: 'ram', rightName: 'mem', by: 'place', pages: 8, leftPages: 8, rightPages: 10, same: 6, differing: 1, unknown: 1 };
  equal(regionInWords(region), 'ram and mem, which lie at the same place: 1 page differs · 6 the same · 1 unknown · 2 pages only right');
  equal(regionInWords({ ...region, by: 'name', rightPages: 8, unknown: 0, differing: 2 }), 'ram: 2 pages differ · 6 the same');
  deepEqual(notCompared({ regions: [region], leftOnly: [{ name: 'alias', pages: 64 }], rightOnly: [], stage2: false }), [
    'Only the left one has alias (64 pages).',
    'What stage 2 maps is not compared: only simulations tell all of it.',
  ]);
  deepEqual(notCompared({ regions: [], leftOnly: [], rightOnly: [], stage2: true }), ['No region of one stands for one of the other, by name or by place.']);
});

test('a cell says which pages it stands for', () => {
  equal(cellInWords({ pagesPerCell: 1 }, 9, { same: 0, differing: 1, unknown: 0 }), 'page 0x9 differs');
  equal(cellInWords({ pagesPerCell: 1 }, 9, { same: 0, differing: 0, unknown: 1 }), 'page 0x9 is unknown on at least one side');
  equal(cellInWords({ pagesPerCell: 16 }, 1, { same: 14, differing: 2, unknown: 0 }), 'pages 0x10 to 0x1f: 2 differ, 14 the same');
});
