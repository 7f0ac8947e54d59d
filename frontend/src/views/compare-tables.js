// @ts-check
import { formatCount, formatDuration, formatExactNs } from '../base/format.js';
import { timesOf } from '../model/comparison.js';
import { el } from './dom.js';
import { createKey } from './series.js';

/** @typedef {import('../model/comparison.js').Comparison} Comparison */
/** @typedef {import('../model/comparison.js').Summary} Summary */
/** @typedef {import('./series.js').Series} Series */

/** Head, what it means, and what stands in a row. @typedef {[head: string, title: string, cell: (of: Summary) => string, exact?: (of: Summary) => string]} Column */

/** What it can be held against, and what not. */
const ORACLE = 'The oracle is one of accesses, not of costs: it moves no page in vain, and what moves more in fewer calls can be quicker. The bound is all-resident.';

/**
 * A row a policy.
 *
 * @param {Comparison} comparison
 * @param {Summary[]} all
 * @param {Map<string, Series>} series
 */
export function createPolicyTable(comparison, all, series) {
  const [oracle, resident] = ['oracle', 'all-resident'].map((name) => all.find(({ policy, engine }) => policy === name && engine === 'simulation')?.elapsedNs);
  const time = (/** @type {number | null} */ ns) => (ns === null ? 'never' : formatDuration(ns));
  /** @type {Column[]} */
  const columns = [
    ...(comparison.engines.length > 1 ? [/** @type {Column} */ (['on', 'Simulated kernel, or the one of this machine', (of) => (of.engine === 'live' ? 'real' : 'simulated')])] : []),
    ['elapsed', 'Time from start to end', (of) => time(of.elapsedNs), (of) => formatExactNs(of.elapsedNs)],
    ...(oracle === undefined ? [] : [/** @type {Column} */ (['vs oracle', 'Elapsed, as a multiple of what knowing every access takes; below 1× where more was moved in fewer calls', (of) => timesOf(of.elapsedNs, oracle)])]),
    ...(resident === undefined ? [] : [/** @type {Column} */ (['vs all-resident', 'Elapsed, as a multiple of what it takes without any fault: the bound', (of) => timesOf(of.elapsedNs, resident)])]),
    ['stall', 'Time waited for faults, all threads and vCPUs together', (of) => time(of.stallNs), (of) => formatExactNs(of.stallNs)],
    ['longest stall', 'Of the thread or vCPU that waited most', (of) => time(of.worstStallNs), (of) => formatExactNs(of.worstStallNs)],
    ['faults', 'Messages of every kind, and exits for faults', (of) => formatCount(of.faults)],
    ['ioctls', 'Calls of every kind, failed ones too', (of) => formatCount(of.ioctls)],
    ['failed', 'Calls that failed', (of) => formatCount(of.failedIoctls)],
    ['unused', 'Pages that are mapped at the end, and no workload got to', (of) => (of.engine === 'live' ? '–' : formatCount(of.unusedPages))],
    ['½ of the pages', 'When a workload had got to half of the pages', (of) => (of.engine === 'live' ? '–' : time(of.halfNs))],
    ['all pages', 'When a workload had got to the last page', (of) => (of.engine === 'live' ? '–' : time(of.allNs))],
  ];
  return el(
    'div',
    { class: 'fs-compare__scroll', tabindex: 0, role: 'region', 'aria-label': 'What each policy came to' },
    el(
      'table',
      { class: 'fs-table fs-compare__table' },
      el('thead', {}, el('tr', {}, el('th', { scope: 'col', text: 'policy' }), ...columns.map(([head, title]) => el('th', { scope: 'col', title, text: head })))),
      el('tbody', {}, ...all.map((of) => el(
        'tr',
        { 'data-policy': of.policy, 'data-engine': of.engine },
        el('th', { scope: 'row' }, series.has(of.policy) ? createKey(/** @type {Series} */ (series.get(of.policy))) : null, el('span', { text: of.policy }), ...of.notes.map((note) => el('span', { class: 'fs-compare__note', text: note }))),
        ...columns.map(([, , cell, exact]) => el('td', { class: 'fs-number', title: exact?.(of), text: cell(of) })),
      ))),
    ),
    oracle === undefined ? null : el('p', { class: 'fs-quiet', text: ORACLE }),
    comparison.seeds.length > 1 ? el('p', { class: 'fs-quiet', text: `Medians of the seeds ${comparison.seeds.join(', ')}; the files have every run.` }) : null,
  );
}

/**
 * Real figures as multiples of the simulated ones; of the first seed.
 *
 * @param {Comparison} comparison
 * @param {ReturnType<typeof import('../model/comparison.js').ratioRows>} rows
 */
export function createRatioTable({ workers, seeds }, rows) {
  const heads = ['faults', 'ioctls', 'elapsed', ...workers.map((name) => `stall of ${name}`)];
  return el(
    'div',
    { class: 'fs-compare__scroll', tabindex: 0, role: 'region', 'aria-label': 'Real as multiples of simulated' },
    el(
      'table',
      { class: 'fs-table fs-compare__table fs-compare__ratios' },
      el('caption', { text: `Real as multiples of simulated${seeds.length > 1 ? `, seed ${seeds[0]}` : ''}` }),
      el('thead', {}, el('tr', {}, ...['policy', ...heads].map((text) => el('th', { scope: 'col', text })))),
      el('tbody', {}, ...rows.map(({ policy, cells }) => el('tr', { 'data-ratio': policy }, el('th', { scope: 'row', text: policy }), ...cells.map((text) => el('td', { class: 'fs-number', text }))))),
    ),
  );
}

/**
 * A row a worker, a column a policy; of the first seed.
 *
 * @param {Comparison} comparison
 * @param {Summary[]} all
 */
export function createStallTable({ workers, seeds }, all) {
  return el(
    'details',
    { class: 'fs-compare__stalls' },
    el('summary', { text: `Stall time of each thread and vCPU as numbers${seeds.length > 1 ? `, seed ${seeds[0]}` : ''}` }),
    el(
      'div',
      { class: 'fs-compare__scroll', tabindex: 0, role: 'region', 'aria-label': 'Stall time of each thread and vCPU' },
      el(
        'table',
        { class: 'fs-table fs-compare__table' },
        el('thead', {}, el('tr', {}, el('th', { scope: 'col', text: 'who' }), ...all.map(({ policy }) => el('th', { scope: 'col', text: policy })))),
        el('tbody', {}, ...workers.map((name) => el(
          'tr',
          {},
          el('th', { scope: 'row', text: name }),
          ...all.map(({ runs }) => el('td', { class: 'fs-number', title: formatExactNs(runs[0].stallNs[name] ?? 0), text: formatDuration(runs[0].stallNs[name] ?? 0) })),
        ))),
      ),
    ),
  );
}
