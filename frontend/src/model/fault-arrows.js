// @ts-check
import { formatDuration, formatHex, plural } from '../base/format.js';
import { actorLabel, regionName, waitingOn } from './view-state.js';

/** @typedef {import('./messages.js').ToldFault} ToldFault */
/** @typedef {import('./messages.js').ArrowsAnswer} ArrowsAnswer */
/** @typedef {import('./view-state.js').ViewState} ViewState */

/**
 * From the lane of one thread to that of another.
 *
 * @typedef {{from: {actor: number, timeNs: number}, to: {actor: number, timeNs: number}, inferred: boolean, fault: number}} Arrow
 */

/** Closer to each other nobody tells arrows apart: CSS pixels of the width for each fault. */
const ROOM = 14;

/** The server tells no more. */
const MOST_FAULTS = 1000;

/** @param {number} width CSS pixels @returns {number} how many faults can have arrows that are told apart */
export const mostFaults = (width) => Math.max(0, Math.min(MOST_FAULTS, Math.floor(width / ROOM)));

/**
 * The event whose fault is the selected one: the moment's, if it is about the selected page; else whoever waits on that page.
 *
 * @param {ViewState} state
 * @returns {number} 0 for none
 */
export function eventOfSelectedFault({ moment, page }) {
  const event = moment?.event;
  const isOfPage = event && event.region !== null && event.pages > 0 && page !== null
    && event.region === page.region && page.page >= event.page && page.page < event.page + event.pages;
  const isOfFault = event && !['KERNEL', 'REGION', 'NOTE'].includes(event.kind.toUpperCase());
  return isOfFault && (isOfPage || event.pages === 0) ? event.seq : (waitingOn(moment, page)?.seq ?? 0);
}

/**
 * @param {ToldFault} fault
 * @returns {Arrow[]} from the fault to the ioctl, from there to who was woken; those with both ends in lanes of two threads
 */
export function arrowsOf({ seq, actor, timeNs, inferred, call, wake }) {
  const fault = { actor, timeNs, inferred };
  return [[fault, call], [call, wake]].flatMap(([from, to]) =>
    !from || !to || from.actor === null || to.actor === null || from.actor === to.actor ? [] : [{
      from: { actor: from.actor, timeNs: from.timeNs },
      to: { actor: to.actor, timeNs: to.timeNs },
      inferred: from.inferred || to.inferred,
      fault: seq,
    }]);
}

/**
 * @param {ToldFault} fault
 * @param {ViewState['meta']} meta
 * @returns {string} what its arrows show
 */
export function faultInWords({ actor, region, page, timeNs, ioctl, call, wake }, meta) {
  const who = actor === null ? 'a thread that is not told' : actorLabel(meta, actor);
  const where = region === null ? '' : ` on page ${formatHex(page)} of ${regionName(meta, region)}`;
  const concluded = (/** @type {{inferred: boolean}} */ { inferred }) => (inferred ? ' (inferred)' : '');
  const answered = call ? `answered ${formatDuration(call.timeNs - timeNs)} later by ${ioctl} of ${call.actor === null ? 'somebody' : actorLabel(meta, call.actor)}${concluded(call)}` : '';
  const woken = wake
    ? `woken ${call ? `${formatDuration(wake.timeNs - call.timeNs)} after that` : `${formatDuration(wake.timeNs - timeNs)} later, by which ioctl is not told`}${concluded(wake)}`
    : 'its wake is not told';
  return `Fault of ${who}${where}: ${[answered, woken].filter(Boolean).join(', ')}`;
}

/**
 * @param {ArrowsAnswer | null} answer
 * @returns {string} which arrows there are, and what it takes to see all
 */
export function arrowsNote(answer) {
  if (!answer || answer.faults === 0) {
    return '';
  }
  const arrows = answer.told.flatMap(arrowsOf);
  const dashed = arrows.some(({ inferred }) => inferred) ? ', dashed: inferred' : '';
  if (!answer.all) {
    const shown = arrows.length > 0 ? `arrows of the selected fault alone${dashed}` : 'no arrows';
    return `${shown} · ${plural(answer.faults, 'fault')} in sight: zoom in for all`;
  }
  return arrows.length > 0 ? `arrows: fault → ioctl → wake${dashed}` : '';
}

/** @param {ArrowsAnswer | null} answer @returns {ToldFault | null} the fault that was asked about */
export const askedFault = (answer) => answer?.told.find(({ seq }) => seq === answer.about) ?? null;
