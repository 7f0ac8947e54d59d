import assert from 'node:assert/strict';
import test from 'node:test';
import { askEach } from '../../../src/base/ask-each.js';

test('a question without an answer keeps its last one and hides no other', async () => {
  const gone = new Error('Already closed');
  const { answers, errors } = await askEach(
    { runs: () => Promise.reject(gone), watches: () => Promise.resolve(['w2']), attachments: () => Promise.resolve([]) },
    { runs: ['r1'], watches: ['w1'], attachments: ['a1'] },
  );
  assert.deepEqual(answers, { runs: ['r1'], watches: ['w2'], attachments: [] });
  assert.deepEqual(errors, [gone]);
});

test('what nobody asked for stays', async () => {
  const { answers, errors } = await askEach({ runs: () => Promise.resolve(['r2']) }, { runs: ['r1'], processes: ['p'] });
  assert.deepEqual(answers, { runs: ['r2'], processes: ['p'] });
  assert.deepEqual(errors, []);
});
