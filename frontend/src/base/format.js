// @ts-check

/**
 * Groups of three digits are set apart by a thin space, never by a comma or a full stop. This is the
 * one that does not break a line.
 */
export const THIN_SPACE = '\u202f';

/** @param {string} digits @returns {string} */
function groupDigits(digits) {
  return digits.replace(/\B(?=(\d{3})+(?!\d))/g, THIN_SPACE);
}

/**
 * A whole number with its digits in groups of three.
 *
 * @param {number} value
 * @returns {string}
 */
export function formatCount(value) {
  const sign = value < 0 ? '−' : '';
  return sign + groupDigits(String(Math.abs(Math.round(value))));
}

/**
 * An address or a page number: lower case with 0x.
 *
 * @param {number | bigint} value
 * @returns {string}
 */
export function formatHex(value) {
  return `0x${value.toString(16)}`;
}

/**
 * At most three significant digits, no exponent, no trailing zeros behind the point.
 *
 * @param {number} value at least 0
 * @returns {string}
 */
export function threeDigits(value) {
  if (value >= 1000) {
    return formatCount(value);
  }
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  const text = value.toFixed(digits);
  return digits === 0 ? text : text.replace(/\.?0+$/, '');
}

const DURATION_UNITS = /** @type {const} */ ([
  [1, 'ns'],
  [1e3, 'µs'],
  [1e6, 'ms'],
  [1e9, 's'],
]);

/**
 * A length of time with its unit and at most three significant digits: `12.4 µs`.
 *
 * @param {number} ns
 * @returns {string}
 */
export function formatDuration(ns) {
  if (ns < 0) {
    return `−${formatDuration(-ns)}`;
  }
  let [size, unit] = /** @type {readonly [number, string]} */ (DURATION_UNITS[0]);
  for (const candidate of DURATION_UNITS) {
    // 999.7 µs would print as "1 000 µs": it is 1 ms.
    if (ns >= candidate[0] * 0.9995) {
      [size, unit] = candidate;
    }
  }
  // Nothing is measured in parts of a nanosecond.
  return `${unit === 'ns' ? formatCount(ns) : threeDigits(ns / size)} ${unit}`;
}

/**
 * The exact length of time, for a title: `12 403 ns`.
 *
 * @param {number} ns
 * @returns {string}
 */
export function formatExactNs(ns) {
  return `${formatCount(ns)} ns`;
}

/**
 * A moment on the recording's clock, to the microsecond: `0.001 284 s`.
 *
 * @param {number} ns
 * @returns {string}
 */
export function formatClock(ns) {
  const micros = Math.floor(Math.abs(ns) / 1e3);
  const seconds = Math.floor(micros / 1e6);
  const rest = String(micros % 1e6).padStart(6, '0');
  return `${groupDigits(String(seconds))}.${rest.slice(0, 3)}${THIN_SPACE}${rest.slice(3)} s`;
}

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/**
 * A size in binary units with at most three significant digits.
 *
 * @param {number} bytes
 * @returns {string}
 */
export function formatBytes(bytes) {
  let unit = 0;
  let value = bytes;
  while (value >= 1024 && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${threeDigits(value)} ${BYTE_UNITS[unit]}`;
}

/**
 * A share in per cent. Something is never "0 %", and less than all is never "100 %".
 *
 * @param {number} part
 * @param {number} whole
 * @returns {string}
 */
export function formatShare(part, whole) {
  if (whole === 0 || part === 0) {
    return '0 %';
  }
  const percent = (100 * part) / whole;
  if (percent < 0.1) {
    return '< 0.1 %';
  }
  if (percent > 99.9 && part < whole) {
    return '> 99.9 %';
  }
  return `${percent < 10 ? percent.toFixed(1).replace(/\.0$/, '') : Math.round(percent)} %`;
}

/**
 * A word with its count: `1 page`, `2 pages`.
 *
 * @param {number} count
 * @param {string} one
 * @param {string} [many]
 * @returns {string}
 */
export function plural(count, one, many = `${one}s`) {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
