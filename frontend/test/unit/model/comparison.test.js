import test from 'node:test';
import { deepEqual, equal, match, throws } from 'node:assert/strict';
import { comparisonCsv, comparisonOf, exportName, median, oneEngine, pagesAt, ratioRows, resultInWords, summaries, timeOfPage, timesOf } from '../../../src/model/comparison.js';

const FIELDS = { chosen: ['on-demand'], more: '', seed: '', set: '', engines: ['simulation'] };

const run = (policy, seed, stall, more = {}) => ({
  engine: 'simulation', policy, seed, complete: true, note: '', elapsedNs: stall * 2, stallNs: { 'v-0': stall, 'v-1': stall + 10 },
  faults: 4, messages: 4, ioctls: { COPY: 4, WAKE: 1 }, failedIoctls: 0, pages: 4, unusedPages: 0, events: 40,
  curve: [{ n: 1, ns: 100 }, { n: 2, ns: 300 }, { n: 4, ns: 900 }], ...more,
});

const comparison = (...runs) => ({
  id: 'c', title: 'A "small" one', state: 'DONE', message: '', done: runs.length, total: runs.length, current: null, currentEvents: 0,
  policies: [...new Set(runs.map(({ policy }) => policy))], seeds: [...new Set(runs.map(({ seed }) => seed))], engines: [...new Set(runs.map(({ engine }) => engine))], workers: ['v-0', 'v-1'], runs, ratios: [],
});

test('what is chosen and what is typed are compared together, each once', () => {
  const request = comparisonOf('title: t', { ...FIELDS, more: ' {name: batch, after: 63}\n\non-demand', seed: '1, 2 3', set: 'a.b=c' });
  deepEqual(request, { text: 'title: t', policies: ['on-demand', '{name: batch, after: 63}'], seeds: [1, 2, 3], engines: ['simulation'], set: { 'a.b': 'c' } });
});

test('a field that cannot be used is named', () => {
  throws(() => comparisonOf('', { ...FIELDS, chosen: [] }), { field: 'policy' });
  throws(() => comparisonOf('', { ...FIELDS, more: Array.from({ length: 16 }, (_, i) => `p${i}`).join('\n') }), { field: 'policy' });
  throws(() => comparisonOf('', { ...FIELDS, seed: '1, x' }), { field: 'seed' });
  throws(() => comparisonOf('', { ...FIELDS, seed: '1 2 3 4 5 6 7 8 9' }), { field: 'seed' });
});

test('a policy is summed up by medians over its seeds', () => {
  equal(median([5, 1, 3]), 3);
  equal(median([4, 2]), 2);
  const [one] = summaries(comparison(run('batch', 1, 100), run('batch', 2, 300), run('batch', 3, 200)));
  equal(one.stallNs, 410);
  equal(one.worstStallNs, 210);
  equal(one.ioctls, 5);
  equal(one.halfNs, 300);
  equal(one.allNs, 900);
});

test('who never got to every page has no time for it', () => {
  const short = run('random-faulty', 1, 100, { pages: 2, note: '2 faults were never answered', curve: [{ n: 1, ns: 100 }, { n: 2, ns: 200 }] });
  const [, faulty] = summaries(comparison(run('on-demand', 1, 100), short));
  equal(faulty.allNs, null);
  equal(faulty.halfNs, 200);
  deepEqual(faulty.notes, ['2 faults were never answered']);
});

test('a real run stands beside its simulated one, and only one engine is drawn', () => {
  const both = {
    ...comparison(run('batch', 1, 100), run('batch', 1, 250, { engine: 'live', curve: [], pages: 0 })),
    ratios: [{ policy: 'batch', seed: 1, faults: 1, ioctls: 1.25, elapsed: 2.5, stall: { 'v-0': 2.5, 'v-1': null } }],
  };
  deepEqual(summaries(both).map(({ policy, engine, stallNs }) => [policy, engine, stallNs]), [['batch', 'simulation', 210], ['batch', 'live', 510]]);
  deepEqual(oneEngine(both).runs.map(({ engine }) => engine), ['simulation']);
  deepEqual(ratioRows(both), [{ policy: 'batch', cells: ['1×', '1.25×', '2.5×', '2.5×', '–'] }]);
});

test('a curve is read in both directions', () => {
  const one = run('batch', 1, 1);
  equal(timeOfPage(one, 3), 900);
  equal(timeOfPage(one, 5), null);
  equal(pagesAt(one, 299), 1);
  equal(pagesAt(one, 0), 0);
});

test('the sentence is about real policies that came to their end', () => {
  const all = comparison(run('on-demand', 1, 1000), run('batch', 1, 100), run('oracle', 1, 1), run('random-faulty', 1, 9, { note: 'stuck' }));
  match(resultInWords(all, summaries(all)), /^Under batch 2 threads and vCPUs together waited least, 210 ns; under on-demand longest/);
  const one = comparison(run('on-demand', 1, 1000), run('oracle', 1, 1));
  equal(resultInWords(one, summaries(one)), '');
});

test('a multiple needs something to divide by', () => {
  equal(timesOf(300, 100), '3×');
  equal(timesOf(300, 0), '');
  equal(timesOf(300, undefined), '');
});

test('the file has a line a run and quotes what has a comma', () => {
  const lines = comparisonCsv(comparison(run('{name: batch, after: 63}', 1, 100), run('on-demand', 1, 7, { ioctls: { CONTINUE: 2 } }))).split('\r\n');
  equal(lines[0], 'engine,policy,seed,complete,note,elapsedNs,faults,messages,failedIoctls,pages,unusedPages,events,ioctl CONTINUE,ioctl COPY,ioctl WAKE,stallNs v-0,stallNs v-1');
  equal(lines[1], 'simulation,"{name: batch, after: 63}",1,true,,200,4,4,0,4,0,40,0,4,1,100,110');
  equal(lines[2], 'simulation,on-demand,1,true,,14,4,4,0,4,0,40,2,0,0,7,17');
  equal(lines.length, 4);
});

test('a file is named after the scenario', () => {
  equal(exportName('A "small" one', 'csv'), 'a-small-one-handlers.csv');
});
