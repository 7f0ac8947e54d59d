import { deepEqual, equal, rejects } from 'node:assert/strict';
import { test } from 'node:test';
import { createRunActions } from '../../../src/explorer/run-actions.js';
import { onlyLookOn, RecordingApi } from '../../../src/stream/api.js';
import { forkRun } from '../../../src/stream/run-api.js';

const PAUSED = { phase: 'paused', breakpoints: [], manual: false, can: { pace: null } };

/** What was asked of a server that has nothing to say. @param {() => void | Promise<unknown>} what */
async function askedBy(what) {
  const asked = [];
  const real = globalThis.fetch;
  globalThis.fetch = async (url, init) => {
    asked.push(`${init?.method ?? 'GET'} ${url}`);
    return new Response('{}');
  };
  try {
    await what();
    await new Promise((done) => setImmediate(done));
    return asked;
  } finally {
    globalThis.fetch = real;
  }
}

const toasts = [];

function pressEverything() {
  const state = { run: PAUSED, speed: 20, breakpoints: [{ query: 'kind = wake', on: true }], moment: { seq: 1 }, meta: null };
  const parts = { socket: { send: () => {} }, api: {}, toast: { show: (text) => toasts.push(text) }, get: () => state, set: () => {} };
  const run = createRunActions('run-1', parts);
  run.toggle();
  run.go(20);
  run.manual();
  run.breakpoints();
  run.stop();
}

test('a page of the program tells a run what is asked for', async () => {
  const asked = await askedBy(pressEverything);
  equal(asked.length > 3 && asked.every((each) => each.startsWith('POST ')), true);
});

test('from a page of somebody else nothing is changed, and everything is read', async () => {
  onlyLookOn();
  toasts.length = 0;
  const api = new RecordingApi('a');
  deepEqual(await askedBy(pressEverything), []);
  equal(toasts.length > 0 && toasts.every((text) => text.includes('only looked at')), true);
  const changes = [() => api.setRegions([]), () => api.keepBookmark(null, { seq: 1, region: null, page: null, text: '' }), () => api.deleteBookmark(1), () => forkRun('run-1', 3)];
  for (const change of changes) {
    deepEqual(await askedBy(() => rejects(change, /only looked at/)), []);
  }
  deepEqual(await askedBy(() => api.info()), ['GET /api/recordings/a']);
});
