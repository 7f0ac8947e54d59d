// @ts-check
import { formatClock, formatDuration, formatHex, plural } from '../base/format.js';

/** @typedef {import('./messages.js').HeatmapAnswer} HeatmapAnswer */
/** @typedef {import('./fault-filter.js').Area} Area */
/** @typedef {'latency' | 'address'} HeatmapOf */
/** @typedef {{of: HeatmapOf, where: string, fromNs: number, toNs: number, columns: number, rows: number}} HeatmapQuestion */
/** @typedef {{column: number, row: number}} Cell by column and row of the answer; row -1: where it belongs to none */

/**
 * @param {{fromNs: number, toNs: number, columns: number}} map
 * @param {number} column
 * @returns {number} when it begins, exactly as the server counts
 */
export function columnNs(map, column) {
  return map.fromNs + Number((BigInt(map.toNs - map.fromNs) * BigInt(column)) / BigInt(map.columns));
}

/** @param {HeatmapAnswer} map @param {number} ns @returns {number} the column of a time, -1 outside the window */
export function columnOf(map, ns) {
  if (ns < map.fromNs || ns >= map.toNs) {
    return -1;
  }
  let column = Math.min(map.columns - 1, Math.floor(((ns - map.fromNs) / (map.toNs - map.fromNs)) * map.columns));
  while (columnNs(map, column) > ns) {
    column--;
  }
  while (columnNs(map, column + 1) <= ns) {
    column++;
  }
  return column;
}

/** @param {HeatmapAnswer} map @param {number} row @returns {string} what its faults have in common */
function rowInWords(map, row) {
  if (map.of === 'latency') {
    return row < 0 ? 'queued, never woken' : `waited ${formatDuration(map.rows[row].fromNs)} to ${formatDuration(map.rows[row].toNs)}`;
  }
  if (row < 0) {
    return 'on a page that the recording does not tell';
  }
  const { region, firstPage, pages } = map.rows[row];
  return region === null ? 'in other regions' : `${region}, ${pages === 1 ? 'page' : 'pages'} ${formatHex(firstPage)}${pages === 1 ? '' : ` to ${formatHex(firstPage + pages - 1)}`}`;
}

/** @param {HeatmapAnswer} map @param {Cell} cell @returns {number} */
export const faultsOf = (map, { column, row }) => (row < 0 ? map.unknown : map.rows[row].faults)[column];

/** @param {HeatmapAnswer} map @param {Cell} cell @returns {string[]} what it shows */
export function cellInWords(map, cell) {
  const done = map.of === 'latency' && cell.row >= 0 ? 'woken' : 'queued';
  return [
    `${plural(faultsOf(map, cell), 'fault')}: ${rowInWords(map, cell.row)}`,
    `${done} ${formatClock(columnNs(map, cell.column))} to ${formatClock(columnNs(map, cell.column + 1))}`,
  ];
}

/**
 * @param {HeatmapAnswer} map
 * @param {Cell} from
 * @param {Cell} to
 * @returns {Area | null} of the cells from one to another, in the region of the first; null where no predicate tells them
 */
export function areaBetween(map, from, to) {
  if (from.row < 0) {
    return null;
  }
  const columns = [from.column, to.column].sort((a, b) => a - b);
  const time = { fromNs: columnNs(map, columns[0]), toNs: columnNs(map, columns[1] + 1) };
  const [low, high] = [from.row, Math.max(0, to.row)].sort((a, b) => a - b);
  if (map.of === 'latency') {
    return { kind: 'latency', ...time, leastNs: map.rows[low].fromNs, beforeNs: map.rows[high].toNs };
  }
  const { region } = map.rows[from.row];
  const rows = map.rows.slice(low, high + 1).filter((row) => row.region === region);
  const last = rows[rows.length - 1];
  return region === null ? null : { kind: 'pages', ...time, region, first: rows[0].firstPage, last: last.firstPage + last.pages - 1 };
}

/**
 * @param {HeatmapAnswer} map
 * @param {Area} area
 * @returns {[number, number] | null} the first and last row that it reaches into; null where it is not of such rows
 */
export function rowsWithin(map, area) {
  /** @type {boolean[]} */
  let inside = [];
  if (map.of === 'latency' && area.kind === 'latency') {
    inside = map.rows.map((row) => row.fromNs < area.beforeNs && row.toNs > area.leastNs);
  } else if (map.of === 'address' && area.kind === 'pages') {
    inside = map.rows.map((row) => row.region === area.region && row.firstPage <= area.last && row.firstPage + row.pages > area.first);
  }
  return inside.includes(true) ? [inside.indexOf(true), inside.lastIndexOf(true)] : null;
}
