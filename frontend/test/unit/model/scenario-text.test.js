import test from 'node:test';
import { deepEqual, equal } from 'node:assert/strict';
import { fileNameOf, indentationAfter, NEW_SCENARIO, offsetOf, problemSpan, tokensOf } from '../../../src/model/scenario-text.js';
import { forEachSeed } from '../seeds.js';

const kinds = (line) => tokensOf(line).filter(({ text }) => text.trim() !== '').map(({ kind, text }) => `${kind} ${text.trim()}`);

test('a block line: key, mark, value', () => {
  deepEqual(kinds('title: My scenario'), ['key title', 'mark :', 'plain My scenario']);
});

test('a flow line: keys, quoted places, numbers with units', () => {
  deepEqual(kinds('  - {touch: {at: "a[1]+8", write: 0x5a}, expect: blocked} # why'), [
    'mark -', 'mark {', 'key touch', 'mark :', 'mark {', 'key at', 'mark :', 'text "a[1]+8"', 'mark ,',
    'key write', 'mark :', 'number 0x5a', 'mark },', 'key expect', 'mark :', 'plain blocked', 'mark }', 'comment # why',
  ]);
  deepEqual(kinds('wake: 3us'), ['key wake', 'mark :', 'number 3us']);
});

test('a # inside a word or a quote begins no comment', () => {
  deepEqual(kinds('a: b#c'), ['key a', 'mark :', 'plain b#c']);
  deepEqual(kinds('a: "b # c"'), ['key a', 'mark :', 'text "b # c"']);
});

test('pieces of any line together are the line', () => {
  const letters = ['a', '0x1', ' ', ':', '#', '"', "'", '{', '}', '[', ']', ',', '-', '|', '\\', '\t', 'ü', '12us'];
  forEachSeed(200, (random) => {
    const below = (most) => Math.floor(random() * most);
    let line = '';
    for (let n = below(24); n > 0; n--) {
      line += letters[below(letters.length)];
    }
    equal(tokensOf(line).map(({ text }) => text).join(''), line);
    const span = problemSpan(line, 1 + below(30));
    equal(span.to > span.from && span.to <= Math.max(1, line.length), true);
  });
});

test('a problem is underlined to the end of its word', () => {
  deepEqual(problemSpan('threads: [t, v]', 11), { from: 10, to: 11 });
  deepEqual(problemSpan('  polixy: x', 3), { from: 2, to: 8 });
  deepEqual(problemSpan('{at: "a[9]"}', 6), { from: 5, to: 11 });
  deepEqual(problemSpan('abc', 40), { from: 2, to: 3 });
  deepEqual(problemSpan('', 1), { from: 0, to: 1 });
});

test('line and column lead to an offset', () => {
  const text = 'ab\n\ncde\n';
  equal(offsetOf(text, 3, 2), 5);
  equal(offsetOf(text, 1, 99), 2);
  equal(offsetOf(text, 99, 1), text.length);
});

test('a file is named after its title', () => {
  equal(fileNameOf(NEW_SCENARIO), 'my-scenario.yaml');
  equal(fileNameOf('steps: []'), 'scenario.yaml');
  equal(fileNameOf('title: "Größe / ..\\..\\x"'), 'gr-e-x.yaml');
});

test('a line begins where the one before did, further in behind a colon', () => {
  equal(indentationAfter('  ram: {}'), 2);
  equal(indentationAfter('  ram:'), 4);
  equal(indentationAfter(''), 0);
});
