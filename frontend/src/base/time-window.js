// @ts-check

/**
 * Which stretch of a recording the lanes show: short enough to tell one fault from the next, and never without the moment.
 *
 * @typedef {{fromNs: number, toNs: number}} TimeWindow
 */

/** Events that a lane can show side by side and still be read. */
const EVENTS_SHOWN = 600;
/** Where the moment stands in a window that was moved after it, from the left. */
const ANCHOR = 0.3;

/**
 * The first window on a recording.
 *
 * @param {number} timeNs the moment
 * @param {number} endNs the recording's last event
 * @param {number} events how many it has
 * @returns {TimeWindow | null} null: all of it
 */
export function firstWindow(timeNs, endNs, events) {
  if (events <= EVENTS_SHOWN) {
    return null;
  }
  return placed(timeNs, (endNs * EVENTS_SHOWN) / events, endNs);
}

/**
 * Moves a window as little as sense allows so that a moment is in it.
 *
 * @param {TimeWindow | null} shown null: all
 * @param {number} timeNs
 * @param {number} endNs
 * @returns {TimeWindow | null} the same object where the moment is in it already
 */
export function keepInSight(shown, timeNs, endNs) {
  if (!shown || (timeNs >= shown.fromNs && timeNs <= shown.toNs)) {
    return shown;
  }
  return placed(timeNs, shown.toNs - shown.fromNs, endNs);
}

/** @param {number} timeNs @param {number} width @param {number} endNs @returns {TimeWindow} */
function placed(timeNs, width, endNs) {
  const span = Math.min(Math.max(1, Math.round(width)), endNs);
  const fromNs = Math.min(Math.max(0, Math.round(timeNs - span * ANCHOR)), Math.max(0, endNs - span));
  return { fromNs, toNs: fromNs + span };
}
