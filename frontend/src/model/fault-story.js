// @ts-check
import { formatCount, formatDuration, formatHex, plural } from '../base/format.js';
import { isOfKernel } from './vocabulary.js';

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

/** @type {[keyof import('./messages.js').WaitParts & `${string}Ns`, string][]} */
const PARTS = [
  ['waitNs', 'waited'],
  ['unreadNs', 'unread'],
  ['readToIoctlNs', 'read to ioctl'],
  ['ioctlNs', 'ioctl'],
  ['wakeToRetryNs', 'wake to retry'],
  ['unattributedNs', 'not known'],
];

/**
 * Where the kernel itself is waited for: nobody reads a message or calls an ioctl, and there is no retry of its own.
 *
 * @param {string} look
 * @param {string} end
 * @returns {typeof PARTS}
 */
const kernelParts = (look, end) => [
  ['waitNs', 'waited'],
  ['unreadNs', look],
  ['readToIoctlNs', 'to the host page'],
  ['ioctlNs', end],
  ['unattributedNs', 'the rest'],
];

/**
 * @param {import('./messages.js').WaitParts} parts
 * @returns {{name: string, ns: number | null, text: string}[]} where the time went, the whole first
 */
export function partsInWords(parts) {
  const { origin } = parts;
  const told = !isOfKernel(origin) ? PARTS : origin === 'stage2' ? kernelParts('exit to KVM’s look', 'to the entry') : kernelParts('fault to the kernel’s look', 'to its end');
  return told.map(([key, name]) => {
    const ns = parts[key];
    return { name, ns, text: ns === null ? 'not recorded' : formatDuration(ns) };
  });
}

/** @type {[keyof import('./messages.js').MeanwhileHandler & `${string}Ns`, string, string][]} */
const DOINGS = [
  ['handlingNs', 'handling', 'handling'],
  ['runningNs', 'running', 'running'],
  ['blockedNs', 'blocked', 'blocked'],
  ['idleNs', 'idle', 'idle'],
  ['unknownNs', 'unknown', 'not known'],
];

/**
 * What a handler did while a thread waited.
 *
 * @param {import('./messages.js').MeanwhileHandler} handler
 * @returns {{shares: {activity: string, ns: number}[], text: string}} how its time was shared out, and that in words
 */
export function handlerInWords(handler) {
  const spent = DOINGS.map(([key, activity, word]) => ({ activity, word, ns: handler[key] })).filter(({ ns }) => ns > 0);
  const read = `read ${plural(handler.messages, 'message')}${handler.readIt ? ', this one among them' : ''}`;
  const words = [...spent.map(({ word, ns }) => `${word} ${formatDuration(ns)}`), read, ...handler.calls.map(({ ioctl, count }) => `${ioctl} × ${formatCount(count)}`)];
  return { shares: spent.map(({ activity, ns }) => ({ activity, ns })), text: words.join(' · ') };
}

/**
 * Who else waited, in words.
 *
 * @param {import('./messages.js').Meanwhile['others']} others
 */
export function othersInWords({ before, after, togetherNs }) {
  const all = before + after;
  return all === 0
    ? 'Nobody else waited.'
    : `${plural(all, 'other wait')}: ${formatCount(before)} begun before it, ${formatCount(after)} after; ${formatDuration(togetherNs)} of them together with it.`;
}

/**
 * Another wait, in words.
 *
 * @param {import('./messages.js').Meanwhile['others']['longest'][number]} other
 */
export function otherInWords({ seq, thread, region, page, togetherNs }) {
  const where = page === null ? 'a page that is not known' : `page ${formatHex(page)} of ${region}`;
  return `${thread}, for ${where}: ${formatDuration(togetherNs)} of it (#${formatCount(seq)})`;
}
