import test from 'node:test';
import { deepEqual, equal } from 'node:assert/strict';
import { createLearning } from '../../../src/explorer/learning.js';

/** Questions that are answered by hand. */
function questions() {
  const open = [];
  const said = [];
  const learn = createLearning(
    () => new Promise((answer, refuse) => open.push({ answer, refuse: (text) => refuse(new Error(text)) })),
    { show: (text) => said.push(text) },
  );
  const settled = () => new Promise((done) => setImmediate(done));
  return { learn, said, open, async settle(how, what) {
    open.at(-1)[how](what);
    await settled();
  } };
}

test('one question is asked at a time, until there is nothing more', async () => {
  const { learn, open, settle } = questions();
  learn();
  learn();
  equal(open.length, 1);
  await settle('answer', true);
  equal(open.length, 2);
  await settle('answer', false);
  equal(open.length, 2);
  learn();
  equal(open.length, 3);
});

test('that it is refused is said once, until it was answered again', async () => {
  const { learn, said, settle } = questions();
  const refusals = ['gone', 'gone', 'other', 'other'];
  for (const text of refusals) {
    learn();
    await settle('refuse', text);
  }
  deepEqual(said, ['gone', 'other']);
  learn();
  await settle('answer', false);
  learn();
  await settle('refuse', 'other');
  deepEqual(said, ['gone', 'other', 'other']);
});
