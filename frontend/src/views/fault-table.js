// @ts-check
import { formatCount, plural } from '../base/format.js';
import { GrowingList } from '../model/growing-list.js';
import { createFaultSums } from './fault-sums.js';

/** @typedef {import('../model/messages.js').FaultRow} FaultRow */
/** @typedef {import('../model/messages.js').FaultSums} FaultSums */

/** Rows of stalls in one answer, and in the table. */
const FAULTS_A_TIME = 1000;
const MOST_FAULTS = 200_000;

/**
 * The faults: all by their time, or the first of those that satisfy a predicate in some order; and
 * what they add up to.
 *
 * @param {object} options
 * @param {import('./actions.js').Rows} options.rows
 * @param {(query: string) => void} options.filter
 * @param {() => void} options.changed other rows or another number of them
 * @param {() => void} options.sortedAnew
 * @param {(error: unknown) => void} options.failed
 * @param {AbortSignal} options.signal
 */
export function createFaultTable({ rows, filter, changed, sortedAnew, failed, signal }) {
  const sums = createFaultSums({ filter, changed: () => void askSums() });
  const whole = new GrowingList(
    1,
    MOST_FAULTS,
    async (from) => {
      const found = await rows.faults(from, FAULTS_A_TIME);
      return { rows: found, next: found.length < FAULTS_A_TIME ? null : found[found.length - 1].seq + 1 };
    },
    changed,
    failed,
  );
  let order = 'time';
  /** The predicate that they are of. */
  let where = '';
  /** The first of them, where not all are shown by their time; more are asked for as they come on screen. */
  let sorted = /** @type {GrowingList<FaultRow> | null} */ (null);
  let all = /** @type {FaultSums | null} */ (null);
  const isWhole = () => order === 'time' && where === '';

  function sort() {
    sorted = null;
    if (!isWhole()) {
      const [by, of] = [order, where];
      /** @type {GrowingList<FaultRow>} */
      const list = new GrowingList(
        0,
        MOST_FAULTS,
        async (skip) => {
          const found = await rows.sortedFaults(by, of, skip, FAULTS_A_TIME);
          return { rows: found, next: found.length < FAULTS_A_TIME ? null : skip + found.length };
        },
        () => {
          // What was asked for before another order or predicate was chosen is not wanted any more.
          if (list === sorted) {
            if (list.rows.length <= FAULTS_A_TIME) {
              sortedAnew();
            }
            changed();
          }
        },
        (error) => list === sorted && failed(error),
      );
      sorted = list;
      list.need(1);
    }
    changed();
  }

  /** The rows that are shown. */
  const listed = () => sorted ?? whole;

  let nested = false;
  /** Asks what stage 2 came to, where that is what faults wait for. */
  async function askTotals() {
    try {
      sums.drawTotals(nested ? await rows.kernelTotals() : null);
    } catch (error) {
      failed(error);
    }
  }

  let asking = false;
  let askAgain = false;
  /** Asks for the sums; one question at a time, however fast the recording grows. */
  async function askSums() {
    if (asking) {
      askAgain = true;
      return;
    }
    asking = true;
    do {
      askAgain = false;
      const asked = [where, sums.grouping()];
      try {
        const found = await rows.faultSums(where, sums.grouping());
        if (where === asked[0] && sums.grouping() === asked[1]) {
          all = found;
          sums.setQuery(where);
          sums.draw(found);
          changed();
        }
      } catch (error) {
        failed(error);
      }
    } while (askAgain && !signal.aborted);
    asking = false;
  }

  return {
    sums: sums.root,
    fit: sums.fit,
    /** @param {string | null | undefined} origin what the faults wait for */
    setOrigin(origin) {
      const other = sums.setOrigin(origin);
      nested = origin === 'stage2';
      if (other) {
        void askSums();
        void askTotals();
      }
    },
    source: {
      count: () => listed().rows.length + (listed().complete ? 0 : 1),
      at: (/** @type {number} */ index) => listed().rows[index] ?? null,
      need: (/** @type {number} */ _, /** @type {number} */ last) => listed().need(last),
    },
    sorting: {
      by: () => order,
      choose: (/** @type {string} */ by) => {
        order = by === order ? 'time' : by;
        sort();
      },
    },
    /** There may be more of them. */
    grow: () => whole.reopen(),
    /**
     * @param {boolean} anew whether there may be more than were asked for
     * @param {string} query the predicate that is shown, empty for none
     */
    show(anew, query) {
      const other = query !== where;
      where = query;
      if (anew || other) {
        void askSums();
      }
      if (anew && nested) {
        void askTotals();
      }
      if (other || (anew && !isWhole())) {
        sort();
      }
    },
    /** @returns {string} how many are shown, and of how many */
    note() {
      const count = all ? all.faults + all.unreadFaults : null;
      const { complete, rows: shown } = listed();
      if (sorted && shown.length === 0 && !complete) {
        return 'sorting…';
      }
      const how = order === 'time' ? '' : order === 'cause' || order === 'origin' ? `, by ${order}` : ', the longest first';
      const some = count === null ? `${plural(shown.length, 'fault')} so far` : `${formatCount(shown.length)} of ${plural(count, 'fault')}`;
      return `${complete ? plural(shown.length, 'fault') : some}${how}`;
    },
  };
}
