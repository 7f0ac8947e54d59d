// @ts-check
import { TimeScale } from '../base/time-scale.js';

/** @typedef {{fromNs: number, toNs: number}} Stretch */

/** How much closer one key goes, and how much of what is shown one key moves by. */
const KEY_ZOOM = 1.5;
const KEY_PART = 1 / 6;

/**
 * The stretch of time that lanes show, and how pointers and keys change it.
 *
 * @param {object} options
 * @param {() => Stretch | null} options.range that is shown; null: all
 * @param {() => number} options.endNs where all ends
 * @param {number} options.left where the plot begins; before it stand names; CSS pixels
 * @param {() => number} options.width of the plot, CSS pixels
 * @param {(range: Stretch | null) => void} options.ask for another stretch
 */
export function createLaneTime({ range, endNs, left, width, ask }) {
  /** @returns {TimeScale} in CSS pixels */
  const scale = () => {
    const { fromNs, toNs } = range() ?? { fromNs: 0, toNs: endNs() };
    return new TimeScale(fromNs, Math.max(toNs, fromNs + 1), left, left + width());
  };
  /** @param {TimeScale} next */
  const show = ({ fromNs, toNs }) => ask(fromNs <= 0 && toNs >= endNs() ? null : { fromNs, toNs });

  return {
    scale,
    endNs,
    /** What every pointer does that moves in time. */
    gestures: {
      scale,
      labelled: (/** @type {number} */ x) => x < left,
      move: (/** @type {TimeScale} */ from, /** @type {number} */ byPixels) => show(from.moved(byPixels * from.nsPerPixel, endNs())),
      zoom: (/** @type {number} */ factor, /** @type {number} */ x) => show(scale().zoomed(factor, scale().toTime(Math.max(left, x)), endNs())),
    },
    /**
     * @param {string} key
     * @param {number | null} pointedNs what stays where it is while keys zoom
     * @param {number | null} nowNs the moment, which does where nothing is pointed at, if it is in sight
     * @returns {(() => void) | null} what the key does; null where it is none of these
     */
    keyed(key, pointedNs, nowNs) {
      const current = scale();
      const middle = (current.fromNs + current.toNs) / 2;
      const about = pointedNs ?? (nowNs !== null && nowNs >= current.fromNs && nowNs <= current.toNs ? nowNs : middle);
      switch (key) {
        case 'W':
          return () => show(current.zoomed(KEY_ZOOM, about, endNs()));
        case 'S':
          return () => show(current.zoomed(1 / KEY_ZOOM, about, endNs()));
        case 'A':
          return () => show(current.moved(-current.spanNs * KEY_PART, endNs()));
        case 'D':
          return () => show(current.moved(current.spanNs * KEY_PART, endNs()));
        case 'F':
          return () => ask(null);
        default:
          return null;
      }
    },
  };
}
