import { deepEqual, equal, match } from 'node:assert/strict';
import test from 'node:test';
import { afterStop, breakpointOf, dueToCount, enabledQueries, MOST_BREAKPOINTS, newStop, offersOf, offersOfEntry, stoppedBy, withBreakpoint, withBreakpointsOf, withCount } from '../../../src/model/breakpoints.js';

const A = breakpointOf({ query: 'kind = ioctl', on: true });
const B = breakpointOf({ query: 'errno = EAGAIN', on: false });

test('a predicate is in the list once, and is on again when it is added again', () => {
  deepEqual(withBreakpoint([], ' kind = ioctl '), [A]);
  deepEqual(withBreakpoint([A, B], 'errno = EAGAIN'), [A, { ...B, on: true }]);
  deepEqual(withBreakpoint([A], '  '), [A]);
});

test('the list has an end', () => {
  let list = /** @type {any[]} */ ([]);
  for (let i = 0; i < MOST_BREAKPOINTS + 5; i++) {
    list = withBreakpoint(list, `page = ${i}`);
  }
  equal(list.length, MOST_BREAKPOINTS);
});

test('what is off or no predicate stops nothing', () => {
  deepEqual(enabledQueries([A, B, { ...A, query: 'x', error: { message: 'no', position: 0 } }]), ['kind = ioctl']);
});

test('a link keeps what is counted of those it names', () => {
  const counted = { ...A, count: 5 };
  deepEqual(withBreakpointsOf([counted, B], [{ query: A.query, on: false }]), [{ ...counted, on: false }]);
  const list = [counted, B];
  equal(withBreakpointsOf(list, list.map(({ query, on }) => ({ query, on }))), list);
});

test('it is counted once, on when the recording grows, and again where it was wrong and more is known', () => {
  equal(dueToCount([A], 0), A);
  const counted = withCount(A, { count: 2, ticks: [3, 9], scanned: 10, complete: true, next: 11 }, 10);
  equal(dueToCount([counted], 10), undefined);
  equal(dueToCount([counted], 11), counted);
  const more = withCount(counted, { count: 1, ticks: [12], scanned: 5, complete: true, next: 16 }, 15);
  equal(more.count, 3);
  deepEqual(more.ticks, [3, 9, 12]);
  const wrong = { ...A, error: { message: 'no region', position: 9 }, asked: 10 };
  equal(dueToCount([wrong], 10), undefined);
  equal(dueToCount([wrong], 11), wrong);
});

test('ticks are bounded, and the lonely one is kept', () => {
  const many = Array.from({ length: 20_000 }, (_, i) => i + 1);
  const { ticks, count } = withCount(A, { count: 20_001, ticks: [...many, 999_999], scanned: 1, complete: true, next: 1_000_001 }, 1_000_000);
  equal(count, 20_001);
  equal(ticks.length < 200, true);
  equal(ticks.at(-1), 999_999);
});

test('what stopped it is said of that moment alone', () => {
  const stop = { seq: 7, queries: ['kind = ioctl'] };
  const at = (/** @type {number} */ seq) => /** @type {any} */ ({ moment: { seq }, run: { stop }, stopped: { seq: 9, queries: ['x'] } });
  deepEqual(stoppedBy(at(7)), ['kind = ioctl']);
  deepEqual(stoppedBy(at(9)), ['x']);
  deepEqual(stoppedBy(at(8)), []);
});

test('one that is to stop once is off where it did, and says where; another stays on', () => {
  const once = breakpointOf({ query: 'kind = wake', on: true, once: true });
  const off = breakpointOf({ query: 'kind = read', on: false, once: true });
  const list = [A, once, off];
  deepEqual(afterStop(list, { seq: 7, queries: ['kind = ioctl', 'kind = wake', 'kind = read'] }), [A, { ...once, on: false, spent: 7 }, off]);
  equal(afterStop(list, { seq: 7, queries: ['kind = ioctl'] }), list);
  deepEqual(withBreakpoint(afterStop([once], { seq: 7, queries: [once.query] }), once.query, true), [once], 'added again it is on again');
});

test('a stop is new when it was not so before, of the same run', () => {
  const stop = { seq: 7, queries: ['kind = wake'] };
  const at = (/** @type {any} */ run, /** @type {any} */ stopped = null) => /** @type {any} */ ({ run, stopped });
  deepEqual(newStop(at({ id: 'r', stop: null }), at({ id: 'r', stop })), stop);
  equal(newStop(at({ id: 'r', stop }), at({ id: 'r', stop: { ...stop } })), null);
  equal(newStop(at(null), at({ id: 'r', stop })), null, 'it stood there when the page was opened');
  equal(newStop(at({ id: 'r', stop }), at({ id: 'r', stop: null })), null);
  deepEqual(newStop(at(null), at(null, stop)), stop, 'a person went there by breakpoints');
  equal(newStop(at(null, stop), at(null, stop)), null);
});

test('a link says which are to stop once', () => {
  const once = { query: 'kind = wake', on: true, once: true };
  deepEqual(withBreakpointsOf([], [once]), [breakpointOf(once)]);
  deepEqual(withBreakpointsOf([breakpointOf({ ...once, once: false })], [once])[0].once, true);
});

const META = /** @type {any} */ ({
  regions: [{ name: 'guest-ram' }, { name: 'two words' }],
  actors: [{ name: 'vcpu-0', label: 'vCPU 0' }, { name: 'CPU 1/KVM', label: 'vCPU 1' }, { name: 'h', label: 'h' }, { name: 'H', label: 'another' }],
});

test('the page, who waits on it and the event are offered, each once', () => {
  const state = /** @type {any} */ ({
    meta: META,
    page: { region: 1, page: 16 },
    actor: 1,
    moment: { event: { kind: 'ioctl', detailText: 'UFFDIO_COPY', errnoName: 'EAGAIN', actor: 2 }, queue: { entries: [{ region: 1, page: 16, actor: 1 }, { region: 1, page: 16, actor: 0 }, { region: 0, page: 16, actor: 2 }] } },
  });
  deepEqual(offersOf(state), [
    { when: 'this page changes', query: 'region = "two words" and page = 0x10 and changed = yes' },
    { when: 'this page is touched', query: 'region = "two words" and page = 0x10 and kind = touch' },
    { when: 'vCPU 1 blocks', query: 'actor = "CPU 1/KVM" and kind = enqueue' },
    { when: 'vCPU 0 blocks', query: 'actor = vcpu-0 and kind = enqueue' },
    { when: 'COPY is answered', query: 'kind = ioctl and ioctl = copy' },
    { when: 'an ioctl answers EAGAIN', query: 'kind = ioctl and errno = EAGAIN' },
    { when: 'an ioctl fails', query: 'kind = ioctl and errno != OK' },
  ]);
});

test('a name that says not who is meant is left for the number', () => {
  const [blocks] = offersOf(/** @type {any} */ ({ meta: META, page: null, actor: 3, moment: null }));
  match(blocks.query, /^actor = 3 and/);
});

test('a fault that waits offers its thread and its page, as far as they are known', () => {
  const entry = /** @type {any} */ ({ seq: 5, actor: 0, region: 1, page: 16, flags: 0 });
  deepEqual(offersOfEntry(META, entry), [
    { when: 'vCPU 0 blocks', query: 'actor = vcpu-0 and kind = enqueue' },
    { when: 'page 0x10 changes', query: 'region = "two words" and page = 0x10 and changed = yes' },
  ]);
  deepEqual(offersOfEntry(META, { ...entry, actor: null }).map(({ when }) => when), ['page 0x10 changes']);
  deepEqual(offersOfEntry(META, { ...entry, region: null }).map(({ when }) => when), ['vCPU 0 blocks']);
  deepEqual(offersOfEntry(META, null), []);
});
