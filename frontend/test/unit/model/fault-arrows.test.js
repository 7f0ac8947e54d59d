// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrowsNote, arrowsOf, askedFault, eventOfSelectedFault, faultInWords, mostFaults } from '../../../src/model/fault-arrows.js';

/** @typedef {import('../../../src/model/messages.js').ToldFault} ToldFault */

const meta = /** @type {any} */ ({ actors: [{ label: 'vCPU 0' }, { label: 'handler' }], regions: [{ name: 'ram' }] });

/** @param {Partial<ToldFault>} [part] @returns {ToldFault} */
const fault = (part = {}) => ({
  seq: 2, actor: 0, region: 0, page: 0x12, timeNs: 100, inferred: false, ioctl: 'CONTINUE',
  call: { seq: 4, actor: 1, timeNs: 5100, inferred: false }, wake: { seq: 6, actor: 0, timeNs: 6200, inferred: false }, ...part,
});

test('a fault has an arrow to the ioctl and one from there to the thread that it woke', () => {
  assert.deepEqual(arrowsOf(fault()), [
    { from: { actor: 0, timeNs: 100 }, to: { actor: 1, timeNs: 5100 }, inferred: false, fault: 2 },
    { from: { actor: 1, timeNs: 5100 }, to: { actor: 0, timeNs: 6200 }, inferred: false, fault: 2 },
  ]);
});

test('an arrow with an end that was inferred is an inferred one', () => {
  const wake = { seq: 6, actor: 0, timeNs: 6200, inferred: true };
  assert.deepEqual(arrowsOf(fault({ wake })).map(({ inferred }) => inferred), [false, true]);
  assert.deepEqual(arrowsOf(fault({ inferred: true })).map(({ inferred }) => inferred), [true, false]);
});

test('what is not told has no arrow', () => {
  assert.deepEqual(arrowsOf(fault({ call: null })), []);
  assert.equal(arrowsOf(fault({ wake: null })).length, 1);
  assert.deepEqual(arrowsOf(fault({ actor: null })).map(({ from }) => from.actor), [1]);
});

test('words say what the arrows show, and what is inferred or not told', () => {
  assert.equal(faultInWords(fault(), meta), 'Fault of vCPU 0 on page 0x12 of ram: answered 5 µs later by CONTINUE of handler, woken 1.1 µs after that');
  assert.equal(
    faultInWords(fault({ call: null, ioctl: null, wake: { seq: 6, actor: 0, timeNs: 6100, inferred: true } }), meta),
    'Fault of vCPU 0 on page 0x12 of ram: woken 6 µs later, by which ioctl is not told (inferred)',
  );
  assert.equal(faultInWords(fault({ region: null, call: null, wake: null }), meta), 'Fault of vCPU 0: its wake is not told');
});

test('the note says where more faults are in sight than arrows are told apart', () => {
  const answer = { fromNs: 0, toNs: 9, faults: 1, all: true, about: null, told: [fault()] };
  assert.equal(arrowsNote(answer), 'arrows: fault → ioctl → wake');
  assert.equal(arrowsNote({ ...answer, told: [fault({ inferred: true })] }), 'arrows: fault → ioctl → wake, dashed: inferred');
  assert.equal(arrowsNote({ ...answer, all: false, faults: 300, about: 2 }), 'arrows of the selected fault alone · 300 faults in sight: zoom in for all');
  assert.equal(arrowsNote({ ...answer, all: false, faults: 300, told: [] }), 'no arrows · 300 faults in sight: zoom in for all');
  assert.equal(arrowsNote({ ...answer, faults: 0, told: [] }), '');
  assert.equal(arrowsNote(null), '');
});

test('the fault asked about is found among those told', () => {
  const answer = { fromNs: 0, toNs: 9, faults: 1, all: true, about: 2, told: [fault({ seq: 1 }), fault()] };
  assert.equal(askedFault(answer)?.seq, 2);
  assert.equal(askedFault({ ...answer, about: null }), null);
});

test('the selected fault is that of the event about the selected page, else who waits on it', () => {
  const entry = { seq: 5, region: 0, page: 7, flags: 0 };
  const state = (/** @type {object} */ event, /** @type {object | null} */ page, entries = [entry]) =>
    /** @type {any} */ ({ page, moment: { event: { seq: 9, kind: 'READ', region: 0, page: 7, pages: 1, ...event }, queue: { entries } } });
  assert.equal(eventOfSelectedFault(state({}, { region: 0, page: 7 })), 9);
  assert.equal(eventOfSelectedFault(state({ page: 4, pages: 8 }, { region: 0, page: 7 })), 9, 'one of several pages');
  assert.equal(eventOfSelectedFault(state({ page: 8 }, { region: 0, page: 7 })), 5, 'the event is about another page');
  assert.equal(eventOfSelectedFault(state({ kind: 'KERNEL' }, { region: 0, page: 7 })), 5);
  assert.equal(eventOfSelectedFault(state({ page: 8 }, { region: 0, page: 7 }, [])), 0);
  assert.equal(eventOfSelectedFault(/** @type {any} */ ({ page: null, moment: null })), 0);
});

test('there are as many faults as have room beside each other', () => {
  assert.equal(mostFaults(1400), 100);
  assert.equal(mostFaults(0), 0);
  assert.equal(mostFaults(1e9), 1000);
});
