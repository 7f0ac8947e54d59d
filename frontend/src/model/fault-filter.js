// @ts-check

/** A condition on how long a fault waited, at the end of a predicate. */
const LATENCY = /(?:^| and )waited >= \d+ns and waited < \d+ns$/;

/** What is true of a read only: what ends a wait, and has its length, is none. */
const OF_READ = /^kind = read and actor = "[^"]*"$/;

/**
 * Faults of a stretch of time, its end not in it: those that were woken in it and had waited for a time within bounds, those
 * that were queued in it on pages of a region, or those that were queued in it, of some threads or of all.
 *
 * @typedef {{fromNs: number, toNs: number} & (
 *   {kind: 'latency', leastNs: number, beforeNs: number}
 *   | {kind: 'pages', region: string, first: number, last: number}
 *   | {kind: 'threads', actors: string[]}
 * )} Area
 */

/** An area at the end of a predicate. */
const AREA = new RegExp(
  '(?:^| and )(?:kind = enqueue and )?time >= (\\d+)ns and time < (\\d+)ns' +
    '(?: and waited >= (\\d+)ns and waited < (\\d+)ns| and region = "([^"]*)" and page in (\\d+)\\.\\.(\\d+)| and actor in \\{([^}]*)\\})?$',
);

/** @param {Area} area @returns {string | null} the predicate of its faults; null where a name cannot stand in one */
function queryOf(area) {
  const time = `time >= ${area.fromNs}ns and time < ${area.toNs}ns`;
  switch (area.kind) {
    case 'latency':
      return `${time} and waited >= ${area.leastNs}ns and waited < ${area.beforeNs}ns`;
    case 'pages':
      return area.region.includes('"') ? null : `kind = enqueue and ${time} and region = "${area.region}" and page in ${area.first}..${area.last}`;
    case 'threads': {
      const actors = area.actors.length === 0 ? '' : ` and actor in {${area.actors.map((actor) => `"${actor}"`).join(', ')}}`;
      return area.actors.some((actor) => /["}]/.test(actor)) ? null : `kind = enqueue and ${time}${actors}`;
    }
  }
}

/** @param {Area} area @returns {number} the last nanosecond in it: where B stands, if A stands at the first */
export const lastNs = ({ toNs }) => toNs - 1;

/** @param {string} query @returns {Area | null} the area at its end */
export function areaOf(query) {
  const found = AREA.exec(query);
  if (!found) {
    return null;
  }
  const [fromNs, toNs, leastNs, beforeNs] = found.slice(1, 5).map(Number);
  if (found[3] !== undefined) {
    return { kind: 'latency', fromNs, toNs, leastNs, beforeNs };
  }
  if (found[5] !== undefined) {
    return { kind: 'pages', fromNs, toNs, region: found[5], first: Number(found[6]), last: Number(found[7]) };
  }
  return found[0].includes('kind = enqueue and ') ? { kind: 'threads', fromNs, toNs, actors: [...(found[8] ?? '').matchAll(/"([^"]*)"/g)].map(([, actor]) => actor) } : null;
}

/** @param {string} query @returns {string} without the area at its end */
export function withoutArea(query) {
  const rest = areaOf(query) ? query.replace(AREA, '') : query;
  return rest !== query && / or /i.test(rest) ? rest.replace(/^\((.*)\)$/, '$1') : rest;
}

/**
 * @param {string} query
 * @param {Area} area
 * @returns {string | null} the predicate of those of its faults that are in an area; what was brushed before gives way
 */
export function withArea(query, area) {
  const rest = withoutArea(query).replace(LATENCY, '');
  const inside = queryOf(area);
  return inside === null || rest === '' || OF_READ.test(rest) ? inside : `${closed(rest)} and ${inside}`;
}

/**
 * @param {string} query a predicate, empty for none
 * @param {number} fromNs
 * @param {number} toNs
 * @returns {string} the predicate of those of its faults that waited as long; what an earlier brush
 *     put there gives way
 */
export function withLatency(query, fromNs, toNs) {
  const area = areaOf(query);
  // When a fault was queued is no fact of what ended it, which has its length.
  const rest = (area && area.kind !== 'latency' ? withoutArea(query) : query).replace(LATENCY, '');
  const latency = `waited >= ${fromNs}ns and waited < ${toNs}ns`;
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
    case 'origin':
      return `origin = ${name}`;
    case 'handler':
      return name === 'unread' ? null : `kind = read and actor = ${quoted}`;
    default:
      return null;
  }
}
