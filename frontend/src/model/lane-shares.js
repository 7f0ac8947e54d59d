// @ts-check

/** @typedef {import('./messages.js').LanesAnswer} LanesAnswer */
/** @typedef {import('./messages.js').Lane} Lane */
/** @typedef {{running: number, blocked: number, handling: number, idle: number, kernel: number, vmm: number, unknown: number}} Shares of a whole of 1 */

/** Shares travel as parts of so many. */
const WHOLE = 10_000;

/** Numbers of a run of equal columns: how many, then its parts. */
const RUN = 7;

/**
 * @param {Lane} lane
 * @param {(from: number, to: number, shares: Shares) => void} told columns `from` to before `to`
 */
export function eachRun(lane, told) {
  let column = 0;
  for (let i = 0; i < lane.shares.length; i += RUN) {
    const [columns, running, blocked, handling, idle, kernel, vmm] = lane.shares.slice(i, i + RUN);
    told(column, column + columns, {
      running: running / WHOLE,
      blocked: blocked / WHOLE,
      handling: handling / WHOLE,
      idle: idle / WHOLE,
      kernel: kernel / WHOLE,
      vmm: vmm / WHOLE,
      // Each part is rounded by itself.
      unknown: Math.max(0, WHOLE - running - blocked - handling - idle - kernel - vmm) / WHOLE,
    });
    column += columns;
  }
}

/**
 * @param {LanesAnswer} lanes
 * @param {number} column
 * @returns {number} when a column begins, in nanoseconds
 */
export function columnStart(lanes, column) {
  return lanes.fromNs + ((lanes.toNs - lanes.fromNs) * column) / lanes.columns;
}

/**
 * @param {LanesAnswer} lanes
 * @param {number} ns
 * @returns {number} the column that a time is in, -1 outside the window
 */
export function columnAt(lanes, ns) {
  const column = Math.floor(((ns - lanes.fromNs) / (lanes.toNs - lanes.fromNs)) * lanes.columns);
  return column >= 0 && column < lanes.columns ? column : -1;
}

/**
 * @param {LanesAnswer} lanes
 * @param {Lane} lane
 * @param {number} ns
 * @returns {Shares | null} of the column that a time is in, null outside the window
 */
export function sharesAt(lanes, lane, ns) {
  const at = columnAt(lanes, ns);
  let found = /** @type {Shares | null} */ (null);
  eachRun(lane, (from, to, shares) => {
    if (at >= from && at < to) {
      found = shares;
    }
  });
  return found;
}

/** @param {string} activity @returns {string} the same for people */
export function activityWord(activity) {
  return activity === 'kernel' ? 'in the kernel' : activity === 'vmm' ? 'in the VMM' : activity;
}

/** @param {Shares} shares @returns {string} the parts there are, the largest first */
export function sharesInWords(shares) {
  const parts = Object.entries(shares).filter(([, part]) => part > 0).sort(([, a], [, b]) => b - a);
  return parts.map(([activity, part]) => (part === 1 ? activityWord(activity) : `${activityWord(activity)} ${percent(part)}`)).join(' · ');
}

/** @param {number} part */
function percent(part) {
  return part < 0.01 ? '< 1 %' : part > 0.99 ? '> 99 %' : `${Math.round(part * 100)} %`;
}
