// @ts-check

/**
 * The parts of D3 that are used, as a module. D3's webjar holds one classic script that sets a
 * global, and no module; this file alone reads that global. The script stands before every module in
 * the page.
 */

/**
 * @typedef {{
 *   ticks: (start: number, stop: number, count: number) => number[],
 *   tickStep: (start: number, stop: number, count: number) => number,
 *   bisector: <T>(accessor: (item: T) => number) => {
 *     left: (items: readonly T[], value: number) => number,
 *     right: (items: readonly T[], value: number) => number,
 *   },
 *   scaleLog: () => LogScale,
 *   scaleLinear: () => LinearScale,
 *   scaleBand: () => BandScale,
 *   scaleSequentialLog: (interpolate: (part: number) => string) => ColourScale,
 *   interpolateRgbBasis: (colours: string[]) => (part: number) => string,
 *   line: <T>() => Line<T>,
 *   area: <T>() => Area<T>,
 *   curveStepAfter: unknown,
 * }} D3
 */

/**
 * A logarithmic scale, callable.
 *
 * @typedef {((value: number) => number) & {
 *   domain: (ends: [number, number]) => LogScale,
 *   range: (ends: [number, number]) => LogScale,
 *   clamp: (on: boolean) => LogScale,
 *   invert: (value: number) => number,
 * }} LogScale
 */

/**
 * A linear scale, callable.
 *
 * @typedef {((value: number) => number) & {
 *   domain: (ends: [number, number]) => LinearScale,
 *   range: (ends: [number, number]) => LinearScale,
 *   clamp: (on: boolean) => LinearScale,
 *   invert: (value: number) => number,
 * }} LinearScale
 */

/**
 * Equal bands along a line.
 *
 * @typedef {((row: number) => number | undefined) & {
 *   domain: (rows: number[]) => BandScale,
 *   range: (ends: [number, number]) => BandScale,
 *   bandwidth: () => number,
 * }} BandScale
 */

/**
 * Colours for numbers.
 *
 * @typedef {((value: number) => string) & {
 *   domain: (ends: [number, number]) => ColourScale,
 *   clamp: (on: boolean) => ColourScale,
 * }} ColourScale
 */

/**
 * Makes an SVG path of items.
 *
 * @template T
 * @typedef {((items: readonly T[]) => string | null) & {
 *   x: (read: (item: T) => number) => Line<T>,
 *   y: (read: (item: T) => number) => Line<T>,
 *   curve: (curve: unknown) => Line<T>,
 *   context: (canvas: CanvasRenderingContext2D) => (items: readonly T[]) => void,
 * }} Line
 */

/**
 * The same between two lines.
 *
 * @template T
 * @typedef {((items: readonly T[]) => string | null) & {
 *   x: (read: (item: T) => number) => Area<T>,
 *   y0: (at: number) => Area<T>,
 *   y1: (read: (item: T) => number) => Area<T>,
 *   curve: (curve: unknown) => Area<T>,
 *   context: (canvas: CanvasRenderingContext2D) => (items: readonly T[]) => void,
 * }} Area
 */

const { d3 } = /** @type {{d3: D3}} */ (/** @type {unknown} */ (globalThis));

/**
 * Round values for an axis. Every axis here counts nanoseconds or pages, of which there are no parts: a recording of
 * two nanoseconds has three ticks, not twenty.
 *
 * @param {number} start
 * @param {number} stop
 * @param {number} count about so many; fewer where there are not so many
 */
export const ticks = (start, stop, count) => d3.ticks(start, stop, count).filter(Number.isInteger);

export const { tickStep, bisector, scaleLog, scaleLinear, scaleBand, scaleSequentialLog, interpolateRgbBasis, line, area, curveStepAfter } = d3;
