import test from 'node:test';
import { deepEqual, equal, ok, throws } from 'node:assert/strict';
import { CELL_SIDE, TILE_PAGES } from '../../../src/base/page-grid.js';
import { CellRuns } from '../../../src/model/cell-runs.js';
import { applyFrame } from '../../../src/model/frames.js';
import { Paint } from '../../../src/model/paint.js';
import { PageStore } from '../../../src/model/page-store.js';
import { PageBit as B } from '../../../src/model/vocabulary.generated.js';
import { forEachSeed } from '../seeds.js';

const HEAD = { epoch: 1, seqFrom: 0, seqTo: 0 };
const CODES = [0, B.CACHED, B.CACHED | B.MAPPED, B.QUEUED, B.READ, B.MAPPED | B.DIRTY, B.POISONED];
const ROW = 512;

/** Runs of codes with single pages among them. */
function randomPages(random, size) {
  const codes = new Uint16Array(size);
  for (let i = 0; i < 40; i++) {
    const first = Math.floor(random() * size);
    codes.fill(CODES[Math.floor(random() * CODES.length)], first, first + Math.floor(random() ** 5 * size));
  }
  for (let i = 0; i < 300; i++) {
    codes[Math.floor(random() * size)] = CODES[Math.floor(random() * CODES.length)];
  }
  return codes;
}

/** What the server says of the cell, by the pages themselves. */
function contentOf(codes, cell) {
  const across = ROW / CELL_SIDE;
  const first = Math.floor(cell / across) * CELL_SIDE * ROW + (cell % across) * CELL_SIDE;
  const counts = new Map();
  for (let row = 0; row < CELL_SIDE; row++) {
    for (let page = first + row * ROW; page < Math.min(codes.length, first + row * ROW + CELL_SIDE); page++) {
      counts.set(codes[page], (counts.get(codes[page]) ?? 0) + 1);
    }
  }
  return counts.size === 1 ? [...counts.keys()][0] : [...counts];
}

function cellsFrame(codes, reset, cells) {
  const runs = new CellRuns();
  for (const cell of cells) {
    const content = contentOf(codes, cell);
    if (typeof content === 'number' || content.length > 0) {
      runs.push(cell, 1, content);
    }
  }
  return { type: 'CELLS', ...HEAD, reset, groups: [{ region: 0, cells: runs }] };
}

function allCells(size) {
  return Array.from({ length: Math.ceil(size / ROW / CELL_SIDE) * (ROW / CELL_SIDE) }, (_, cell) => cell);
}

function plainStore(codes) {
  const store = new PageStore();
  store.setRegions([codes.length]);
  codes.forEach((code, page) => code && store.set(0, page, 1, code));
  return store;
}

/** Every square, where at least one page is in the region. */
function same(store, plain, size, levels) {
  for (let tile = 0; tile * TILE_PAGES < size; tile++) {
    for (const level of levels) {
      const wanted = plain.picture(0, tile, ROW, level);
      const got = store.picture(0, tile, ROW, level);
      const paints = (picture) => (picture ? [...picture.cells.subarray(0, Math.floor(size / ROW / 2 ** level) * (ROW >> level))] : null);
      equal(got?.coarser ?? 0, 0);
      if (wanted === null) {
        ok(got === null || new Set(paints(got)).size <= 2, 'a tile as it began');
      } else {
        deepEqual(paints(got).slice(0, paints(wanted).length), paints(wanted), `tile ${tile} level ${level}`);
      }
    }
  }
}

test('cells show at every zoom and in every layer what the pages would, after every change', () => {
  forEachSeed(12, (random) => {
    const size = ROW * Math.floor(1 + random() * 900);
    const codes = randomPages(random, size);
    const store = new PageStore();
    store.setRegions([size]);
    applyFrame(cellsFrame(codes, true, allCells(size)), store);
    ok(store.isCells);
    same(store, plainStore(codes), size, [3, 4, 5, 6]);
    for (let i = 0; i < 5; i++) {
      const page = Math.floor(random() * size);
      codes[page] = CODES[Math.floor(random() * CODES.length)];
      const cell = Math.floor(page / ROW / CELL_SIDE) * (ROW / CELL_SIDE) + Math.floor((page % ROW) / CELL_SIDE);
      applyFrame(cellsFrame(codes, false, [cell]), store);
    }
    for (const layer of ['fault', 'host', 'guest']) {
      const plain = plainStore(codes);
      plain.setLayer(layer);
      store.setLayer(layer);
      same(store, plain, size, [3, 4, 5, 6]);
      deepEqual([...store.counts(0)], [...plain.counts(0)], layer);
    }
  });
});

test('the shares of a square are those of its pages, whether cells or pages are known', () => {
  forEachSeed(10, (random) => {
    const size = 70 + Math.floor(random() * 300_000);
    const codes = randomPages(random, size);
    const plain = plainStore(codes);
    const store = new PageStore();
    store.setRegions([size]);
    applyFrame(cellsFrame(codes, true, allCells(size)), store);
    for (let i = 0; i < 40; i++) {
      const page = Math.floor(random() * size);
      const level = 3 + Math.floor(random() * 4);
      const side = 2 ** level;
      const [row, column] = [Math.floor(page / ROW / side) * side, Math.floor((page % ROW) / side) * side];
      let pages = 0;
      for (let r = row; r < row + side; r++) {
        pages += Math.max(0, Math.min(side, size - r * ROW - column));
      }
      const shares = plain.sharesAround(0, page, ROW, level);
      equal(shares.reduce((sum, count) => sum + count, 0), pages);
      deepEqual(store.sharesAround(0, page, ROW, level), shares, `${level} of cells`);
      equal(store.sharesAround(0, page, ROW, 1).reduce((sum, count) => sum + count, 0) <= 64, true);
    }
    equal(plain.sharesAround(0, size, ROW, 3).some((count) => count > 0), false);
  });
});

test('one poisoned page among a quarter of a million is seen from as far as one can go', () => {
  const store = new PageStore();
  store.setRegions([TILE_PAGES * 1024]);
  store.clearToCells();
  store.setCells(0, 0, 4096, B.MAPPED);
  store.setCells(0, 4096 * 700 + 77, 1, [[B.MAPPED, 63], [B.POISONED, 1]]);
  const cells = store.picture(0, 700, ROW, 6).cells;
  equal(cells.filter((paint) => paint === Paint.ERROR).length, 1);
  equal(store.totals()[Paint.ERROR], 1);
  equal(store.totals()[Paint.PRESENT], TILE_PAGES + 63);
  equal(store.picture(0, 5, ROW, 6), null, 'where nothing happened there is no tile');
});

test('where only cells are known a page is known if all of its cell are alike', () => {
  const store = new PageStore();
  store.setRegions([TILE_PAGES * 100]);
  store.clearToCells();
  store.setCells(0, 64, 1, B.CACHED);
  store.setCells(0, 65, 1, [[0, 60], [B.CACHED, 4]]);
  equal(store.get(0, 8 * ROW), B.CACHED);
  equal(store.get(0, 0), 0);
  equal(store.get(0, 8 * ROW + 8), B.UNKNOWN);
  deepEqual([store.knows(0, 8 * ROW), store.knows(0, 8 * ROW + 8), store.knows(0, 17)], [true, false, true]);
  equal(store.nextDifferent(0, 0, 1), 8 * ROW);
  const { cells, coarser } = store.picture(0, 0, ROW, 0);
  equal(coarser, 3);
  deepEqual([cells[64], cells[65], cells[66]], [Paint.CACHED, Paint.UNKNOWN, Paint.ABSENT]);
});

test('the next page that differs is found through a terabyte without walking it', () => {
  const store = new PageStore();
  const pages = TILE_PAGES * 1024;
  store.setRegions([pages]);
  store.clearToCells();
  for (let tile = 0; tile < 1024; tile++) {
    store.setCells(0, tile * 4096, 4096, B.MAPPED);
  }
  store.setCells(0, 4096 * 900 + 70, 1, [[B.MAPPED, 63], [B.POISONED, 1]]);
  const first = TILE_PAGES * 900 + 8 * ROW + 6 * 8;
  equal(store.nextDifferent(0, 3, 1), first);
  equal(store.nextDifferent(0, pages - 5, -1), first + 7 * ROW + 7);
  equal(store.nextDifferent(0, TILE_PAGES * 800, -1), 0);
  equal(store.nextDifferent(0, TILE_PAGES * 901, 1), pages - 1);
});

test('the next page that differs is found through a terabyte of which few pages were set', () => {
  const store = new PageStore();
  const pages = TILE_PAGES * 1024;
  store.setRegions([pages]);
  store.keepSparse(true);
  store.set(0, 0, pages, 3);
  const other = TILE_PAGES * 900 + 77;
  store.set(0, other, 1, 4);
  const started = performance.now();
  equal(store.nextDifferent(0, 3, 1), other);
  equal(store.nextDifferent(0, pages - 5, -1), other);
  equal(store.nextDifferent(0, TILE_PAGES * 800, -1), 0);
  equal(store.nextDifferent(0, TILE_PAGES * 901, 1), pages - 1);
  ok(performance.now() - started < 1000, 'pages alike are passed by the tile');
});

test('the next page that differs is the one that a walk over all pages comes to', () => {
  forEachSeed(4, (random) => {
    const size = TILE_PAGES + 1 + Math.floor(random() * TILE_PAGES);
    const codes = randomPages(random, size);
    const inCells = new PageStore();
    inCells.setRegions([size]);
    applyFrame(cellsFrame(codes, true, allCells(size)), inCells);
    const sparse = new PageStore();
    sparse.setRegions([size]);
    sparse.keepSparse(true);
    codes.forEach((code, page) => code && sparse.set(0, page, 1, code));
    for (const store of [plainStore(codes), inCells, sparse]) {
      for (let i = 0; i < 6; i++) {
        const page = Math.floor(random() * size);
        for (const direction of [1, -1]) {
          let walked = page + direction;
          while (walked >= 0 && walked < size && store.get(0, walked) === store.get(0, page)) {
            walked += direction;
          }
          equal(store.nextDifferent(0, page, direction), Math.max(0, Math.min(size - 1, walked)));
        }
      }
    }
  });
});

test('pages are kept of open tiles only, and count once', () => {
  const store = new PageStore();
  store.setRegions([TILE_PAGES * 100]);
  store.clearToCells();
  store.set(0, 3, 1, B.MAPPED);
  equal(store.get(0, 3), 0, 'nobody looks at the tile');
  store.setCells(0, 0, 1, [[0, 63], [B.MAPPED, 1]]);
  applyFrame({ type: 'TILES', ...HEAD, tiles: [{ region: 0, tile: 0 }] }, store);
  store.openTile(0, 0);
  store.set(0, 3, 1, B.MAPPED);
  equal(store.get(0, 3), B.MAPPED);
  equal(store.nextTouched(0, 0), 3);
  equal(store.picture(0, 0, ROW, 0).coarser, 0);
  equal(store.totals()[Paint.PRESENT], 1);
  store.setLayer('host');
  equal(store.totals()[Paint.PRESENT], 1);
  applyFrame({ type: 'TILES', ...HEAD, tiles: [] }, store);
  ok(!store.knows(0, 3));
  equal(store.totals()[Paint.PRESENT], 1);
});

test('pages that are set one by one in a large memory are counted in cells and spread out where looked at', () => {
  forEachSeed(10, (random) => {
    const size = TILE_PAGES + ROW * 16;
    const store = new PageStore();
    store.setRegions([size]);
    store.keepSparse(true);
    store.setLayer('order');
    const codes = new Uint16Array(size);
    store.lookAt([{ region: 0, tile: 1 }]);
    for (let i = 0; i < 400; i++) {
      const page = Math.floor(random() * size);
      codes[page] = Math.floor(random() * 9);
      store.set(0, page, 1, codes[page]);
    }
    store.lookAt([{ region: 0, tile: 0 }]);
    const plain = new PageStore();
    plain.setLayer('order');
    plain.setRegions([size]);
    codes.forEach((code, page) => code && plain.set(0, page, 1, code));
    same(store, plain, size - TILE_PAGES, [3, 4, 5, 6]);
    deepEqual([...store.counts(0)], [...plain.counts(0)]);
    deepEqual(store.picture(0, 0, ROW, 0), plain.picture(0, 0, ROW, 0));
    for (let page = 0; page < size; page += 997) {
      equal(store.get(0, page), codes[page]);
    }
  });
});

test('cells beyond a region are refused', () => {
  const store = new PageStore();
  store.setRegions([100]);
  store.clearToCells();
  throws(() => store.setCells(0, 4096, 1, 3), RangeError);
  throws(() => store.setCells(1, 0, 1, 3), RangeError);
});
