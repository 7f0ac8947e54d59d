import test from 'node:test';
import { deepEqual, equal } from 'node:assert/strict';
import { ClassPyramid, MAX_CLASSES, OUTSIDE } from '../../../src/base/class-pyramid.js';
import { forEachSeed } from '../seeds.js';

const URGENCY = new Uint8Array(MAX_CLASSES);
URGENCY[6] = 1;
URGENCY[7] = 2;

test('one urgent cell among many stays visible at every level', () => {
  const classes = new Uint8Array(512 * 512);
  classes[123_457] = 7;
  const pyramid = new ClassPyramid(classes, 512, URGENCY);
  for (let level = 1; level <= 6; level++) {
    const { cells } = pyramid.picture(level);
    equal(cells.filter((kind) => kind === 7).length, 1, `level ${level}`);
  }
});

test('the most frequent class wins, the most urgent over all', () => {
  const classes = new Uint8Array(64 * 8);
  classes.fill(3, 0, 8).fill(3, 64, 72).fill(3, 128, 136).fill(3, 192, 200).fill(3, 256, 264);
  const pyramid = new ClassPyramid(classes, 64, URGENCY);
  equal(pyramid.picture(3).cells[0], 3);
  classes[5] = 6;
  pyramid.changed(5, 3, 6);
  classes[6] = 7;
  pyramid.changed(6, 3, 7);
  equal(pyramid.picture(3).cells[0], 7);
});

test('cells beyond the last page count for nothing', () => {
  const classes = new Uint8Array(64 * 3).fill(OUTSIDE);
  classes.fill(2, 0, 70);
  const pyramid = new ClassPyramid(classes, 64, URGENCY);
  equal(pyramid.picture(3).cells[0], 2);
  equal(pyramid.picture(1).cells[pyramid.picture(1).cells.length - 1], OUTSIDE);
});

test('change by change gives the same picture as starting anew', () => {
  forEachSeed(20, (random) => {
    const columns = 64;
    const classes = new Uint8Array(columns * (8 + Math.floor(random() * 60)));
    const pyramid = new ClassPyramid(classes, columns, URGENCY);
    for (let round = 0; round < 8; round++) {
      const level = Math.floor(random() * 7);
      pyramid.picture(level);
      for (let i = 0; i < 200; i++) {
        const index = Math.floor(random() * classes.length);
        const from = classes[index];
        const to = random() < 0.02 ? 7 : Math.floor(random() * 6);
        classes[index] = to;
        pyramid.changed(index, from, to);
      }
      const fresh = new ClassPyramid(classes.slice(), columns, URGENCY);
      deepEqual([...pyramid.picture(level).cells], [...fresh.picture(level).cells]);
    }
  });
});

test('every picture follows the rule, cell by cell', () => {
  forEachSeed(40, (random) => {
    const columns = 64;
    const rows = 1 + Math.floor(random() * 40);
    const classes = Uint8Array.from({ length: columns * rows }, () => (random() < 0.03 ? 6 + Math.floor(random() * 2) : Math.floor(random() ** 2 * 5)));
    const beyond = Math.floor(random() * columns);
    classes.fill(OUTSIDE, classes.length - beyond);
    const pyramid = new ClassPyramid(classes, columns, URGENCY);
    for (let level = 1; level <= 6; level++) {
      const { width, height, cells } = pyramid.picture(level);
      for (let row = 0; row < height; row++) {
        for (let column = 0; column < width; column++) {
          equal(cells[row * width + column], ruled(classes, columns, rows, level, row, column), `level ${level}, ${row}/${column}`);
        }
      }
    }
  });
});

function ruled(classes, columns, rows, level, row, column) {
  const counts = new Map();
  for (let r = row << level; r < Math.min(rows, (row + 1) << level); r++) {
    for (let c = column << level; c < (column + 1) << level; c++) {
      const kind = classes[r * columns + c];
      if (kind !== OUTSIDE) {
        counts.set(kind, (counts.get(kind) ?? 0) + 1);
      }
    }
  }
  const urgent = [...counts.keys()].filter((kind) => URGENCY[kind] > 0).sort((a, b) => URGENCY[b] - URGENCY[a]);
  const most = [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0]);
  return urgent[0] ?? most[0]?.[0] ?? OUTSIDE;
}
