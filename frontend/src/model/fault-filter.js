// @ts-check

/** A condition on how long a fault waited, at the end of a predicate. */
const LATENCY = /(?:^| and )latency >= \d+ns and latency < \d+ns$/;

/** What is true of a read only: no wake, which has the latency, is one. */
const OF_READ = /^kind = read and actor = "[^"]*"$/;

/**
 * @param {string} query a predicate, empty for none
 * @param {number} fromNs
 * @param {number} toNs
 * @returns {string} the predicate of those of its faults that waited as long; what an earlier brush
 *     put there gives way
 */
export function withLatency(query, fromNs, toNs) {
  const rest = query.replace(LATENCY, '');
  const latency = `latency >= ${fromNs}ns and latency < ${toNs}ns`;
  return rest === '' || OF_READ.test(rest) ? latency : `${closed(rest)} and ${latency}`;
}

/** @param {string} query @returns {string} in parentheses where an `or` would swallow what follows */
function closed(query) {
  return / or /i.test(query) && !/^\(.*\)$/.test(query) ? `(${query})` : query;
}

/**
 * What finds the faults of a group; null where no predicate does.
 *
 * @param {string} grouping
 * @param {string} name
 * @returns {string | null}
 */
export function groupQuery(grouping, name) {
  const quoted = `"${name}"`;
  if (name.includes('"') || name === 'unknown') {
    return null;
  }
  switch (grouping) {
    case 'thread':
      return `actor = ${quoted}`;
    case 'region':
      return `region = ${quoted}`;
    case 'handler':
      return name === 'unread' ? null : `kind = read and actor = ${quoted}`;
    default:
      return null;
  }
}
