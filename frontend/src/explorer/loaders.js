// @ts-check
import { dueToCount, withCount } from '../model/breakpoints.js';
import { areaOf, withoutArea } from '../model/fault-filter.js';
import { shownQuery } from '../model/view-state.js';
import { ApiError } from '../stream/api.js';

/** @typedef {import('../model/view-state.js').ViewState} ViewState */
/** @typedef {import('../stream/api.js').RecordingApi} RecordingApi */

/** A person who holds a key down asks for many moments; facts are fetched where they rest. */
const REST_MS = 60;

/** Hits that are kept; a search that finds more says so. */
const MOST_HITS = 5000;
const HITS_A_TIME = 1000;

/** Between two questions that nothing can be said to yet. */
const UNREADY_MS = 250;

/** @param {unknown} error @returns {boolean} */
function isAbort(error) {
  return error instanceof DOMException && error.name === 'AbortError';
}

/** @param {unknown} error @returns {string} */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Runs the last of many requests, after a rest; a later one takes back an earlier one.
 *
 * @template A
 * @param {(argument: A, signal: AbortSignal) => Promise<void>} run
 * @param {number} restMs
 * @returns {(argument: A) => void}
 */
export function lastOf(run, restMs) {
  let timer = 0;
  /** @type {AbortController | null} */
  let running = null;
  return (argument) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      running?.abort();
      running = new AbortController();
      run(argument, running.signal).catch((error) => {
        if (!isAbort(error)) {
          throw error;
        }
      });
    }, restMs);
  };
}

/**
 * What is asked for beside the stream: facts of a page, lanes, hits.
 *
 * @param {RecordingApi} api
 * @param {() => ViewState} get
 * @param {(patch: Partial<ViewState>) => void} patch
 */
export function createLoaders(api, get, patch) {
  /**
   * @template {'inspected' | 'kernel' | 'lanes' | 'arrows' | 'changes' | 'heat' | 'totals' | 'stretch'} K
   * @param {K} key
   * @param {Promise<any>} answer
   * @param {() => boolean} wanted whether the answer is still to the point
   */
  const load = async (key, answer, wanted) => {
    patch(/** @type {Partial<ViewState>} */ ({ [key]: { status: 'loading', value: get()[key].value, error: null } }));
    try {
      const value = await answer;
      if (wanted()) {
        patch(/** @type {Partial<ViewState>} */ ({ [key]: { status: 'ready', value, error: null } }));
      }
    } catch (error) {
      if (isAbort(error)) {
        throw error;
      }
      patch(/** @type {Partial<ViewState>} */ ({ [key]: { status: 'failed', value: get()[key].value, error: messageOf(error) } }));
    }
  };

  const inspect = lastOf(async (/** @type {void} */ _, signal) => {
    const { page, moment } = get();
    if (page && moment) {
      const wanted = () => get().page === page;
      await load('inspected', api.page(page, moment.seq, signal), wanted);
    }
  }, REST_MS);

  const kernel = lastOf(async (/** @type {void} */ _, signal) => {
    const { moment } = get();
    if (moment) {
      await load('kernel', api.kernel(moment.seq, signal), () => get().moment?.seq === moment.seq);
    }
  }, REST_MS);

  const lanes = lastOf(async (/** @type {number} */ pixels, signal) => {
    const { range, meta } = get();
    const from = range?.fromNs ?? 0;
    const to = range?.toNs ?? meta?.endNs ?? 0;
    if (meta && to > from) {
      await load('lanes', api.lanes(from, to, pixels, signal), () => true);
    }
  }, REST_MS);

  const arrows = lastOf(async (/** @type {{limit: number, about: number}} */ { limit, about }, signal) => {
    if (get().meta) {
      await load('arrows', api.arrows({ ...windowShown(), limit, about }, signal), () => true);
    }
  }, REST_MS);

  /** What the lanes show; the last event is in it. */
  function windowShown() {
    const { range, meta } = get();
    const fromNs = Math.floor(range?.fromNs ?? 0);
    return { fromNs, toNs: Math.max(fromNs + 1, Math.ceil(range?.toNs ?? (meta?.endNs ?? 0) + 1)) };
  }

  const heat = lastOf(async (/** @type {{columns: number, rows: number}} */ size, signal) => {
    const { meta, heatOf } = get();
    if (meta) {
      const where = withoutArea(shownQuery(get()));
      await load('heat', api.heatmap({ of: heatOf, where, ...windowShown(), ...size }, signal), () => get().heatOf === heatOf);
    }
  }, REST_MS);

  const totals = lastOf(async (/** @type {void} */ _) => {
    const query = shownQuery(get());
    const area = areaOf(query);
    if (area) {
      const wanted = () => shownQuery(get()) === query;
      await Promise.all([
        load('totals', api.faultSums(query, 'ioctl'), wanted),
        load('stretch', api.stretch(area.fromNs, area.toNs), wanted),
      ]);
    }
  }, REST_MS);

  let looking = false;
  const look = lastOf(async (/** @type {import('../model/view-state.js').Hits} */ known, signal) => {
    const { query } = known;
    let { events, next } = known;
    try {
      while (looking) {
        const answer = await api.search(query, next, HITS_A_TIME, signal);
        const complete = answer.complete || answer.next === null;
        const stuck = answer.next !== null && answer.next <= next;
        events = events.concat(answer.hits);
        next = answer.next ?? next + answer.scanned;
        // Whoever cleared it does not want it back.
        looking = !complete && !stuck && events.length < MOST_HITS && get().hits?.query === query;
        if (get().hits?.query === query) {
          patch({ hits: { query, events, complete, searching: looking, next, error: null } });
        }
      }
    } catch (error) {
      if (isAbort(error)) {
        throw error;
      }
      looking = false;
      const position = error instanceof ApiError ? error.position : null;
      patch({ hits: { query, events: [], complete: false, searching: false, next: 1, error: { message: messageOf(error), position } } });
    }
  }, 0);

  /** @param {string} query */
  function search(query) {
    const begun = { query, events: [], complete: false, searching: true, next: 1, error: null };
    looking = true;
    patch({ hits: begun });
    look(begun);
  }

  /** What came to the recording since it was searched to its end: a hit that was just recorded is one. */
  function searchOn() {
    const { hits, meta } = get();
    if (!looking && hits && hits.complete && meta && meta.events >= hits.next) {
      looking = true;
      look(hits);
    }
  }

  let counting = false;
  /** Counts what is not counted yet of the breakpoints' hits, one question after the other. */
  async function countHits() {
    const events = () => get().meta?.events ?? 0;
    if (counting) {
      return;
    }
    counting = true;
    for (;;) {
      const due = get().meta && dueToCount(get().breakpoints, events());
      if (!due) {
        break;
      }
      const { query } = due;
      const asked = events();
      const become = (/** @type {(known: import('../model/breakpoints.js').Breakpoint) => import('../model/breakpoints.js').Breakpoint} */ how) =>
        patch({ breakpoints: get().breakpoints.map((each) => (each.query === query ? how(each) : each)) });
      try {
        const answer = await api.hits(query, due.next);
        // One that was removed and added again meanwhile begins anew.
        become((known) => (known.next === due.next ? withCount(known, answer, asked) : known));
        if (answer.scanned === 0) {
          // Told of events sooner than they can be asked for: nothing new comes at once.
          await new Promise((rested) => window.setTimeout(rested, UNREADY_MS));
        }
      } catch (error) {
        const position = error instanceof ApiError ? error.position : null;
        become((known) => ({ ...known, error: { message: messageOf(error), position }, asked }));
      }
    }
    counting = false;
  }

  const changes = lastOf(async (/** @type {boolean} */ anew, signal) => {
    const { page, changes: known } = get();
    if (page) {
      const before = anew ? null : known.value;
      const answer = api.changes(page, before?.next ?? 1, signal).then((more) => ({ ...more, changes: [...(before?.changes ?? []), ...more.changes] }));
      await load('changes', answer, () => get().page === page);
    }
  }, REST_MS);

  return { arrows, changes, countHits: () => void countHits(), heat, inspect: () => inspect(), kernel: () => kernel(), lanes, search, searchOn, totals: () => totals() };
}
