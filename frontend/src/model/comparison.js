// @ts-check
import { formatDuration, plural, threeDigits } from '../base/format.js';
import { FieldError, settingsOf } from './run-request.js';

/**
 * Several policies on one scenario; docs/wire-protocol.md.
 *
 * @typedef {object} Comparison
 * @property {string} id
 * @property {string} title the scenario's
 * @property {'WAITING' | 'RUNNING' | 'DONE' | 'CANCELLED' | 'FAILED'} state
 * @property {string} message
 * @property {number} done runs
 * @property {number} total
 * @property {string | null} current policy
 * @property {number} currentEvents
 * @property {string[]} policies
 * @property {number[]} seeds
 * @property {string[]} engines where each policy runs
 * @property {string[]} workers names
 * @property {Measured[]} runs
 * @property {Ratio[]} ratios
 */

/**
 * A real run as multiples of the simulated one; null where the simulated figure is zero.
 *
 * @typedef {object} Ratio
 * @property {string} policy
 * @property {number} seed
 * @property {number | null} faults
 * @property {number | null} ioctls
 * @property {number | null} elapsed
 * @property {Record<string, number | null>} stall by worker
 */

/**
 * What one run came to. Times are in nanoseconds, simulated or real.
 *
 * @typedef {object} Measured
 * @property {'simulation' | 'live'} engine
 * @property {string} policy
 * @property {number} seed
 * @property {boolean} complete
 * @property {string} note why not
 * @property {number} elapsedNs
 * @property {Record<string, number>} stallNs by worker
 * @property {number} faults
 * @property {number} messages
 * @property {Record<string, number>} ioctls
 * @property {number} failedIoctls
 * @property {number} pages that a workload got to
 * @property {number} unusedPages
 * @property {number} events
 * @property {{n: number, ns: number}[]} curve
 */

/** @typedef {{name: string, about: string, settings: {name: string, otherwise: number, about: string}[]}} PolicyChoice */
/** @typedef {{text: string, policies: string[], seeds: number[], engines: string[], set: Record<string, string>}} ComparisonRequest */

/** Fields as they were filled in. @typedef {{chosen: string[], more: string, seed: string, set: string, engines: string[]}} ComparisonFields */

/** What everything else is measured against. */
export const BASELINES = ['oracle', 'all-resident'];

/** Shown first to who has chosen nothing yet: ways that are really taken. */
export const USUAL_POLICIES = ['on-demand', 'batch', 'prefault', 'working-set', 'fault-all'];

const MOST_SEEDS = 8;
const MOST_POLICIES = 16;

/**
 * @param {string} text of the scenario
 * @param {ComparisonFields} fields
 * @returns {ComparisonRequest}
 * @throws {FieldError}
 */
export function comparisonOf(text, { chosen, more, seed, set, engines }) {
  const policies = [...new Set([...chosen, ...more.split('\n').map((line) => line.trim()).filter((line) => line !== '')])];
  if (policies.length === 0 || policies.length > MOST_POLICIES) {
    throw new FieldError('policy', policies.length === 0 ? 'Choose a policy to compare.' : `${policies.length} policies are chosen; ${MOST_POLICIES} at most.`);
  }
  const words = seed.split(/[\s,]+/).filter((word) => word !== '');
  if (words.length > MOST_SEEDS || words.some((word) => !/^\d+$/.test(word) || Number(word) > Number.MAX_SAFE_INTEGER)) {
    throw new FieldError('seed', `Seeds are whole numbers from 0 on, set apart by commas, ${MOST_SEEDS} at most.`);
  }
  return { text, policies, seeds: words.map(Number), engines, set: settingsOf(set) };
}

/** @param {Comparison} comparison */
export function isOver({ state }) {
  return state !== 'WAITING' && state !== 'RUNNING';
}

/** @param {Comparison} comparison @returns {string} */
export function progressInWords({ state, message, done, total, current, currentEvents }) {
  switch (state) {
    case 'WAITING':
      return 'Another comparison runs: this one waits for its turn.';
    case 'RUNNING':
      return `Run ${Math.min(done + 1, total)} of ${total}${current === null ? '' : `: ${current}, ${plural(currentEvents, 'event')}`}`;
    case 'DONE':
      return plural(total, 'run');
    case 'CANCELLED':
      return message || 'Cancelled.';
    case 'FAILED':
      return message;
  }
}

/**
 * What the runs of one policy on one engine came to: medians over its seeds.
 *
 * @typedef {object} Summary
 * @property {string} policy
 * @property {'simulation' | 'live'} engine
 * @property {Measured[]} runs
 * @property {number} elapsedNs
 * @property {number} stallNs of all workers together
 * @property {number} worstStallNs of the worker that waited longest
 * @property {number} faults
 * @property {number} ioctls
 * @property {number} failedIoctls
 * @property {number} unusedPages
 * @property {number | null} halfNs when half of the pages were there, null if never
 * @property {number | null} allNs when all were
 * @property {string[]} notes why runs are not complete
 */

/** @param {number[]} values at least one @returns {number} the lower of two in the middle */
export function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
}

/** @param {Measured} run */
export const totalStall = ({ stallNs }) => Object.values(stallNs).reduce((sum, ns) => sum + ns, 0);

/** @param {Measured} run */
const worstStall = ({ stallNs }) => Math.max(0, ...Object.values(stallNs));

/** @param {Measured} run */
const ioctlCount = ({ ioctls }) => Object.values(ioctls).reduce((sum, count) => sum + count, 0);

/**
 * When the n-th page was there.
 *
 * @param {Measured} run
 * @param {number} n
 * @returns {number | null} null if it never was; in between two points the later one
 */
export function timeOfPage({ curve }, n) {
  return curve.find((point) => point.n >= n)?.ns ?? null;
}

/** @param {Measured} run @param {number} ns @returns {number} pages that were there by then */
export function pagesAt({ curve }, ns) {
  return curve.findLast((point) => point.ns <= ns)?.n ?? 0;
}

/** @param {Comparison} comparison @returns {Summary[]} in the order the policies were asked for, simulated before real */
export function summaries({ policies, runs }) {
  const pages = Math.max(0, ...runs.map((run) => run.pages));
  return policies.flatMap((policy) => /** @type {const} */ (['simulation', 'live']).flatMap((engine) => {
    const own = runs.filter((run) => run.policy === policy && run.engine === engine);
    if (own.length === 0) {
      return [];
    }
    const of = (/** @type {(run: Measured) => number} */ read) => median(own.map(read));
    const when = (/** @type {number} */ n) => {
      const times = own.map((run) => timeOfPage(run, n)).filter((ns) => ns !== null);
      return times.length === own.length && pages > 0 ? median(times) : null;
    };
    return [{
      policy,
      engine,
      runs: own,
      elapsedNs: of((run) => run.elapsedNs),
      stallNs: of(totalStall),
      worstStallNs: of(worstStall),
      faults: of((run) => run.faults),
      ioctls: of(ioctlCount),
      failedIoctls: of((run) => run.failedIoctls),
      unusedPages: of((run) => run.unusedPages),
      halfNs: when(Math.ceil(pages / 2)),
      allNs: when(pages),
      notes: [...new Set(own.map(({ note }) => note).filter((note) => note !== ''))],
    }];
  }));
}

/**
 * A time as a multiple of a baseline's.
 *
 * @param {number} ns
 * @param {number | undefined} baseNs
 * @returns {string} empty where there is no baseline to divide by
 */
export function timesOf(ns, baseNs) {
  return baseNs === undefined || baseNs === 0 ? '' : `${threeDigits(ns / baseNs)}×`;
}

/**
 * How many times the simulated figure each real one is: of the first seed.
 *
 * @param {Comparison} comparison
 * @returns {{policy: string, cells: string[]}[]} a row a policy: faults, ioctls, elapsed, then each worker's stall
 */
export function ratioRows({ ratios, seeds, workers }) {
  const times = (/** @type {number | null | undefined} */ ratio) => (ratio === null || ratio === undefined ? '–' : `${threeDigits(ratio)}×`);
  return ratios.filter(({ seed }) => seed === seeds[0]).map((ratio) => ({
    policy: ratio.policy,
    cells: [ratio.faults, ratio.ioctls, ratio.elapsed, ...workers.map((name) => ratio.stall[name])].map(times),
  }));
}

/** @param {Comparison} comparison @returns {Comparison} with the simulated runs alone, or the real ones where there are no others */
export function oneEngine(comparison) {
  const [engine] = comparison.engines;
  return { ...comparison, runs: comparison.runs.filter((run) => run.engine === engine) };
}

/** @param {Comparison} comparison @param {Summary[]} all @returns {string} what there is to see, in one sentence */
export function resultInWords({ seeds, workers }, all) {
  const real = all.filter(({ policy, notes }) => !BASELINES.includes(policy) && notes.length === 0);
  if (real.length < 2) {
    return '';
  }
  const [best, worst] = [real.reduce((a, b) => (b.stallNs < a.stallNs ? b : a)), real.reduce((a, b) => (b.stallNs > a.stallNs ? b : a))];
  const who = workers.length === 1 ? workers[0] : `${workers.length} threads and vCPUs together`;
  const over = seeds.length > 1 ? ` (medians of ${seeds.length} seeds)` : '';
  return best.stallNs === worst.stallNs
    ? `Under every policy ${who} waited for ${formatDuration(best.stallNs)}${over}.`
    : `Under ${best.policy} ${who} waited least, ${formatDuration(best.stallNs)}; under ${worst.policy} longest, ${formatDuration(worst.stallNs)}${over}.`;
}

/** Columns of the file beside the stalls, which have one a worker. */
const COLUMNS = /** @type {const} */ (['engine', 'policy', 'seed', 'complete', 'note', 'elapsedNs', 'faults', 'messages', 'failedIoctls', 'pages', 'unusedPages', 'events']);

/**
 * One line a run, RFC 4180.
 *
 * @param {Comparison} comparison
 * @returns {string}
 */
export function comparisonCsv({ runs, workers }) {
  const kinds = [...new Set(runs.flatMap(({ ioctls }) => Object.keys(ioctls)))].sort();
  const head = [...COLUMNS, ...kinds.map((kind) => `ioctl ${kind}`), ...workers.map((name) => `stallNs ${name}`)];
  const lines = runs.map((run) => [
    ...COLUMNS.map((column) => run[column]),
    ...kinds.map((kind) => run.ioctls[kind] ?? 0),
    ...workers.map((name) => run.stallNs[name] ?? 0),
  ]);
  return `${[head, ...lines].map((line) => line.map(csvField).join(',')).join('\r\n')}\r\n`;
}

/** @param {string | number | boolean} value */
function csvField(value) {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** @param {string} title @param {string} ending @returns {string} */
export function exportName(title, ending) {
  const name = title.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 60);
  return `${name || 'comparison'}-handlers.${ending}`;
}
