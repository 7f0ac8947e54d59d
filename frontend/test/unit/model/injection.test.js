import test from 'node:test';
import { deepEqual, equal, match } from 'node:assert/strict';
import { actorsFor, INJECTIONS, injectCommand, injectionKind } from '../../../src/model/injection.js';

const draft = (what, more = {}) => ({ what, actor: '-1', region: '0', page: '0x1a', pages: '2', write: true, ...more });
const ACTORS = [{ index: 0, kind: 'vcpu' }, { index: 1, kind: 'thread' }, { index: 2, kind: 'handler' }, { index: 3, kind: 'kernel' }];

test('each injection sends what it needs and no more', () => {
  deepEqual(injectCommand(draft('touch')), { type: 'inject', what: 'touch', actor: -1, region: 0, page: 0x1a, pages: 1, write: true });
  deepEqual(injectCommand(draft('punch-hole')), { type: 'inject', what: 'punch-hole', actor: -1, region: 0, page: 0x1a, pages: 2 });
  deepEqual(injectCommand(draft('signal', { actor: '1' })), { type: 'inject', what: 'signal', actor: 1 });
  deepEqual(injectCommand(draft('kill-handler')), { type: 'inject', what: 'kill-handler', actor: -1 });
});

test('what is missing is said', () => {
  match(String(injectCommand(draft('signal', { actor: '' }))), /nobody/);
  match(String(injectCommand(draft('remove', { page: 'x' }))), /First page/);
  match(String(injectCommand(draft('remove', { pages: '0' }))), /Pages/);
});

test('only fitting actors are offered', () => {
  deepEqual(actorsFor(injectionKind('signal'), ACTORS), [0, 1]);
  deepEqual(actorsFor(injectionKind('kill-handler'), ACTORS), [2]);
  deepEqual(actorsFor(injectionKind('kvm-access'), ACTORS), [0]);
  deepEqual(actorsFor(injectionKind('dontneed'), ACTORS), []);
});

test('each injection says what it does, and what was done', () => {
  for (const kind of INJECTIONS) {
    equal(kind.about.endsWith('.'), true, kind.what);
    const command = injectCommand(draft(kind.what, { actor: '1' }));
    equal(kind.words(command, 'vCPU 0', () => 'ram').length > 5, true, kind.what);
  }
  equal(injectionKind('remove').words(injectCommand(draft('remove')), '', () => 'ram'), 'MADV_REMOVE ram 0x1a…0x1b');
});
