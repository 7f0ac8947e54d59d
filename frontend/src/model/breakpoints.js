// @ts-check
import { formatHex } from '../base/format.js';
import { isPlaced } from './vocabulary.js';

/**
 * A predicate that stops what runs, and that a person goes on to in what is recorded.
 *
 * @typedef {object} Breakpoint
 * @property {string} query
 * @property {boolean} on
 * @property {boolean} once whether it is off as soon as it has stopped something
 * @property {number | null} spent where it did, while it is off for that
 * @property {number} count hits among the events that were looked at
 * @property {boolean} complete whether every event was looked at
 * @property {number} next the first event that was not looked at
 * @property {number[]} ticks sequence numbers of hits, ascending; of hits closer than can be drawn the first
 * @property {{message: string, position: number | null} | null} error why it is no predicate here
 * @property {number} asked events there were when it was counted last, -1 for never
 */

/** An event and the breakpoints it satisfies. @typedef {{seq: number, queries: string[]}} Stop */

/** What is kept of a breakpoint in a link. @typedef {{query: string, on: boolean, once?: boolean}} BreakpointLink */

/** What a person can have it stop at. @typedef {{when: string, query: string}} Offer */

/** As many as the server watches together. */
export const MOST_BREAKPOINTS = 32;

/** Ticks that are told apart along the scrub bar. */
const PARTS = 4096;

/** @param {BreakpointLink} link @returns {Breakpoint} */
export function breakpointOf({ query, on, once = false }) {
  return { query, on, once, spent: null, count: 0, complete: false, next: 1, ticks: [], error: null, asked: -1 };
}

/**
 * @param {Breakpoint[]} list
 * @param {string} typed
 * @param {boolean} [once]
 * @returns {Breakpoint[]} with it on, at the end where it is new; the same list where there is no room
 */
export function withBreakpoint(list, typed, once = false) {
  const query = typed.trim();
  if (query === '') {
    return list;
  }
  if (list.some((each) => each.query === query)) {
    return list.map((each) => (each.query === query ? { ...each, on: true, once, spent: null } : each));
  }
  return list.length >= MOST_BREAKPOINTS ? list : [...list, breakpointOf({ query, on: true, once })];
}

/**
 * @param {Breakpoint[]} list
 * @param {Stop} stop
 * @returns {Breakpoint[]} with those off that were to stop once and did; the same list where there are none
 */
export function afterStop(list, { seq, queries }) {
  const spends = (/** @type {Breakpoint} */ { query, on, once }) => on && once && queries.includes(query);
  return list.some(spends) ? list.map((each) => (spends(each) ? { ...each, on: false, spent: seq } : each)) : list;
}

/**
 * @param {import('./view-state.js').ViewState} before
 * @param {import('./view-state.js').ViewState} now
 * @returns {Stop | null} where something was stopped in between: the run, or a person who went on by breakpoints
 */
export function newStop(before, now) {
  const { stopped } = now;
  if (stopped && stopped !== before.stopped) {
    return stopped;
  }
  const stop = now.run?.stop ?? null;
  const same = before.run?.id !== now.run?.id || before.run?.stop?.seq === stop?.seq;
  return same ? null : stop;
}

/** @param {Breakpoint[]} list @returns {string[]} those that are on and can be met */
export function enabledQueries(list) {
  return list.filter(({ on, error }) => on && error === null).map(({ query }) => query);
}

/**
 * @param {Breakpoint[]} list
 * @param {BreakpointLink[]} links
 * @returns {Breakpoint[]} those of a link, with what is known of them
 */
export function withBreakpointsOf(list, links) {
  const same = links.length === list.length && links.every(({ query, on, once = false }, i) => list[i].query === query && list[i].on === on && list[i].once === once);
  return same ? list : links.slice(0, MOST_BREAKPOINTS).map((link) => ({ ...(list.find(({ query }) => query === link.query) ?? breakpointOf(link)), on: link.on, once: link.once ?? false }));
}

/**
 * @param {Breakpoint[]} list
 * @param {number} events of the recording by now
 * @returns {Breakpoint | undefined} one of whose hits not all are counted
 */
export function dueToCount(list, events) {
  return list.find(({ next, asked, error }) => (error === null ? asked < 0 || next <= events : asked < events));
}

/**
 * @param {Breakpoint} breakpoint
 * @param {import('./messages.js').HitCountAnswer} answer from its `next` on
 * @param {number} events
 * @returns {Breakpoint}
 */
export function withCount(breakpoint, { count, ticks, complete, next }, events) {
  const part = (/** @type {number} */ seq) => Math.floor((seq * PARTS) / Math.max(1, events));
  const all = [...breakpoint.ticks, ...ticks].filter((seq, i, every) => i === 0 || part(seq) !== part(every[i - 1]));
  return { ...breakpoint, count: breakpoint.count + count, complete, next, ticks: all, error: null, asked: events };
}

/**
 * @param {import('./view-state.js').ViewState} state
 * @returns {string[]} the breakpoints that what is shown was stopped by
 */
export function stoppedBy({ moment, run, stopped }) {
  const at = [run?.stop, stopped].find((stop) => stop && stop.seq === moment?.seq);
  return at?.queries ?? [];
}

/**
 * What can be stopped at, of what is looked at: the page, who waits on it, the chosen thread, the event.
 *
 * @param {import('./view-state.js').ViewState} state
 * @returns {Offer[]} each predicate once
 */
export function offersOf({ meta, moment, page, actor }) {
  if (!meta) {
    return [];
  }
  const event = moment?.event ?? null;
  /** @type {Offer[]} */
  const offers = [];
  if (page) {
    offers.push(whenChanged(meta, page, 'this page'));
    offers.push({ when: 'this page is touched', query: `${placeOf(meta, page)} and kind = touch` });
  }
  const waiting = page ? (moment?.queue.entries ?? []).filter((entry) => entry.region === page.region && entry.page === page.page).map((entry) => entry.actor) : [];
  for (const who of new Set([actor, ...waiting, event?.kind === 'enqueue' || event?.kind === 'touch' ? event.actor : null])) {
    if (who !== null && who !== undefined && meta.actors[who]) {
      offers.push(whenBlocks(meta, who));
    }
  }
  if (event && (event.kind === 'ioctl' || event.kind === 'call')) {
    const ioctl = event.detailText.replace(/^UFFDIO_/, '');
    offers.push({ when: `${ioctl} is ${event.kind === 'call' ? 'called' : 'answered'}`, query: `kind = ${event.kind} and ioctl = ${ioctl.toLowerCase()}` });
    if (event.kind === 'ioctl' && event.errnoName) {
      offers.push({ when: `an ioctl answers ${event.errnoName}`, query: `kind = ioctl and errno = ${event.errnoName}` });
    }
    if (event.kind === 'ioctl') {
      offers.push({ when: 'an ioctl fails', query: 'kind = ioctl and errno != OK' });
    }
  } else if (event) {
    offers.push({ when: `there is another ${event.kind}`, query: `kind = ${event.kind}` });
  }
  return offers.filter(({ query }, i) => offers.findIndex((each) => each.query === query) === i);
}

/**
 * What can be stopped at, of a fault that waits: its thread, its page.
 *
 * @param {import('./messages.js').MetaMessage | null} meta
 * @param {import('./messages.js').QueueEntry | null} entry
 * @returns {Offer[]}
 */
export function offersOfEntry(meta, entry) {
  if (!meta || !entry) {
    return [];
  }
  const { actor, region, page } = entry;
  return [
    ...(actor !== null && meta.actors[actor] ? [whenBlocks(meta, actor)] : []),
    ...(isPlaced(entry) && region !== null ? [whenChanged(meta, { region, page }, `page ${formatHex(page)}`)] : []),
  ];
}

/** @typedef {import('./messages.js').MetaMessage} MetaMessage */

/** @param {MetaMessage} meta @param {number} actor @returns {Offer} */
const whenBlocks = ({ actors }, actor) => ({ when: `${actors[actor].label} blocks`, query: `actor = ${nameOf(actors, actor)} and kind = enqueue` });

/** @param {MetaMessage} meta @param {import('./page-ref.js').PageRef} page @param {string} called @returns {Offer} */
const whenChanged = (meta, page, called) => ({ when: `${called} changes`, query: `${placeOf(meta, page)} and changed = yes` });

/** @param {MetaMessage} meta @param {import('./page-ref.js').PageRef} page */
const placeOf = ({ regions }, { region, page }) => `region = ${nameOf(regions, region)} and page = ${formatHex(page)}`;

/**
 * @param {{name: string}[]} all
 * @param {number} index
 * @returns {string} as a predicate names it; by its number where its name says no more
 */
function nameOf(all, index) {
  const name = all[index]?.name ?? '';
  const clear = name !== '' && !name.includes('"') && all.filter((each) => each.name.toLowerCase() === name.toLowerCase()).length === 1;
  return !clear ? String(index) : /^(?!(?:and|or|not|in|has)$)[a-z_][\w-]*$/i.test(name) ? name : `"${name}"`;
}
