import { equal } from 'node:assert/strict';
import { test } from 'node:test';
import { byteInHex, bytesInWords, contentInWords, hexDump, rangeInWords } from '../../../src/model/page-content.js';

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

test('the bytes of a page are a line, whoever wrote them, and many ranges are counted', () => {
  const content = (more) => ({ there: true, known: true, ranges: [], ...more });
  equal(bytesInWords(content({ there: false, known: false })), '');
  equal(bytesInWords(content({ known: false, ranges: [range(0, 4096, null)] })), 'its bytes are not known');
  equal(bytesInWords(content({ ranges: [range(0, 1024, 0xee), range(1024, 1024, 0xee), range(2048, 2048, 0)] })), '0xee in bytes 0 to 2047, 0x00 in bytes 2048 to 4095');
  equal(bytesInWords(content({ ranges: [0, 1, 2, 3, 4, 5].map((n) => range(n, 1, n)) })), '0x00 in byte 0, 0x01 in byte 1, 0x02 in byte 2, 0x03 in byte 3, 2 ranges more');
});
