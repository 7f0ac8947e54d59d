// @ts-check
import { MAX_CLASSES } from '../base/class-pyramid.js';
import { formatCount, formatDuration } from '../base/format.js';
import { PageBit as B } from './vocabulary.generated.js';

/** What a page looks like. Numbers are drawing classes, 0..39, and are known to this code only. */
export const Paint = /** @type {const} */ ({
  ABSENT: 0,
  CACHED: 1,
  ZERO: 2,
  PRESENT: 3,
  DIRTY: 4,
  PROTECTED: 5,
  MINOR: 6,
  MISSING: 7,
  IN_FLIGHT: 8,
  ERROR: 9,
  USERFAULT: 10,
  PRIVATE_ABSENT: 11,
  PRIVATE_PRESENT: 12,
  PRIVATE_USERFAULT: 13,
  UNKNOWN: 14,
  PARTIAL: 15,
  /** The first of {@link ORDER_PARTS}, and of as many ages. */
  ORDER: 16,
  /** The first of {@link MOST_WHO}. */
  WHO: 24,
  IN_KERNEL: 32,
  MMIO: 33,
});

/** Parts of the order of first touches that are told apart. */
export const ORDER_PARTS = 8;

/** Who can be told apart by colour: of more, the last colour stands for all others. */
export const MOST_WHO = 8;

const WHO_SIGNS = 'ABCDEFGH';

/** Ages up to which a step reaches, in microseconds: sixteen times more with each. */
export const AGES_US = [1, 16, 256, 4096, 65_536, 1_048_576, 16_777_216];

/** What stands for a page of which nothing is told, where 0 says that it never changed. */
export const AGE_UNKNOWN = AGES_US.length + 2;

const PARTS = Array.from({ length: ORDER_PARTS }, (_, i) => i);

/**
 * How a class is drawn: the token it takes its colour from, the sign it carries from 12 px on, and
 * how its area is filled.
 *
 * @typedef {object} PaintStyle
 * @property {string} token name of the colour token, without `--fs-page-`
 * @property {string} glyph
 * @property {'solid' | 'hollow' | 'hatched' | 'dotted' | 'half'} fill
 */

/** @type {readonly PaintStyle[]} by class */
export const PAINT_STYLES = [
  { token: 'absent', glyph: '·', fill: 'solid' },
  { token: 'present', glyph: '', fill: 'hollow' },
  { token: 'zero', glyph: '0', fill: 'solid' },
  { token: 'present', glyph: '■', fill: 'solid' },
  { token: 'dirty', glyph: '◆', fill: 'solid' },
  { token: 'protected', glyph: '⌂', fill: 'solid' },
  { token: 'minor', glyph: '?', fill: 'solid' },
  { token: 'missing', glyph: '!', fill: 'solid' },
  { token: 'in-flight', glyph: '⟳', fill: 'solid' },
  { token: 'error', glyph: '✕', fill: 'solid' },
  { token: 'protected', glyph: 'u', fill: 'solid' },
  { token: 'absent', glyph: '·', fill: 'hatched' },
  { token: 'present', glyph: '■', fill: 'hatched' },
  { token: 'protected', glyph: 'u', fill: 'hatched' },
  { token: 'absent', glyph: '', fill: 'dotted' },
  { token: 'dirty', glyph: '', fill: 'half' },
  ...PARTS.map((part) => /** @type {const} */ ({ token: `order-${part + 1}`, glyph: `${part + 1}`, fill: 'solid' })),
  ...Array.from({ length: MOST_WHO }, (_, i) => /** @type {const} */ ({ token: `who-${i + 1}`, glyph: WHO_SIGNS[i], fill: 'solid' })),
  { token: 'in-flight', glyph: 'K', fill: 'solid' },
  { token: 'zero', glyph: 'M', fill: 'solid' },
];

/**
 * Which class wins in a picture of many pages: 0 for those that may be outnumbered. What waits
 * longest to be noticed is least often the most frequent.
 */
export const URGENCY = (() => {
  const urgency = new Uint8Array(MAX_CLASSES);
  urgency[Paint.PARTIAL] = 1;
  urgency[Paint.IN_FLIGHT] = 1;
  urgency[Paint.IN_KERNEL] = 1;
  urgency[Paint.MINOR] = 2;
  urgency[Paint.MISSING] = 3;
  urgency[Paint.ERROR] = 4;
  return urgency;
})();

/**
 * @typedef {object} LegendEntry
 * @property {number} paint
 * @property {string} label
 * @property {string} meaning
 * @property {'uffd' | 'kernel'} [faults] where it is shown though there is none: where faults are those of a userfaultfd,
 *   or wait for the kernel itself; everywhere unless said
 */

/**
 * A way to look at the same facts.
 *
 * @typedef {object} Layer
 * @property {LayerId} id
 * @property {string} title
 * @property {string} meaning
 * @property {'state' | 'touches' | 'last'} of what its pages are painted by: their states, {@link import('./touch-order.js').TouchOrder} or
 *   {@link import('./last-events.js').LastEvents}
 * @property {LegendEntry[]} legend in the order it is shown
 * @property {(state: number) => number} paintOf
 */

/** @typedef {string} LayerId a key of {@link LAYERS} */

/** @param {number} state @returns {number} */
function faultPaint(state) {
  if (state & (B.POISONED | B.ERROR)) return Paint.ERROR;
  if (state & (B.HELD | B.READ)) return Paint.IN_FLIGHT;
  if (state & B.QUEUED) return state & (B.MINOR | B.WP_FAULT | B.RWP_FAULT) ? Paint.MINOR : Paint.MISSING;
  if (state & B.IN_KERNEL) return Paint.IN_KERNEL;
  const facts = hostFacts(state);
  // Where only stage 2 is told of, the page is where the guest has it.
  if (facts === Paint.ABSENT || facts === Paint.UNKNOWN) {
    if (state & B.STAGE2) return Paint.PRESENT;
    if (state & B.STAGE2_MMIO) return Paint.MMIO;
  }
  return facts;
}

/**
 * What the host says of a page, the rarer fact first.
 *
 * @param {number} state
 * @returns {number}
 */
function hostFacts(state) {
  if (state & B.PARTIAL) return Paint.PARTIAL;
  if (state & (B.UFFD_WP | B.UFFD_RWP)) return Paint.PROTECTED;
  if (state & B.DIRTY) return Paint.DIRTY;
  if (state & B.MAPPED) return Paint.PRESENT;
  if (state & B.CACHED) return Paint.CACHED;
  if (state & B.ZERO) return Paint.ZERO;
  return state & B.UNKNOWN ? Paint.UNKNOWN : Paint.ABSENT;
}

/** @param {number} state @returns {number} */
function hostPaint(state) {
  if (state & B.POISONED) return Paint.ERROR;
  return state & HOST_UNTOLD ? Paint.UNKNOWN : hostFacts(state);
}

/** A bit that no server sends: the source does not tell what the host has of the page. See {@link withoutHost}. */
export const HOST_UNTOLD = 2 ** 29;

/** What a source says that sees the host's page table or page cache. */
const HOST_TOLD = B.CACHED | B.MAPPED | B.UFFD_WP | B.UFFD_RWP | B.PARTIAL | B.ZERO;

/**
 * A page's state where the source sees stage 2 alone: what the host has of the page is another matter.
 *
 * @param {number} state
 * @returns {number}
 */
export function withoutHost(state) {
  return (state & HOST_TOLD) === 0 ? state | HOST_UNTOLD : state;
}

/**
 * A bit that no server sends: the page may be in stage 2, and the source would not tell. See
 * {@link withoutStage2}.
 */
export const STAGE2_UNTOLD = 2 ** 30;

/**
 * A page's state where the source sees faults, and not what else KVM maps: that nobody said it is in
 * stage 2 says something only of a page that is not there.
 *
 * @param {number} state
 * @returns {number}
 */
export function withoutStage2(state) {
  const there = (state & (B.CACHED | B.MAPPED | B.PRIVATE)) !== 0;
  return there && (state & B.STAGE2) === 0 ? state | STAGE2_UNTOLD : state;
}

/** @param {number} state @returns {number} */
function guestPaint(state) {
  const isPrivate = (state & B.PRIVATE) !== 0;
  if (state & B.USERFAULT) return isPrivate ? Paint.PRIVATE_USERFAULT : Paint.USERFAULT;
  if (state & B.STAGE2) return isPrivate ? Paint.PRIVATE_PRESENT : state & B.STAGE2_READ_ONLY ? Paint.PROTECTED : Paint.PRESENT;
  if (state & B.STAGE2_MMIO) return Paint.MMIO;
  if (state & STAGE2_UNTOLD) return Paint.UNKNOWN;
  if (isPrivate) return Paint.PRIVATE_ABSENT;
  return state & B.UNKNOWN ? Paint.UNKNOWN : Paint.ABSENT;
}

/** @type {LegendEntry} */
const UNKNOWN = { paint: Paint.UNKNOWN, label: 'unknown', meaning: 'the recording says nothing of it' };

/**
 * What is part of a huge leaf of stage 2 is outlined together with the rest of it.
 *
 * @param {number} state
 * @returns {string} the size of its leaf, empty where it has none or one of 4 KiB
 */
export function leafInWords(state) {
  return (state & B.STAGE2) === 0 ? '' : state & B.LEAF_1G ? '1 GiB leaf' : state & B.LEAF_2M ? '2 MiB leaf' : '';
}

/** @type {LegendEntry} */
const PARTIAL = { paint: Paint.PARTIAL, label: 'half written', meaning: 'in the page cache before all its bytes are' };

/** The newest is furthest from the ground. @param {number} step from 0, the newest @returns {number} */
const agePaint = (step) => Paint.ORDER + ORDER_PARTS - 1 - step;

const ORDINALS = ['1st', '2nd', '3rd', '4th', '5th', '6th', '7th', '8th'];

/** What a page can hold: `id` as the server says it. @type {(LegendEntry & {id: string})[]} */
export const CONTENTS = [
  { id: 'nothing', paint: Paint.ABSENT, label: 'nothing there', meaning: 'no page is there that could hold anything' },
  { ...UNKNOWN, id: 'unknown', meaning: 'the recording says nothing of its bytes' },
  { id: 'zero', paint: Paint.ZERO, label: 'zero', meaning: 'every byte is zero' },
  { id: 'filled', paint: Paint.PRESENT, label: 'one value', meaning: 'every byte has the same value, not zero' },
  { id: 'several', paint: Paint.DIRTY, label: 'several values', meaning: 'every byte is known, and they differ' },
  { id: 'part', paint: Paint.CACHED, label: 'known in part', meaning: 'some of its bytes are known' },
  { ...PARTIAL, id: 'half' },
];

/** Every layer; a new one is one more entry. @type {Record<LayerId, Layer>} */
export const LAYERS = {
  fault: {
    id: 'fault',
    title: 'fault',
    meaning: 'what a fault is waiting for, over what the page is',
    of: 'state',
    paintOf: faultPaint,
    legend: [
      { paint: Paint.ABSENT, label: 'absent', meaning: 'never touched, or taken away again' },
      UNKNOWN,
      { paint: Paint.CACHED, label: 'cached', meaning: 'in the page cache, not mapped: a touch is a minor fault' },
      { paint: Paint.ZERO, label: 'zero', meaning: 'zeros that nobody wrote' },
      PARTIAL,
      { paint: Paint.PRESENT, label: 'present', meaning: 'mapped in the host page table, or in stage 2 where only that is told' },
      { paint: Paint.DIRTY, label: 'dirty', meaning: 'written since it was mapped' },
      { paint: Paint.MMIO, label: 'MMIO', meaning: 'no memory: stage 2 holds a marker, and KVM emulates the access', faults: 'kernel' },
      { paint: Paint.IN_KERNEL, label: 'in the kernel', meaning: 'a fault on it waits for the kernel itself: for KVM and its stage 2, or for the host', faults: 'kernel' },
      { paint: Paint.PROTECTED, label: 'protected', meaning: 'write-protected by the userfaultfd', faults: 'uffd' },
      { paint: Paint.MISSING, label: 'missing', meaning: 'a missing fault is queued, unread', faults: 'uffd' },
      { paint: Paint.MINOR, label: 'minor', meaning: 'a minor or write-protect fault is queued, unread', faults: 'uffd' },
      { paint: Paint.IN_FLIGHT, label: 'in flight', meaning: 'a handler read the fault and has not resolved it, or it is held', faults: 'uffd' },
      { paint: Paint.ERROR, label: 'error', meaning: 'poisoned, or the last ioctl on it failed', faults: 'uffd' },
    ],
  },
  host: {
    id: 'host',
    title: 'host',
    meaning: 'what the host page table and the page cache say, faults aside',
    of: 'state',
    paintOf: hostPaint,
    legend: [
      { paint: Paint.ABSENT, label: 'absent', meaning: 'not in the page cache, not mapped' },
      UNKNOWN,
      { paint: Paint.CACHED, label: 'cached', meaning: 'in the page cache, not mapped' },
      { paint: Paint.ZERO, label: 'zero', meaning: 'zeros that nobody wrote' },
      PARTIAL,
      { paint: Paint.PRESENT, label: 'present', meaning: 'mapped in the host page table' },
      { paint: Paint.DIRTY, label: 'dirty', meaning: 'written since it was mapped' },
      { paint: Paint.PROTECTED, label: 'protected', meaning: 'write-protected by the userfaultfd' },
      { paint: Paint.ERROR, label: 'poisoned', meaning: 'an access gets SIGBUS' },
    ],
  },
  guest: {
    id: 'guest',
    title: 'guest',
    meaning: 'what stage 2 and the KVM Userfault bitmap say; private pages are hatched, huge leaves outlined',
    of: 'state',
    paintOf: guestPaint,
    legend: [
      { paint: Paint.ABSENT, label: 'not mapped', meaning: 'no stage-2 entry: none was set, or it was taken away' },
      { ...UNKNOWN, meaning: 'the recording does not say whether stage 2 has it' },
      { paint: Paint.PRESENT, label: 'mapped', meaning: 'mapped in stage 2' },
      { paint: Paint.PROTECTED, label: 'mapped read-only', meaning: 'mapped in stage 2, and writes fault: write-protected, or a page of zeros', faults: 'kernel' },
      { paint: Paint.MMIO, label: 'MMIO', meaning: 'no memory: stage 2 holds a marker, and KVM emulates the access', faults: 'kernel' },
      { paint: Paint.USERFAULT, label: 'userfault', meaning: "its KVM Userfault bit is set: a vCPU's access exits", faults: 'uffd' },
      { paint: Paint.PRIVATE_ABSENT, label: 'private', meaning: 'private to the guest, no stage-2 entry', faults: 'uffd' },
      { paint: Paint.PRIVATE_PRESENT, label: 'private, mapped', meaning: 'private to the guest, mapped in stage 2', faults: 'uffd' },
      { paint: Paint.PRIVATE_USERFAULT, label: 'private, userfault', meaning: 'private to the guest, its KVM Userfault bit is set', faults: 'uffd' },
    ],
  },
  contents: {
    id: 'contents',
    title: 'contents',
    meaning: 'what is known of the bytes of a page at the moment',
    of: 'last',
    paintOf: (code) => CONTENTS[code - 1]?.paint ?? Paint.UNKNOWN,
    legend: CONTENTS,
  },
  age: {
    id: 'age',
    title: 'age',
    meaning: 'how long before the moment the page changed last',
    of: 'last',
    paintOf: (code) => (code === 0 ? Paint.ABSENT : code === AGE_UNKNOWN ? Paint.UNKNOWN : agePaint(code - 1)),
    legend: [
      ...AGES_US.map((us, step) => ({ paint: agePaint(step), label: `≤ ${formatDuration(us * 1000)}`, meaning: `changed at most ${formatCount(us)} µs before the moment${step > 0 ? `, and more than ${formatCount(AGES_US[step - 1])} µs` : ''}` })),
      { paint: agePaint(AGES_US.length), label: 'older', meaning: 'changed before that' },
      { paint: Paint.ABSENT, label: 'never changed', meaning: 'as its region began, up to the moment' },
      { ...UNKNOWN, meaning: 'the recording says nothing of it up to the moment' },
    ],
  },
  who: {
    id: 'who',
    title: 'who',
    meaning: 'whose access, or fault, was the last on the page up to the moment, as far as the recording tells',
    of: 'last',
    paintOf: (code) => (code === 0 ? Paint.UNKNOWN : Paint.WHO + code - 1),
    legend: whoLegend([...WHO_SIGNS]),
  },
  order: {
    id: 'order',
    title: 'order of first touch',
    meaning: 'which pages were touched before which, up to the moment, as far as the recording tells of accesses',
    of: 'touches',
    paintOf: (part) => (part === 0 ? Paint.UNKNOWN : Paint.ORDER + part - 1),
    legend: [
      { paint: Paint.UNKNOWN, label: 'no touch told', meaning: 'the recording tells of no access to it up to this moment' },
      ...PARTS.map((part) => ({ paint: Paint.ORDER + part, label: `${ORDINALS[part]} ⅛`, meaning: `in the ${ORDINALS[part]} eighth of all pages that the recording tells to be touched` })),
    ],
  },
};

/**
 * What a legend shows: what there is, and what there might be where faults are of this kind.
 *
 * @param {LegendEntry[]} legend
 * @param {boolean} ofKernel whether faults wait for the kernel itself, and not for a userfaultfd
 * @param {Uint32Array} totals pages by class
 * @returns {LegendEntry[]}
 */
export function legendShown(legend, ofKernel, totals) {
  return legend.filter(({ paint, faults }) => totals[paint] > 0 || faults === undefined || (faults === 'kernel') === ofKernel);
}

/**
 * The legend of who touched pages last.
 *
 * @param {string[]} names in the order of their colours
 * @returns {LegendEntry[]}
 */
export function whoLegend(names) {
  const others = names.slice(MOST_WHO - 1);
  const shared = others.length > 1;
  return [
    ...(shared ? names.slice(0, MOST_WHO - 1) : names).map((label, i) => ({ paint: Paint.WHO + i, label, meaning: `${label} touched it last` })),
    ...(shared ? [{ paint: Paint.WHO + MOST_WHO - 1, label: `${others.length} others`, meaning: `one of ${others.join(', ')} touched it last: there are more than colours` }] : []),
    { paint: Paint.UNKNOWN, label: 'no touch told', meaning: 'the recording tells of no access to it up to this moment' },
  ];
}

/**
 * @param {LayerId} layer
 * @param {1 | -1} direction
 * @returns {LayerId} the one after it, or before it, in turns
 */
export function nextLayer(layer, direction) {
  const ids = Object.keys(LAYERS);
  return ids[(ids.indexOf(layer) + direction + ids.length) % ids.length];
}

/**
 * The class of every code that a page may have: what makes painting a lookup.
 *
 * @param {LayerId} layer
 * @param {(code: number) => number} stateOf
 * @param {number} codes how many there are
 * @returns {Uint8Array}
 */
export function paintTable(layer, stateOf, codes) {
  const table = new Uint8Array(codes);
  const { paintOf } = LAYERS[layer];
  for (let code = 0; code < codes; code++) {
    table[code] = paintOf(stateOf(code));
  }
  return table;
}

/** @param {LayerId} layer @param {number} state @returns {number} the class of a state */
export function paintOf(layer, state) {
  return LAYERS[layer].paintOf(state);
}

/**
 * @param {LayerId} layer
 * @param {number} state
 * @returns {LegendEntry}
 */
export function legendOf(layer, state) {
  const paint = paintOf(layer, state);
  const { legend } = LAYERS[layer];
  return legend.find((entry) => entry.paint === paint) ?? legend[0];
}
