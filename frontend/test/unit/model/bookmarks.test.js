import test from 'node:test';
import { deepEqual, equal } from 'node:assert/strict';
import { bookmarkBeside, bookmarksInWords, flagsOf, placeInWords } from '../../../src/model/bookmarks.js';
import { initialState, reduceMessage } from '../../../src/model/view-state.js';

const mark = (number, seq, text = '', page = null) => ({ number, seq, timeNs: seq * 1000, region: page === null ? null : 0, page, text });
const META = /** @type {any} */ ({ regions: [{ index: 0, name: 'ram' }] });
const ALL = [mark(4, 0), mark(1, 10, 'slow'), mark(2, 10, 'why?', 0x1a), mark(3, 500)];

test('the nearest bookmark at another moment is beside', () => {
  equal(bookmarkBeside(ALL, 10, 1)?.number, 3);
  equal(bookmarkBeside(ALL, 10, -1)?.number, 4);
  equal(bookmarkBeside(ALL, 9, 1)?.number, 1);
  equal(bookmarkBeside(ALL, 11, -1)?.number, 2);
  equal(bookmarkBeside(ALL, 500, 1), undefined);
  equal(bookmarkBeside(ALL, 0, -1), undefined);
});

test('flags too close become one, and none is lost', () => {
  const flags = flagsOf(ALL, ({ seq }) => seq, 11);
  deepEqual(flags.map(({ at, bookmarks }) => [at, bookmarks.map(({ number }) => number)]), [[0, [4, 1, 2]], [500, [3]]]);
  deepEqual(flagsOf(ALL, ({ seq }) => (seq > 400 ? null : seq), 1).map(({ at }) => at), [0, 10]);
});

test('a flag tells what is noted there, as it was written', () => {
  equal(bookmarksInWords(META, [ALL[1], mark(9, 10, '<b>x</b>', 0x1a), ALL[0]]), '#10: slow\n#10 · ram 0x1a: <b>x</b>\n#0');
  const many = Array.from({ length: 9 }, (_, i) => mark(i + 1, 1, String(i)));
  equal(bookmarksInWords(META, many).split('\n').at(-1), 'and 3 more here');
});

test('a moment that is not there is said to be beyond', () => {
  equal(placeInWords(META, { seq: 7, page: null, timeNs: null }), '#7 · beyond what is here');
  equal(placeInWords(META, { seq: 7, page: { region: 3, page: 1 } }), '#7 · region 3 0x1');
});

test('bookmarks are those told last, none after a new connection', () => {
  const told = reduceMessage(initialState(), { type: 'bookmarks', bookmarks: ALL });
  deepEqual(told.bookmarks, ALL);
  const hello = /** @type {any} */ ({ type: 'hello', protocol: 1, epoch: 1, resumed: true, recording: {} });
  deepEqual(reduceMessage(told, hello).bookmarks, []);
});
