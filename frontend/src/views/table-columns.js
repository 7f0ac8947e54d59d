// @ts-check
import { formatBytes, formatClock, formatCount, formatDuration, formatExactNs, formatHex, plural } from '../base/format.js';
import { legendOf } from '../model/paint.js';
import { guestAddress, hostAddress } from '../model/page-ref.js';
import { describeState } from '../model/page-state.js';
import { accessWord, causeInWords, detailWord, errnoName, faultName, isOfKernel, isPlaced, kindName, kindOfFault } from '../model/vocabulary.js';
import { EventFlag, NONE, PAGE_BYTES } from '../model/vocabulary.generated.js';
import { actorLabel, modesText, regionName } from '../model/view-state.js';

/** @typedef {import('../model/frames.js').EventRecord} EventRecord */
/** @typedef {import('../model/messages.js').MetaMessage} MetaMessage */

/**
 * @template T
 * @typedef {import('./virtual-rows.js').Column<T>} Column
 */

/**
 * @param {() => MetaMessage | null} meta
 * @returns {Column<EventRecord>[]}
 */
export function eventColumns(meta) {
  return [
    { name: '#', width: '64px', number: true, text: (event) => formatCount(event.seq) },
    { name: 'time', width: '100px', number: true, text: (event) => formatClock(event.timeNs), title: (event) => formatExactNs(event.timeNs) },
    { name: 'event', width: '60px', text: (event) => kindName(event.kind) },
    { name: 'detail', width: 'minmax(88px, 2fr)', text: detailText, title: detailText },
    { name: 'region', width: 'minmax(72px, 0.7fr)', gives: 3, text: (event) => regionName(meta(), known(event.region)) },
    { name: 'page', width: '72px', number: true, text: pagesText, title: (event) => (event.pages > 1 ? plural(event.pages, 'page') : '') },
    { name: 'who', width: 'minmax(84px, 0.9fr)', text: (event) => actorLabel(meta(), known(event.actor)) },
    { name: 'errno', width: '52px', gives: 2, text: (event) => errnoName(event.errno) },
    { name: 'cause', width: '52px', gives: 1, number: true, text: (event) => (event.cause === 0 ? '' : formatCount(event.cause)) },
  ];
}

/** @param {EventRecord} event @returns {string} */
function pagesText(event) {
  if (event.flags & EventFlag.PAGE_UNKNOWN) {
    return 'unknown';
  }
  if (event.pages === 0 || event.region === NONE) {
    return '';
  }
  return event.pages === 1 ? formatHex(event.page) : `${formatHex(event.page)}+${event.pages}`;
}

/** @param {EventRecord} event @returns {string} */
function detailText(event) {
  const kind = kindName(event.kind);
  const words = [detailWord(event.kind, event.detail)];
  if (kind === 'enqueue' && event.detail === 0) {
    words.push(faultName(event.flags).replace(/ fault$/, ''));
  }
  if (kind === 'touch' || kind === 'enqueue') {
    words.push(event.flags & EventFlag.ACCESS_UNKNOWN ? 'unknown access' : accessWord(event.flags));
  }
  if (event.flags & EventFlag.INFERRED) {
    words.push('(inferred)');
  }
  return words.filter(Boolean).join(', ').replace(', (', ' (');
}

/** @param {number} index @returns {number | null} */
function known(index) {
  return index === NONE ? null : index;
}

/**
 * @param {() => MetaMessage | null} meta
 * @returns {Column<import('../model/messages.js').FaultRow>[]}
 */
export function faultColumns(meta) {
  const duration = (/** @type {number | null} */ from, /** @type {number | null} */ to) =>
    from === null || to === null ? '?' : formatDuration(to - from);
  const part = (/** @type {number | null} */ ns) => (ns === null ? '?' : formatDuration(ns));
  if (isOfKernel(meta()?.origin)) {
    return kernelFaultColumns(meta);
  }
  return [
    { name: '#', width: '50px', number: true, text: (fault) => formatCount(fault.seq) },
    { name: 'time', width: '80px', number: true, sort: 'time', meaning: 'When it was queued; the oldest first', text: (fault) => formatClock(fault.timeNs), title: (fault) => formatExactNs(fault.timeNs) },
    { name: 'who', width: 'minmax(48px, 1fr)', text: (fault) => actorLabel(meta(), fault.actor) },
    { name: 'region', width: 'minmax(40px, 0.8fr)', gives: 1, text: (fault) => regionName(meta(), fault.region) },
    { name: 'page', width: '52px', number: true, text: (fault) => (isPlaced(fault) ? formatHex(fault.page) : 'unknown') },
    { name: 'fault', width: 'minmax(72px, 0.6fr)', gives: 3, title: (fault) => `${kindOfFault(fault)}, ${accessWord(fault.flags)}`, text: (fault) => `${kindOfFault(fault)} ${accessWord(fault.flags)}` },
    { name: 'unread', width: '52px', number: true, sort: 'unread', meaning: 'Until a handler read its message', text: (fault) => duration(fault.timeNs, fault.readNs) },
    { name: 'to ioctl', width: '52px', number: true, sort: 'read-to-ioctl', meaning: 'From the read to the call of the ioctl that woke it', text: (fault) => part(fault.readToIoctlNs) },
    { name: 'ioctl', width: '52px', number: true, sort: 'ioctl', meaning: 'From that call to the wake', text: (fault) => part(fault.ioctlNs) },
    { name: 'to retry', width: '52px', gives: 2, number: true, sort: 'wake-to-retry', meaning: 'From the wake to the thread’s next try', text: (fault) => part(fault.wakeToRetryNs) },
    { name: 'stall', width: '56px', number: true, sort: 'latency', meaning: 'From the queue to the wake; the slowest first', text: (fault) => (fault.latencyNs === null ? 'waits' : formatDuration(fault.latencyNs)), title: (fault) => (fault.latencyNs === null ? 'not resolved in this recording' : formatExactNs(fault.latencyNs)) },
    { name: 'answer', width: 'minmax(68px, 0.8fr)', gives: 4, text: (fault) => [fault.ioctl ?? '', typeof fault.errno === 'number' ? errnoName(fault.errno) : (fault.errno ?? '')].filter(Boolean).join(' ') },
  ];
}

/**
 * Faults that meet no userfaultfd: nobody reads or answers them, the kernel decides.
 *
 * @param {() => MetaMessage | null} meta
 * @returns {Column<import('../model/messages.js').FaultRow>[]}
 */
function kernelFaultColumns(meta) {
  const part = (/** @type {number | null} */ ns) => (ns === null ? '–' : formatDuration(ns));
  const exact = (/** @type {number | null} */ ns, /** @type {string} */ otherwise) => (ns === null ? otherwise : formatExactNs(ns));
  const unread = (/** @type {import('../model/messages.js').FaultRow} */ { readNs, timeNs }) => (readNs === null ? null : readNs - timeNs);
  const stage2 = meta()?.origin === 'stage2';
  const none = 'not recorded: there was no such step, or the trace has no line of it';
  return [
    { name: '#', width: '46px', number: true, text: (fault) => formatCount(fault.seq) },
    { name: 'time', width: '80px', number: true, sort: 'time', meaning: stage2 ? 'When the guest was left; the oldest first' : 'When it began; the oldest first', text: (fault) => formatClock(fault.timeNs), title: (fault) => formatExactNs(fault.timeNs) },
    { name: 'who', width: 'minmax(48px, 0.6fr)', text: (fault) => actorLabel(meta(), fault.actor) },
    { name: 'region', width: 'minmax(48px, 0.5fr)', gives: 1, text: (fault) => regionName(meta(), fault.region) },
    { name: 'page', width: '52px', number: true, text: (fault) => (isPlaced(fault) ? formatHex(fault.page) : 'unknown') },
    { name: 'fault', width: 'minmax(84px, 0.7fr)', gives: 3, sort: 'origin', meaning: 'What it waits for, and the access; by what it waits for, then by cause', title: (fault) => `${kindOfFault(fault)}, ${accessWord(fault.flags)}`, text: (fault) => `${kindOfFault(fault)} ${accessWord(fault.flags)}` },
    { name: 'cause', width: 'minmax(78px, 1.2fr)', sort: 'cause', meaning: stage2 ? 'What KVM decided; the same together' : 'What the kernel decided; the same together', title: (fault) => causeInWords(fault.cause).text, text: (fault) => causeInWords(fault.cause).word },
    { name: stage2 ? 'to KVM' : 'to kernel', width: '52px', gives: 4, number: true, sort: 'unread', meaning: stage2 ? 'From the exit to KVM’s look at it' : 'From the fault to the kernel’s look at it', text: (fault) => part(unread(fault)), title: (fault) => exact(unread(fault), none) },
    { name: 'to page', width: '52px', number: true, sort: 'read-to-ioctl', meaning: 'From there to the host page', text: (fault) => part(fault.readToIoctlNs), title: (fault) => exact(fault.readToIoctlNs, none) },
    { name: stage2 ? 'to entry' : 'to end', width: '54px', number: true, sort: 'ioctl', meaning: stage2 ? 'From the host page to the entry of the guest: KVM sets the stage-2 entry' : 'From the host page to its end', text: (fault) => part(fault.ioctlNs), title: (fault) => exact(fault.ioctlNs, none) },
    { name: 'rest', width: '54px', gives: 2, number: true, sort: 'unattributed', meaning: 'What of the wait is in none of these: where KVM took no host page, its own work', text: (fault) => part(fault.unattributedNs), title: (fault) => exact(fault.unattributedNs, 'it goes on') },
    { name: 'stall', width: '54px', number: true, sort: 'latency', meaning: stage2 ? 'From the exit to the entry; the slowest first' : 'From the fault to its end; the slowest first', text: (fault) => (fault.latencyNs === null ? 'waits' : formatDuration(fault.latencyNs)), title: (fault) => (fault.latencyNs === null ? 'not over in this recording' : formatExactNs(fault.latencyNs)) },
  ];
}

/**
 * @param {() => MetaMessage | null} meta
 * @param {import('../model/page-store.js').PageStore} pages
 * @returns {Column<import('../model/page-ref.js').PageRef>[]}
 */
export function pageColumns(meta, pages) {
  const region = (/** @type {number} */ index) => meta()?.regions[index];
  return [
    { name: 'region', width: 'minmax(60px, 0.6fr)', text: (page) => regionName(meta(), page.region) },
    { name: 'page', width: '72px', number: true, text: (page) => formatHex(page.page) },
    { name: 'gpa', width: '108px', gives: 2, number: true, text: (page) => { const at = region(page.region); return at ? (guestAddress(at, page.page) ?? '') : ''; } },
    { name: 'hva', width: '136px', gives: 1, number: true, text: (page) => { const at = region(page.region); return at ? hostAddress(at, page.page) ?? 'not known' : ''; } },
    { name: 'shows', width: '96px', text: (page) => legendOf(pages.layer, pages.get(page.region, page.page)).label },
    { name: 'facts', width: 'minmax(100px, 1.6fr)', text: (page) => describeState(pages.get(page.region, page.page)).join(' · ') },
  ];
}

/**
 * @param {import('../model/page-store.js').PageStore} pages
 * @returns {Column<import('../model/messages.js').RegionInfo>[]}
 */
export function regionColumns(pages) {
  return [
    { name: 'region', width: 'minmax(80px, 1fr)', text: (region) => region.name },
    { name: 'backing', width: 'minmax(70px, 0.8fr)', text: (region) => region.backing },
    { name: 'modes', width: 'minmax(70px, 0.8fr)', text: modesText },
    { name: 'pages', width: '90px', number: true, text: (region) => formatCount(region.pages) },
    { name: 'size', width: '80px', gives: 4, number: true, text: (region) => formatBytes(region.pages * PAGE_BYTES) },
    { name: 'first address', width: '140px', gives: 3, number: true, text: (region) => region.base },
    { name: 'gpa', width: '110px', gives: 2, number: true, text: (region) => region.gpaBase ?? '' },
    { name: 'touched', width: '90px', number: true, text: (region) => formatCount(region.pages - pages.counts(region.index)[pages.untouchedClass(region.index)]) },
    { name: 'bounds', width: '76px', gives: 1, text: (region) => (region.inferred ? 'inferred' : 'told') },
  ];
}
