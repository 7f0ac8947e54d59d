// @ts-check
import { withBreakpointsOf } from './breakpoints.js';
import { samePage } from './page-ref.js';
import { isUnderWay } from './run-status.js';
import { isPlaced } from './vocabulary.js';
import { RegionMode } from './vocabulary.generated.js';

/**
 * Everything the page shows, besides the states of pages themselves. Immutable: a change makes a
 * new one, views compare what they draw from by identity.
 */

/** @typedef {import('./deep-link.js').DeepLink} DeepLink */
/** @typedef {import('./lens-registry.js').LensId} LensId */
/** @typedef {import('./deep-link.js').TableId} TableId */
/** @typedef {import('./deep-link.js').SideId} SideId */
/** @typedef {import('./messages.js').MetaMessage} MetaMessage */
/** @typedef {import('./messages.js').MomentMessage} MomentMessage */
/** @typedef {import('./page-ref.js').PageRef} PageRef */
/** @typedef {import('./paint.js').LayerId} LayerId */

/**
 * How the page hangs together with the server. What is shown under `stale` or `ended` is from
 * `sinceMs`, and every view says so.
 *
 * @typedef {object} Connection
 * @property {'connecting' | 'live' | 'stale' | 'ended'} phase
 * @property {number} sinceMs wall clock
 * @property {number | null} retryAtMs when the next attempt starts
 * @property {string | null} reason
 */

/**
 * Something asked of the server.
 *
 * @template T
 * @typedef {{status: 'none', value: null, error: null}
 *   | {status: 'loading', value: T | null, error: null}
 *   | {status: 'ready', value: T, error: null}
 *   | {status: 'failed', value: T | null, error: string}} Loadable
 */

/**
 * The hits of a predicate.
 *
 * @typedef {object} Hits
 * @property {string} query
 * @property {import('./messages.js').EventInfo[]} events
 * @property {boolean} complete whether every event was looked at
 * @property {boolean} searching
 * @property {number} next the first event that was not looked at
 * @property {{message: string, position: number | null} | null} error
 */

/** @typedef {{fromNs: number, toNs: number}} TimeRange */

/**
 * @typedef {object} ViewState
 * @property {Connection} connection
 * @property {import('./messages.js').HelloMessage['recording'] | null} recording
 * @property {MetaMessage | null} meta
 * @property {MomentMessage | null} moment
 * @property {number} conflated moments this viewer was not shown
 * @property {PageRef | null} page the selected page
 * @property {boolean} pinned whether a person chose it; otherwise it follows the event
 * @property {number | null} actor the selected actor
 * @property {LensId} lens
 * @property {LayerId} layer
 * @property {TableId} table
 * @property {SideId} side
 * @property {Hits | null} hits
 * @property {import('./breakpoints.js').Breakpoint[]} breakpoints
 * @property {import('./messages.js').BookmarkInfo[]} bookmarks by moment
 * @property {import('./bookmarks.js').Noting | null} noting the bookmark that is being written
 * @property {import('./breakpoints.js').Stop | null} stopped where a person went on to by breakpoints
 * @property {1 | -1 | null} continuing by breakpoints, until the answer comes
 * @property {boolean} watching whether every change of the selected page is wanted
 * @property {Loadable<import('./messages.js').ChangesAnswer>} changes of the selected page
 * @property {Loadable<import('./messages.js').PageAnswer>} inspected facts of the selected page
 * @property {Loadable<import('./messages.js').KernelAnswer>} kernel the path through the kernel
 * @property {Loadable<import('./messages.js').LanesAnswer>} lanes
 * @property {Loadable<import('./messages.js').ArrowsAnswer>} arrows
 * @property {import('./heatmap.js').HeatmapOf} heatOf what the rows of the heatmap are
 * @property {Loadable<import('./messages.js').HeatmapAnswer>} heat
 * @property {Loadable<import('./messages.js').FaultSums>} totals of the area that is selected
 * @property {Loadable<import('./messages.js').StretchAnswer>} stretch the events between A and B, the ends of that area
 * @property {number | null} mark the time of A while there is no B, in nanoseconds
 * @property {TimeRange | null} range shown in the lanes; null: all
 * @property {number} speed events a second when playing
 * @property {string[]} notes remarks kept with the recording
 * @property {import('./run-status.js').RunStatus | null} run what writes the recording right now
 * @property {import('./hand.js').RunInput[]} inputs what a person did to it here, the newest first
 * @property {number} pagesVersion of the page store that goes with the moment
 */

/** @returns {ViewState} */
export function initialState() {
  return {
    connection: { phase: 'connecting', sinceMs: 0, retryAtMs: null, reason: null },
    recording: null,
    meta: null,
    moment: null,
    conflated: 0,
    page: null,
    pinned: false,
    actor: null,
    lens: 'space',
    layer: 'fault',
    table: 'events',
    side: 'page',
    hits: null,
    breakpoints: [],
    bookmarks: [],
    noting: null,
    stopped: null,
    continuing: null,
    watching: false,
    changes: { status: 'none', value: null, error: null },
    inspected: { status: 'none', value: null, error: null },
    kernel: { status: 'none', value: null, error: null },
    lanes: { status: 'none', value: null, error: null },
    arrows: { status: 'none', value: null, error: null },
    heatOf: 'latency',
    heat: { status: 'none', value: null, error: null },
    totals: { status: 'none', value: null, error: null },
    stretch: { status: 'none', value: null, error: null },
    mark: null,
    range: null,
    speed: 20,
    notes: [],
    run: null,
    inputs: [],
    pagesVersion: 0,
  };
}

/**
 * What a message of the server changes.
 *
 * @param {ViewState} state
 * @param {import('./messages.js').ServerMessage} message
 * @returns {ViewState}
 */
export function reduceMessage(state, message) {
  switch (message.type) {
    case 'hello':
      // Whoever connects anew is told of bookmarks only where there are some.
      return { ...state, recording: message.recording, bookmarks: [] };
    case 'meta':
      return { ...state, meta: message, run: message.complete ? endedRun(state.run) : state.run };
    case 'moment':
      return followEvent({ ...state, moment: message, meta: reaching(state.meta, message.seq, message.timeNs) });
    case 'stats':
      return {
        ...state,
        conflated: message.conflated,
        meta: reaching(state.meta, message.events, message.endNs),
      };
    case 'bookmarks':
      return { ...state, bookmarks: message.bookmarks };
    case 'run':
      return withRun(state, message);
    case 'found':
    case 'error':
      // Answers to something a person asked: shown by whoever asked.
      return state;
  }
}

/**
 * Moments are told before the length of a recording that grows: nothing stands beyond its end.
 *
 * @param {MetaMessage | null} meta
 * @param {number} events
 * @param {number} endNs
 * @returns {MetaMessage | null} the same object where it reaches so far already
 */
function reaching(meta, events, endNs) {
  return meta === null || (meta.events >= events && meta.endNs >= endNs)
    ? meta
    : { ...meta, events: Math.max(meta.events, events), endNs: Math.max(meta.endNs, endNs) };
}

/**
 * A recording that is complete has nothing that writes it, whether or not that was told.
 *
 * @param {ViewState['run']} run
 * @returns {ViewState['run']}
 */
function endedRun(run) {
  return isUnderWay(run) ? { .../** @type {import('./run-status.js').RunStatus} */ (run), phase: 'ended', waiting: [], waitingCount: 0, can: { .../** @type {import('./run-status.js').RunStatus} */ (run).can, advance: [], fork: 'The run is over.' } } : run;
}

/**
 * Answers and messages overtake each other: of one run the newest status stays.
 *
 * @param {ViewState} state
 * @param {import('./run-status.js').RunStatus} run
 * @returns {ViewState}
 */
export function withRun(state, run) {
  return state.run && state.run.id === run.id && state.run.revision > run.revision ? state : { ...state, run };
}

/** What was done longer ago is in the recording; the list of inputs is to be read at a glance. */
const MOST_INPUTS = 100;

/**
 * @param {ViewState} state
 * @param {import('./hand.js').RunInput} input
 * @returns {ViewState}
 */
export function withInput(state, input) {
  return { ...state, inputs: [input, ...state.inputs.slice(0, MOST_INPUTS - 1)] };
}

/**
 * Chooses a page, which then stays chosen; null lets the selection follow the events again.
 *
 * @param {ViewState} state
 * @param {PageRef | null} page
 * @returns {ViewState}
 */
export function selectPage(state, page) {
  return page === null
    ? followEvent({ ...withPage(state, null), pinned: false })
    : { ...withPage(state, page), pinned: true };
}

/**
 * @param {ViewState} state
 * @param {PageRef | null} page
 * @returns {ViewState}
 */
function withPage(state, page) {
  return samePage(state.page, page)
    ? state
    : { ...state, page, inspected: { status: 'none', value: null, error: null }, changes: { status: 'none', value: null, error: null } };
}

/**
 * As long as nobody chose a page, the one that the event is about is selected.
 *
 * @param {ViewState} state
 * @returns {ViewState}
 */
function followEvent(state) {
  if (state.pinned) {
    return state;
  }
  const event = state.moment?.event;
  if (!event) {
    return withPage(state, null);
  }
  return event.region === null || event.pages === 0
    ? state
    : withPage(state, { region: event.region, page: event.page });
}

/**
 * @param {ViewState} state
 * @returns {DeepLink}
 */
export function linkOf(state) {
  return {
    seq: state.moment?.seq ?? null,
    page: state.page,
    actor: state.actor,
    lens: state.lens,
    layer: state.layer,
    table: state.table,
    side: state.side,
    mark: state.mark,
    query: state.hits && !state.hits.error ? state.hits.query : null,
    breakpoints: state.breakpoints.map(({ query, on, once }) => ({ query, on, once })),
  };
}

/**
 * @param {ViewState} state
 * @param {DeepLink} link
 * @returns {ViewState} with everything of the link but the moment, which the server has to go to
 */
export function withLink(state, link) {
  return {
    ...(link.page ? selectPage(state, link.page) : state),
    actor: link.actor,
    lens: link.lens,
    layer: link.layer,
    table: link.table,
    side: link.side,
    mark: link.mark,
    breakpoints: withBreakpointsOf(state.breakpoints, link.breakpoints),
  };
}

/**
 * The entry of the fault queue that waits on a page: the oldest.
 *
 * @param {MomentMessage | null} moment
 * @param {PageRef | null} page
 * @returns {import('./messages.js').QueueEntry | null}
 */
export function waitingOn(moment, page) {
  if (!moment || !page) {
    return null;
  }
  return moment.queue.entries.find((entry) => isPlaced(entry) && samePage(entry, page)) ?? null;
}

/** @param {import('./messages.js').QueueEntry} entry @returns {boolean} */
export function isRead(entry) {
  return entry.phase.toLowerCase() === 'read';
}

/** @param {import('./messages.js').QueueEntry} entry @returns {boolean} whether it waits for the kernel itself */
export function isInKernel(entry) {
  return entry.phase.toLowerCase() === 'kernel';
}

/**
 * How far a fault that waits got.
 *
 * @param {import('./messages.js').QueueEntry} entry
 * @returns {string} `in KVM`, `read` or `pending`
 */
export function phaseInWords(entry) {
  if (isInKernel(entry)) {
    return entry.origin === 'stage2' ? 'in KVM' : 'in the kernel';
  }
  return isRead(entry) ? 'read' : 'pending';
}

/**
 * @param {MetaMessage | null} meta
 * @param {number | null | undefined} index
 * @returns {string} how the narrator calls an actor
 */
export function actorLabel(meta, index) {
  if (index === null || index === undefined) {
    return '';
  }
  return meta?.actors[index]?.label ?? `actor ${index}`;
}

/**
 * @param {MetaMessage | null} meta
 * @param {number | null | undefined} index
 * @returns {string}
 */
export function regionName(meta, index) {
  if (index === null || index === undefined) {
    return '';
  }
  return meta?.regions[index]?.name ?? `region ${index}`;
}

/**
 * @param {import('./messages.js').RegionInfo} region
 * @returns {string} `MINOR`, `MISSING|WP`, or empty
 */
export function modesText(region) {
  const { modes } = region;
  if (Array.isArray(modes)) {
    return modes.map((mode) => mode.toUpperCase()).join('|');
  }
  if (typeof modes === 'string') {
    return modes.toUpperCase();
  }
  return Object.entries(RegionMode).filter(([, bit]) => modes & bit).map(([name]) => name).join('|');
}

/** @param {ViewState} state @returns {string} the predicate that narrows what is shown, empty for none */
export function shownQuery({ hits }) {
  return hits && !hits.error ? hits.query : '';
}
