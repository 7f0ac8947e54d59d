// @ts-check
import { formatDuration } from '../base/format.js';

/** @typedef {import('./messages.js').FaultStory} FaultStory */
/** @typedef {import('./messages.js').StoryStep} StoryStep */

/**
 * What a story is asked of: an event, or what happened last to a page up to an event.
 *
 * @typedef {{seq: number} | {region: number, page: number, seq: number}} StoryQuestion
 */

/**
 * A row that has the keyboard goes first, then the selected page; of its events the one that is
 * shown, where it is about the page. What the selected thread does at the moment goes before a page
 * that it does not name.
 *
 * @param {number | null} row event of that row
 * @param {import('./page-ref.js').PageRef | null} page
 * @param {import('./messages.js').MomentMessage | null} moment
 * @param {number | null} actor selected
 * @returns {StoryQuestion | null} null where there is nothing to ask of
 */
export function storyQuestion(row, page, moment, actor) {
  const event = moment?.event ?? null;
  if (row !== null) {
    return { seq: row };
  }
  const isOfPage = page !== null && event !== null && event.region === page.region && event.page <= page.page && page.page < event.page + event.pages;
  const isOfThread = actor !== null && event?.actor === actor && event.pages === 0;
  if (page && moment && !isOfPage && !isOfThread) {
    return { ...page, seq: moment.seq };
  }
  return event ? { seq: event.seq } : null;
}

/**
 * Where the arrow of a step lies: columns of participants, from 0.
 *
 * @param {FaultStory} story
 * @param {StoryStep} step
 * @returns {{first: number, last: number, way: 'right' | 'left' | 'self'}}
 */
export function arrowOf(story, step) {
  const column = (/** @type {string} */ id) => Math.max(0, story.participants.findIndex((each) => each.id === id));
  const from = column(step.from);
  const to = column(step.to);
  return { first: Math.min(from, to), last: Math.max(from, to), way: from === to ? 'self' : from < to ? 'right' : 'left' };
}

/**
 * @param {StoryStep} step
 * @returns {string} the time since the step before it, as it is shown
 */
export function gapInWords(step) {
  if (step.seq === null) {
    return 'not recorded';
  }
  return step.gapNs === null ? '' : `+${formatDuration(step.gapNs)}`;
}

/** @type {[keyof import('./messages.js').WaitParts, string][]} */
const PARTS = [
  ['waitNs', 'waited'],
  ['unreadNs', 'unread'],
  ['readToIoctlNs', 'read to ioctl'],
  ['ioctlNs', 'ioctl'],
  ['wakeToRetryNs', 'wake to retry'],
  ['unattributedNs', 'not known'],
];

/**
 * @param {import('./messages.js').WaitParts} parts
 * @returns {{name: string, ns: number | null, text: string}[]} where the time went, the whole first
 */
export function partsInWords(parts) {
  return PARTS.map(([key, name]) => {
    const ns = parts[key];
    return { name, ns, text: ns === null ? 'not recorded' : formatDuration(ns) };
  });
}
