import test from 'node:test';
import { deepEqual, equal } from 'node:assert/strict';
import * as view from '../../../src/model/view-state.js';

const moment = (seq) => ({
  type: 'moment', seq, timeNs: 0, event: null, narration: '', actors: [], playing: false, following: false,
  queue: { pending: 1, read: 0, entries: [{ seq: 3, actor: 1, region: 0, page: 9, flags: 0, sinceNs: 0, phase: 'PENDING', handler: null }] },
});

test('messages change what they are about and nothing else', () => {
  const before = view.initialState();
  const after = view.reduceMessage(before, moment(7));
  equal(after.moment?.seq, 7);
  equal(after.meta, before.meta);
  equal(before.moment, null);
});

test('stats never make a recording shorter', () => {
  let state = view.reduceMessage(view.initialState(), { type: 'meta', regions: [], actors: [], events: 10, endNs: 5, complete: false, notes: 0, states: [], kernel: null, progress: { state: 'loading', bytesRead: 0, bytesTotal: 0, message: null } });
  state = view.reduceMessage(state, { type: 'stats', events: 8, endNs: 9, conflated: 3, unacked: 0 });
  equal(state.meta?.events, 10);
  equal(state.meta?.endNs, 9);
  equal(state.conflated, 3);
});

test('no moment stands beyond the end of a recording that grows', () => {
  let state = view.reduceMessage(view.initialState(), { type: 'meta', regions: [], actors: [], events: 8203, endNs: 5, complete: false, notes: 0, states: [], kernel: null, progress: { state: 'running', bytesRead: 0, bytesTotal: 0, message: null } });
  state = view.reduceMessage(state, { ...moment(8204), timeNs: 9 });
  equal(state.meta?.events, 8204);
  equal(state.meta?.endNs, 9);
  const meta = state.meta;
  equal(view.reduceMessage(state, moment(12)).meta, meta);
});

test('another page forgets what was known of the last one', () => {
  const state = { ...view.initialState(), inspected: { status: 'loading', value: null, error: null } };
  const page = { region: 0, page: 1 };
  equal(view.selectPage(state, page).inspected.status, 'none');
  const selected = { ...view.selectPage(state, page), inspected: { status: 'ready', value: {}, error: null } };
  equal(view.selectPage(selected, { ...page }).inspected.status, 'ready');
});

test('state to link and back', () => {
  const state = view.withLink(view.initialState(), { seq: null, page: { region: 1, page: 2 }, actor: 4, lens: 'table', layer: 'host', table: 'pages', side: 'kernel', mark: 700, query: null, breakpoints: [{ query: 'kind = ioctl', on: false, once: true }] });
  deepEqual(view.linkOf(view.reduceMessage(state, moment(12))), { seq: 12, page: { region: 1, page: 2 }, actor: 4, lens: 'table', layer: 'host', table: 'pages', side: 'kernel', mark: 700, query: null, breakpoints: [{ query: 'kind = ioctl', on: false, once: true }] });
});

test('who waits on a page', () => {
  equal(view.waitingOn(moment(1), { region: 0, page: 9 })?.seq, 3);
  equal(view.waitingOn(moment(1), { region: 0, page: 8 }), null);
});

test('modes in words, however they come', () => {
  const region = { index: 0, name: '', base: '0x0', gpaBase: null, pages: 1, backing: '', inferred: false };
  equal(view.modesText({ ...region, modes: 5 }), 'MISSING|MINOR');
  equal(view.modesText({ ...region, modes: ['minor'] }), 'MINOR');
  equal(view.modesText({ ...region, modes: 0 }), '');
});

test('the selection follows the events until somebody chooses a page', () => {
  const at = (page) => ({ ...moment(1), event: { seq: 1, region: 0, page, pages: 1 } });
  let state = view.reduceMessage(view.initialState(), at(4));
  deepEqual(state.page, { region: 0, page: 4 });
  state = view.reduceMessage(view.selectPage(state, { region: 0, page: 9 }), at(5));
  deepEqual(state.page, { region: 0, page: 9 });
  state = view.selectPage(state, null);
  deepEqual(state.page, { region: 0, page: 5 });
  deepEqual(view.reduceMessage(state, { ...moment(0), event: null }).page, null);
});

test('a run is as it was told last, and over when its recording is complete', () => {
  const meta = (complete) => ({ type: 'meta', regions: [], actors: [], events: 1, endNs: 1, complete, notes: 0, states: [], kernel: null, progress: { state: complete ? 'complete' : 'running', bytesRead: 0, bytesTotal: 0, message: null } });
  let state = view.reduceMessage(view.initialState(), { type: 'run', id: 'r', phase: 'paused', waiting: [{}], waitingCount: 1, canFork: true });
  state = view.reduceMessage(state, meta(false));
  equal(state.run.phase, 'paused');
  state = view.reduceMessage(state, meta(true));
  deepEqual([state.run.phase, state.run.waiting, state.run.can.fork], ['ended', [], 'The run is over.']);
  equal(view.reduceMessage(view.initialState(), meta(true)).run, null);
});

test('the newest inputs are kept, not all', () => {
  let state = view.initialState();
  for (let n = 0; n < 150; n++) {
    state = view.withInput(state, { what: String(n) });
  }
  equal(state.inputs.length, 100);
  equal(state.inputs[0].what, '149');
});

test('of two statuses of a run the newer one stays, whichever comes last', () => {
  const told = (id, revision, phase) => ({ type: 'run', id, revision, phase });
  let state = view.reduceMessage(view.initialState(), told('r', 5, 'done'));
  state = view.withRun(state, told('r', 3, 'running'));
  equal(state.run.phase, 'done');
  equal(view.withRun(state, told('r', 5, 'paused')).run.phase, 'paused');
  equal(view.withRun(state, told('fork', 1, 'paused')).run.phase, 'paused');
});
