// @ts-check
import { decodeFrame } from '../model/frames.js';

/** An answer that is an error: what happened and, for a query or a scenario, where. */
export class ApiError extends Error {
  /**
   * @param {number} status 0 where no answer came
   * @param {string} message
   * @param {number | null} position in a query
   * @param {{line: number, column: number} | null} [place] in a scenario
   */
  constructor(status, message, position, place = null) {
    super(message);
    this.status = status;
    this.position = position;
    this.place = place;
  }
}

let looksOn = false;

/** From now on nothing is changed from here, whatever asks for it: the page is a frame in one of somebody else. */
export function onlyLookOn() {
  looksOn = true;
}

/**
 * @param {string} path
 * @param {RequestInit} [init]
 * @returns {Promise<Response>}
 * @throws {ApiError}
 */
export async function ask(path, init) {
  if (looksOn && (init?.method ?? 'GET') !== 'GET') {
    throw new ApiError(0, 'From here it is only looked at: open it in Faultscope.', null);
  }
  /** @type {Response} */
  let response;
  try {
    response = await fetch(path, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') {
      throw error;
    }
    throw new ApiError(0, 'Faultscope does not answer. Is it still running?', null);
  }
  if (!response.ok) {
    throw problem(response.status, await response.text());
  }
  return response;
}

/**
 * Sends a value and reads the answer.
 *
 * @param {string} path
 * @param {unknown} body
 * @returns {Promise<any>}
 * @throws {ApiError}
 */
export const post = async (path, body) =>
  (await ask(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })).json();

/**
 * @param {number} status
 * @param {string} body RFC 9457 problem details, or anything else
 * @returns {ApiError}
 */
export function problem(status, body) {
  try {
    const details = JSON.parse(body);
    const position = typeof details.position === 'number' ? details.position : null;
    const place = typeof details.line === 'number' ? { line: details.line, column: details.column ?? 1 } : null;
    return new ApiError(status, details.detail ?? details.title ?? `HTTP ${status}`, position, place);
  } catch {
    return new ApiError(status, `The server answered with status ${status}.`, null);
  }
}

/** @param {Record<string, string | number>} fields @returns {string} */
export function query(fields) {
  return new URLSearchParams(
    Object.entries(fields).map(([key, value]) => [key, String(value)]),
  ).toString();
}

/** @returns {Promise<{name: string, text: string}[]>} the forms that recordings can be saved in */
export const listExports = async () => (await ask('/api/exports')).json();

/** @returns {Promise<import('../model/messages.js').RecordingInfo[]>} */
export async function listRecordings() {
  return (await ask('/api/recordings')).json();
}

/** @param {string} id */
export async function forgetRecording(id) {
  await ask(`/api/recordings/${encodeURIComponent(id)}`, { method: 'DELETE' });
}

/** @param {string} id */
export async function cancelImport(id) {
  await ask(`/api/recordings/${encodeURIComponent(id)}/import`, { method: 'DELETE' });
}

/** What one recording answers. */
export class RecordingApi {
  /** @param {string} id */
  constructor(id) {
    this.base = `/api/recordings/${encodeURIComponent(id)}`;
  }

  /** @returns {Promise<Record<string, unknown>>} meta and statistics */
  async info() {
    return (await ask(this.base)).json();
  }

  /** @returns {Promise<string[]>} remarks kept with the recording */
  async notes() {
    const { noteTexts } = await this.info();
    return Array.isArray(noteTexts) ? noteTexts.map(String) : [];
  }

  /**
   * @param {number} from
   * @param {number} count at most 4,096
   * @param {AbortSignal} [signal]
   * @returns {Promise<import('../model/frames.js').EventRecord[]>}
   */
  async events(from, count, signal) {
    const answer = await ask(`${this.base}/events?${query({ from, count })}`, { signal });
    const frame = decodeFrame(await answer.arrayBuffer());
    return frame.type === 'EVENTS' ? frame.events : [];
  }

  /**
   * @param {string} text predicate
   * @param {number} from
   * @param {number} limit at most 1,000
   * @param {AbortSignal} [signal]
   * @returns {Promise<import('../model/messages.js').SearchAnswer>}
   */
  async search(text, from, limit, signal) {
    const fields = query({ query: text, from, direction: 1, limit });
    return (await ask(`${this.base}/search?${fields}`, { signal })).json();
  }

  /**
   * @param {string} text predicate
   * @param {number} from
   * @param {AbortSignal} [signal]
   * @returns {Promise<import('../model/messages.js').HitCountAnswer>}
   */
  async hits(text, from, signal) {
    return (await ask(`${this.base}/hits?${query({ query: text, from })}`, { signal })).json();
  }

  /**
   * @param {import('../model/page-ref.js').PageRef} page
   * @param {number} from
   * @param {AbortSignal} [signal]
   * @returns {Promise<import('../model/messages.js').ChangesAnswer>} what changed it, at most 200
   */
  async changes({ region, page }, from, signal) {
    return (await ask(`${this.base}/changes?${query({ region, page, from })}`, { signal })).json();
  }

  /**
   * @param {number} from an event
   * @returns {Promise<import('../model/messages.js').FirstTouchesAnswer>} pages first touched from there on
   */
  async firstTouches(from) {
    return (await ask(`${this.base}/first-touches?${query({ from })}`)).json();
  }

  /** @param {number} seq the moment @returns {Promise<import('../model/messages.js').ContentsAnswer>} what all pages hold */
  async contents(seq) {
    return (await ask(`${this.base}/contents?${query({ seq })}`)).json();
  }

  /**
   * @param {number} from the first event
   * @param {number} to the last one
   * @returns {Promise<import('../model/messages.js').LastEventsAnswer>} which of them were the last for each page
   */
  async lastEvents(from, to) {
    return (await ask(`${this.base}/last-events?${query({ from, to })}`)).json();
  }

  /**
   * @param {import('../model/page-ref.js').PageRef} page
   * @param {number} seq
   * @param {AbortSignal} [signal]
   * @returns {Promise<import('../model/messages.js').PageAnswer>}
   */
  async page({ region, page }, seq, signal) {
    return (await ask(`${this.base}/page?${query({ region, page, seq })}`, { signal })).json();
  }

  /**
   * @param {number} seq
   * @param {AbortSignal} [signal]
   * @returns {Promise<import('../model/messages.js').KernelAnswer>} the path through the kernel
   */
  async kernel(seq, signal) {
    return (await ask(`${this.base}/kernel?${query({ seq })}`, { signal })).json();
  }

  /**
   * @param {import('../model/fault-story.js').StoryQuestion} question
   * @returns {Promise<import('../model/messages.js').ToldStory>} the fault that it belongs to
   */
  async why(question) {
    return (await ask(`${this.base}/why?${query({ ...question })}`)).json();
  }

  /**
   * @param {number} seq
   * @returns {Promise<import('../model/messages.js').ToldEvent[]>} events whose cause this one is
   */
  async effects(seq) {
    return (await ask(`${this.base}/effects?${query({ seq })}`)).json();
  }

  /**
   * @param {number} fromNs
   * @param {number} toNs
   * @param {number} px
   * @param {AbortSignal} [signal]
   * @returns {Promise<import('../model/messages.js').LanesAnswer>}
   */
  async lanes(fromNs, toNs, px, signal) {
    const fields = query({ fromNs: Math.floor(fromNs), toNs: Math.ceil(toNs), px });
    return (await ask(`${this.base}/lanes?${fields}`, { signal })).json();
  }

  /**
   * @param {number} from a sequence number
   * @param {number} limit at most 1,000
   * @param {AbortSignal} [signal]
   * @returns {Promise<import('../model/messages.js').FaultRow[]>} stalls that begin there or later
   */
  async faults(from, limit, signal) {
    return (await ask(`${this.base}/faults?${query({ from, limit })}`, { signal })).json();
  }

  /**
   * @param {string} sort see FaultOrder in docs/wire-protocol.md
   * @param {string} where a predicate, empty for all
   * @param {number} skip so many before those wanted
   * @param {number} limit at most 1,000
   * @returns {Promise<import('../model/messages.js').FaultRow[]>} the first of all stalls
   */
  async sortedFaults(sort, where, skip, limit) {
    return (await ask(`${this.base}/faults?${query({ sort, where, skip, limit })}`, {})).json();
  }

  /**
   * @param {string} where a predicate, empty for all
   * @param {string} group what they are put together by, see FaultGrouping
   * @returns {Promise<import('../model/messages.js').FaultSums>} what all stalls add up to
   */
  async faultSums(where, group) {
    return (await ask(`${this.base}/faults/sums?${query({ where, group })}`, {})).json();
  }

  /** @returns {Promise<import('../model/messages.js').KernelTotals>} what the statistics say of faults that meet no userfaultfd */
  async kernelTotals() {
    return (await ask(`${this.base}/faults/totals`, {})).json();
  }

  /**
   * @param {number} fromNs
   * @param {number} toNs
   * @returns {Promise<import('../model/messages.js').StretchAnswer>} the events in it
   */
  async stretch(fromNs, toNs) {
    return (await ask(`${this.base}/stretch?${query({ fromNs, toNs })}`)).json();
  }

  /**
   * @param {{fromNs: number, toNs: number, limit: number, about: number}} question `about` an event, 0 for none
   * @param {AbortSignal} [signal]
   * @returns {Promise<import('../model/messages.js').ArrowsAnswer>}
   */
  async arrows(question, signal) {
    return (await ask(`${this.base}/faults/arrows?${query({ ...question })}`, { signal })).json();
  }

  /**
   * @param {import('../model/heatmap.js').HeatmapQuestion} question
   * @param {AbortSignal} [signal]
   * @returns {Promise<import('../model/messages.js').HeatmapAnswer>}
   */
  async heatmap(question, signal) {
    return (await ask(`${this.base}/faults/heatmap?${query({ ...question })}`, { signal })).json();
  }

  /**
   * Sets regions by hand and imports again.
   *
   * @param {string[]} regions each as `0xBASE+SIZE=NAME[@0xGPA]`
   */
  async setRegions(regions) {
    await ask(`${this.base}/regions`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ regions }),
    });
  }

  /**
   * Adds a bookmark, or has another take its place.
   *
   * @param {number | null} number null for a new one
   * @param {{seq: number, region: number | null, page: number | null, text: string}} bookmark
   */
  async keepBookmark(number, bookmark) {
    await ask(`${this.base}/bookmarks${number === null ? '' : `/${number}`}`, {
      method: number === null ? 'POST' : 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(bookmark),
    });
  }

  /** @param {number} number */
  async deleteBookmark(number) {
    await ask(`${this.base}/bookmarks/${number}`, { method: 'DELETE' });
  }

  /** @param {string} form @returns {string} where the recording can be fetched in that form */
  exportUrl(form) {
    return `${this.base}/export?${query({ format: form })}`;
  }
}
