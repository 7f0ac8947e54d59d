import { equal } from 'node:assert/strict';
import { test } from 'node:test';
import { byteInHex, contentInWords, hexDump, rangeInWords } from '../../../src/model/page-content.js';

const range = (offset, length, value) => ({ offset, length, value, seq: 1, text: '' });

test('a range names its bytes, and a byte that is not known says so', () => {
  equal(rangeInWords(range(0, 4096, 1)), 'every byte');
  equal(rangeInWords(range(7, 1, 1)), 'byte 7');
  equal(rangeInWords(range(2048, 2048, 1)), 'bytes 2048 to 4095');
  equal(byteInHex(10), '0x0a');
  equal(byteInHex(null), 'not known');
});

test('what no recording said is told apart from a page that is not there', () => {
  equal(contentInWords({ there: false, known: false, ranges: [] }), 'No page is there that could hold anything.');
  equal(contentInWords({ there: true, known: false, ranges: [range(0, 4096, null)] }), 'Not known: the recording says nothing of its bytes.');
  equal(contentInWords({ there: true, known: true, ranges: [range(0, 4096, 0)] }), '');
});

test('a dump has a star for lines that repeat, and question marks for what is not known', () => {
  const dump = hexDump({ there: true, known: true, ranges: [range(0, 2048, 0xee), range(2048, 8, 0), range(2056, 2040, null)] });
  equal(
    dump,
    [
      `000  ${Array(16).fill('ee').join(' ')}`,
      '*',
      `800  ${[...Array(8).fill('00'), ...Array(8).fill('??')].join(' ')}`,
      `810  ${Array(16).fill('??').join(' ')}`,
      '*',
    ].join('\n'),
  );
});
