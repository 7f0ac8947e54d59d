// @ts-check
import { formatDuration, plural, threeDigits } from '../base/format.js';
import { columnNs } from './heatmap.js';

/** @typedef {import('./messages.js').LanesAnswer} LanesAnswer */

/**
 * A figure of each column.
 *
 * @typedef {object} Curve
 * @property {string} name
 * @property {number[]} area filled to here
 * @property {number[]} line drawn here
 * @property {number} most
 * @property {(column: number) => string} inWords
 */

/**
 * @param {LanesAnswer} lanes
 * @returns {Curve[]} how many faults waited, came each second, and pages that were served each second
 */
export function curvesOf(lanes) {
  const { mean, max } = lanes.queue;
  const { faults, pages } = lanes.counts;
  return [
    {
      name: 'queue',
      area: mean,
      line: max,
      most: mostOf(max),
      inWords: (column) => `${plural(max[column], 'fault')} waited at most, ${Number(mean[column].toFixed(2))} on average`,
    },
    rate('faults/s', faults, lanes, 'fault queued', 'faults queued'),
    rate('pages/s', pages, lanes, 'page served by ioctls that succeeded', 'pages served by ioctls that succeeded'),
  ];
}

/**
 * @param {string} name
 * @param {number[]} counts
 * @param {LanesAnswer} lanes
 * @param {string} one
 * @param {string} many
 * @returns {Curve}
 */
function rate(name, counts, lanes, one, many) {
  const widths = counts.map((_, column) => columnNs(lanes, column + 1) - columnNs(lanes, column));
  const values = counts.map((count, column) => (widths[column] === 0 ? 0 : (count * 1e9) / widths[column]));
  return {
    name,
    area: values,
    line: values,
    most: mostOf(values),
    inWords: (column) => `${compact(values[column])} ${name}: ${plural(counts[column], one, many)} in ${formatDuration(widths[column])}`,
  };
}

/** @param {number[]} values @returns {number} */
const mostOf = (values) => values.reduce((most, value) => Math.max(most, value), 0);

/** @param {number} value at least 0 @returns {string} with three digits, in thousands or millions */
export function compact(value) {
  const [size, unit] = value >= 999.5e6 ? [1e9, ' G'] : value >= 999.5e3 ? [1e6, ' M'] : value >= 999.5 ? [1e3, ' k'] : [1, ''];
  return `${threeDigits(value / size)}${unit}`;
}

/** @param {Curve[]} curves @returns {string} the most of each, for who does not see them */
export function curvesInWords(curves) {
  return curves.map(({ name, most }) => `${name} at most ${compact(most)}`).join(', ');
}
