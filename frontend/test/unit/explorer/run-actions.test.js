import { deepEqual, equal } from 'node:assert/strict';
import { test } from 'node:test';
import { createRunActions } from '../../../src/explorer/run-actions.js';

const PAUSED = { phase: 'paused', breakpoints: [], manual: false, can: { pace: null } };

/** @param {boolean} looksOn @returns {Promise<string[]>} what was asked of the server */
async function askedOf(looksOn) {
  const asked = [];
  const real = globalThis.fetch;
  globalThis.fetch = async (url) => {
    asked.push(String(url));
    throw new Error('nobody answers');
  };
  try {
    const state = { run: PAUSED, speed: 20, breakpoints: [{ query: 'kind = wake', on: true }], moment: { seq: 1 }, meta: null };
    const actions = createRunActions('run-1', {
      socket: { send: () => {} },
      api: {},
      toast: { show: () => {} },
      get: () => state,
      set: () => {},
      looksOn,
    });
    actions.toggle();
    actions.go(20);
    actions.manual();
    actions.breakpoints();
    actions.stop();
    await new Promise((done) => setImmediate(done));
    return asked;
  } finally {
    globalThis.fetch = real;
  }
}

test('a run is told what its page asks for', async () => {
  equal((await askedOf(false)).length > 2, true);
});

test('from a page of somebody else a run is told nothing', async () => {
  deepEqual(await askedOf(true), []);
});
