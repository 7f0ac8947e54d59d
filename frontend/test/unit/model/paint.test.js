import test from 'node:test';
import { deepEqual, equal, ok } from 'node:assert/strict';
import { LAYERS, leafInWords, legendOf, legendShown, nextLayer, Paint, PAINT_STYLES, paintOf, STAGE2_UNTOLD, URGENCY, withoutHost, withoutStage2 } from '../../../src/model/paint.js';
import { describeState } from '../../../src/model/page-state.js';
import { PageBit as B } from '../../../src/model/vocabulary.generated.js';

test('fault layer: the first that holds', () => {
  const paint = (state) => paintOf('fault', state);
  equal(paint(0), Paint.ABSENT);
  equal(paint(B.CACHED), Paint.CACHED);
  equal(paint(B.CACHED | B.MAPPED), Paint.PRESENT);
  equal(paint(B.CACHED | B.MAPPED | B.DIRTY), Paint.DIRTY);
  equal(paint(B.MAPPED | B.DIRTY | B.UFFD_WP), Paint.PROTECTED);
  equal(paint(B.QUEUED), Paint.MISSING);
  equal(paint(B.CACHED | B.QUEUED | B.MINOR), Paint.MINOR);
  equal(paint(B.MAPPED | B.UFFD_WP | B.QUEUED | B.WP_FAULT), Paint.MINOR);
  equal(paint(B.QUEUED | B.READ), Paint.IN_FLIGHT);
  equal(paint(B.QUEUED | B.HELD | B.MINOR), Paint.IN_FLIGHT);
  equal(paint(B.READ | B.ERROR), Paint.ERROR);
  equal(paint(B.POISONED | B.MAPPED), Paint.ERROR);
  equal(paint(B.ZERO), Paint.ZERO);
  equal(paint(B.UNKNOWN), Paint.UNKNOWN);
  equal(paint(B.MAPPED | B.UFFD_RWP), Paint.PROTECTED);
  equal(paint(B.QUEUED | B.RWP_FAULT), Paint.MINOR);
});

test('host layer knows no faults, guest layer only stage 2 and its bitmap', () => {
  equal(paintOf('host', B.CACHED | B.QUEUED | B.MINOR), Paint.CACHED);
  equal(paintOf('host', B.ERROR), Paint.ABSENT);
  equal(paintOf('guest', B.MAPPED | B.DIRTY), Paint.ABSENT);
  equal(paintOf('guest', B.STAGE2), Paint.PRESENT);
  equal(paintOf('guest', B.USERFAULT | B.PRIVATE), Paint.PRIVATE_USERFAULT);
});

test('every class a layer can paint stands in its legend, once', () => {
  for (const layer of /** @type {const} */ (['fault', 'host', 'guest'])) {
    const painted = new Set();
    for (let state = 0; state < 2 ** 16; state++) {
      painted.add(paintOf(layer, state));
      painted.add(paintOf(layer, state | B.PARTIAL));
      painted.add(paintOf(layer, state | B.STAGE2_READ_ONLY));
      painted.add(paintOf(layer, state | B.STAGE2_MMIO));
      painted.add(paintOf(layer, state | B.IN_KERNEL));
    }
    const told = LAYERS[layer].legend.map((entry) => entry.paint);
    equal(new Set(told).size, told.length);
    deepEqual([...painted].sort(), [...told].sort(), layer);
    for (const paint of painted) {
      ok(PAINT_STYLES[paint], `class ${paint}`);
    }
  }
});

test('in each layer no two classes look the same: colour, sign or fill differ', () => {
  for (const { legend } of Object.values(LAYERS)) {
    const looks = legend.map(({ paint }) => JSON.stringify(PAINT_STYLES[paint]));
    equal(new Set(looks).size, looks.length);
  }
});

test('what waits is urgent', () => {
  for (const paint of [Paint.MISSING, Paint.MINOR, Paint.IN_FLIGHT, Paint.ERROR]) {
    ok(URGENCY[paint] > 0);
  }
  equal(URGENCY[Paint.PRESENT], 0);
});

test('states are told in words', () => {
  deepEqual(describeState(0), []);
  deepEqual(describeState(B.CACHED | B.QUEUED | B.MINOR), ['in cache', 'fault queued', 'minor']);
  deepEqual(describeState(B.UNKNOWN), ['unknown']);
  deepEqual(describeState(B.STAGE2 | B.LEAF_2M), ['mapped in stage 2', '2M leaf']);
  equal(legendOf('fault', B.CACHED).label, 'cached');
  equal(legendOf('host', B.UNKNOWN).label, 'unknown');
});

test('a half-written page looks half written, mapped or not, unless its fault waits', () => {
  equal(paintOf('host', B.CACHED | B.PARTIAL), Paint.PARTIAL);
  equal(paintOf('host', B.CACHED | B.MAPPED | B.PARTIAL), Paint.PARTIAL);
  equal(paintOf('fault', B.CACHED | B.PARTIAL | B.QUEUED), Paint.MISSING);
  equal(paintOf('guest', B.STAGE2 | B.PARTIAL), Paint.PRESENT);
  ok(URGENCY[Paint.PARTIAL] > 0, 'rare, so it must not be outnumbered');
});

/** Every combination of the bits that a layer looks at, and of some that it must not. */
function* states(bits) {
  for (let chosen = 0; chosen < 2 ** bits.length; chosen++) {
    yield bits.reduce((state, bit, i) => (chosen & (1 << i) ? state | bit : state), 0);
  }
}

test('host layer: each combination of its facts is told as the rarest of them, whatever waits', () => {
  const facts = [B.POISONED, B.PARTIAL, B.UFFD_WP, B.UFFD_RWP, B.DIRTY, B.MAPPED, B.CACHED, B.ZERO, B.UNKNOWN];
  const others = [B.QUEUED, B.READ, B.HELD, B.MINOR, B.STAGE2, B.USERFAULT, B.PRIVATE, B.ERROR, B.ACCESSED];
  const order = [
    [B.POISONED, 'poisoned'], [B.PARTIAL, 'half written'], [B.UFFD_WP | B.UFFD_RWP, 'protected'], [B.DIRTY, 'dirty'],
    [B.MAPPED, 'present'], [B.CACHED, 'cached'], [B.ZERO, 'zero'], [B.UNKNOWN, 'unknown'],
  ];
  for (const state of states(facts)) {
    const label = order.find(([bit]) => state & bit)?.[1] ?? 'absent';
    equal(legendOf('host', state).label, label);
    for (const other of others) {
      equal(legendOf('host', state | other).label, label);
    }
  }
});

test('guest layer: each combination of its facts, and nothing of the host', () => {
  const facts = [B.STAGE2, B.USERFAULT, B.PRIVATE, B.UNKNOWN, STAGE2_UNTOLD];
  for (const state of states(facts)) {
    const own = state & B.USERFAULT ? 'userfault' : state & B.STAGE2 ? 'mapped' : state & STAGE2_UNTOLD ? 'unknown' : '';
    const shared = own || (state & B.UNKNOWN ? 'unknown' : 'not mapped');
    const label = own === 'unknown' ? own : state & B.PRIVATE ? ['private', own].filter(Boolean).join(', ') : shared;
    equal(legendOf('guest', state).label, label, `${describeState(state)} ${state & STAGE2_UNTOLD ? 'untold' : ''}`);
    for (const host of states([B.CACHED, B.MAPPED, B.DIRTY, B.QUEUED, B.POISONED, B.ZERO])) {
      equal(paintOf('guest', state | host), paintOf('guest', state));
    }
  }
});

test('a source that sees only faults does not say that a page is not in stage 2, unless it is nowhere', () => {
  for (const state of states([B.CACHED, B.MAPPED, B.DIRTY, B.STAGE2, B.PRIVATE, B.QUEUED, B.UNKNOWN])) {
    const seen = withoutStage2(state);
    const there = (state & (B.CACHED | B.MAPPED | B.PRIVATE)) !== 0;
    equal(legendOf('guest', seen).label === 'unknown', !(state & B.STAGE2) && (there || (state & B.UNKNOWN) !== 0));
    equal(paintOf('host', seen), paintOf('host', state));
    equal(paintOf('fault', seen), paintOf('fault', state));
    deepEqual(describeState(seen), describeState(state));
  }
});

test('what KVM does alone: a fault in the kernel, and what stage 2 has', () => {
  equal(paintOf('fault', B.IN_KERNEL), Paint.IN_KERNEL);
  equal(paintOf('fault', B.STAGE2 | B.DIRTY | B.IN_KERNEL), Paint.IN_KERNEL);
  equal(paintOf('fault', B.IN_KERNEL | B.QUEUED), Paint.MISSING);
  ok(URGENCY[Paint.IN_KERNEL] > 0);
  equal(paintOf('fault', B.STAGE2), Paint.PRESENT);
  equal(paintOf('fault', B.STAGE2 | B.CACHED), Paint.CACHED, 'what the host says goes first');
  equal(paintOf('fault', B.STAGE2_MMIO), Paint.MMIO);
  equal(paintOf('guest', B.STAGE2 | B.STAGE2_READ_ONLY), Paint.PROTECTED);
  equal(paintOf('guest', B.STAGE2_MMIO), Paint.MMIO);
  equal(paintOf('guest', B.IN_KERNEL), Paint.ABSENT);
  equal(leafInWords(B.STAGE2 | B.LEAF_2M), '2 MiB leaf');
  equal(leafInWords(B.STAGE2 | B.LEAF_1G), '1 GiB leaf');
  equal(leafInWords(B.STAGE2), '');
});

test('a source that sees stage 2 alone says nothing of what the host has', () => {
  for (const state of states([B.STAGE2, B.STAGE2_READ_ONLY, B.DIRTY, B.IN_KERNEL, B.UNKNOWN])) {
    const seen = withoutHost(state);
    equal(legendOf('host', seen).label, 'unknown', describeState(state).join());
    equal(paintOf('fault', seen), paintOf('fault', state));
    equal(paintOf('guest', seen), paintOf('guest', state));
    deepEqual(describeState(seen), describeState(state));
  }
  equal(withoutHost(B.MAPPED), B.MAPPED, 'but where it is told');
});

test('a legend shows what there is, and what there may be of these faults', () => {
  const labels = (/** @type {boolean} */ ofKernel, /** @type {number[]} */ ...there) => {
    const totals = new Uint32Array(40);
    there.forEach((paint) => (totals[paint] = 1));
    return legendShown(LAYERS.fault.legend, ofKernel, totals).map(({ label }) => label);
  };
  ok(labels(false).includes('missing') && !labels(false).includes('in the kernel'));
  ok(labels(true).includes('in the kernel') && !labels(true).includes('missing'));
  ok(labels(false, Paint.IN_KERNEL).includes('in the kernel'), 'what is there is always explained');
  ok(labels(true, Paint.MISSING).includes('missing'));
});

test('layers are gone through in turns', () => {
  const ids = Object.keys(LAYERS);
  let layer = ids[0];
  for (const id of [...ids.slice(1), ids[0]]) {
    equal(nextLayer(id, -1), layer);
    layer = nextLayer(layer, 1);
    equal(layer, id);
  }
});
