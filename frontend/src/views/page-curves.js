// @ts-check
import { formatCount, formatDuration } from '../base/format.js';
import { curveStepAfter, line, scaleLinear, scaleLog, ticks } from '../d3.js';
import { pagesAt } from '../model/comparison.js';
import { el, svg } from './dom.js';
import { createKey } from './series.js';

/** @typedef {import('../model/comparison.js').Comparison} Comparison */
/** @typedef {import('../model/comparison.js').Measured} Measured */
/** @typedef {import('./series.js').Series} Series */

const HEIGHT = 320;
const EDGE = { top: 28, right: 184, bottom: 40, left: 64 };
const LABEL_ROW = 15;
/** Times of a logarithmic axis, in nanoseconds: 1 ns to 1,000 s. */
const DECADES = Array.from({ length: 13 }, (_, power) => 10 ** power);

/**
 * Pages there against time, a line a run; under the pointer how many each had by then.
 *
 * @param {AbortSignal} signal
 */
export function createPageCurves(signal) {
  const readout = el('ul', { class: 'fs-curves__readout', 'aria-hidden': 'true' });
  const drawing = svg('svg', { class: 'fs-plot', height: HEIGHT, role: 'img' });
  const root = el('div', { class: 'fs-curves' }, drawing, readout);
  /** @type {{comparison: Comparison, series: Map<string, Series>, log: boolean} | null} */
  let shown = null;
  /** @type {{x: ((value: number) => number) & {invert: (pixel: number) => number}, right: number} | null} */
  let axis = null;
  const cursor = svg('path', { class: 'fs-plot__cursor', 'data-passing': true });

  new ResizeObserver(() => draw()).observe(root);
  drawing.addEventListener('pointermove', ({ offsetX }) => point(offsetX), { signal });
  drawing.addEventListener('pointerleave', () => point(null), { signal });

  return {
    root,
    drawing,
    /** @param {Comparison} comparison @param {Map<string, Series>} series @param {boolean} log */
    show(comparison, series, log) {
      shown = { comparison, series, log };
      draw();
    },
  };

  function draw() {
    const width = root.clientWidth;
    const curves = shown?.comparison.runs.filter(({ curve }) => curve.length > 0) ?? [];
    if (!shown || width === 0) {
      return;
    }
    point(null);
    drawing.setAttribute('width', String(width));
    drawing.setAttribute('viewBox', `0 0 ${width} ${HEIGHT}`);
    drawing.setAttribute('aria-label', `Pages there against time, under ${shown.comparison.policies.join(', ')}; the table below has the numbers.`);
    if (curves.length === 0) {
      drawing.replaceChildren(svg('text', { x: EDGE.left, y: HEIGHT / 2, text: 'No workload got to a page.' }));
      axis = null;
      return;
    }
    const right = width - EDGE.right;
    const bottom = HEIGHT - EDGE.bottom;
    const lastNs = Math.max(1, ...curves.map(({ curve }) => curve[curve.length - 1].ns));
    const firstNs = Math.max(1, Math.min(...curves.map(({ curve }) => curve.find(({ ns }) => ns > 0)?.ns ?? lastNs)));
    const logarithmic = shown.log && firstNs < lastNs;
    const pages = Math.max(...curves.map((run) => run.pages));
    const x = logarithmic ? scaleLog().domain([firstNs, lastNs]).range([EDGE.left, right]).clamp(true) : scaleLinear().domain([0, lastNs]).range([EDGE.left, right]).clamp(true);
    const y = scaleLinear().domain([0, pages]).range([bottom, EDGE.top]);
    const times = logarithmic ? DECADES.filter((ns) => ns >= firstNs && ns <= lastNs) : ticks(0, lastNs, Math.max(2, Math.floor((right - EDGE.left) / 110)));
    const path = line().x((/** @type {any} */ { ns }) => x(Math.max(ns, logarithmic ? firstNs : 0))).y((/** @type {any} */ { n }) => y(n)).curve(curveStepAfter);
    axis = { x, right };
    drawing.replaceChildren(
      ...ticks(0, pages, 5).map((n) => svg(
        'g', {},
        svg('path', { class: 'fs-plot__grid', d: `M${EDGE.left} ${y(n)}H${right}` }),
        svg('text', { class: 'fs-plot__tick', x: EDGE.left - 6, y: y(n) + 4, 'text-anchor': 'end', text: formatCount(n) }),
      )),
      ...times.map((ns) => svg(
        'g', {},
        svg('path', { class: 'fs-plot__grid', d: `M${x(ns)} ${EDGE.top}V${bottom}` }),
        svg('text', { class: 'fs-plot__tick', x: x(ns), y: bottom + 16, 'text-anchor': 'middle', text: formatDuration(ns) }),
      )),
      svg('text', { class: 'fs-plot__tick', x: right, y: HEIGHT - 6, 'text-anchor': 'end', text: `simulated time${logarithmic ? ', logarithmic' : ''} →` }),
      svg('text', { class: 'fs-plot__tick', x: EDGE.left - 6, y: 12, 'text-anchor': 'end', text: '↑ pages' }),
      ...curves.map(({ policy, curve }) => drawn(policy, path(curve) ?? '')),
      ...labels(curves, y, bottom, x),
      cursor,
    );
  }

  /** @param {string} policy @param {string} d */
  function drawn(policy, d) {
    const series = shown?.series.get(policy);
    return svg('path', { class: 'fs-plot__line', d, fill: 'none', stroke: series?.colour, 'stroke-width': series?.width, 'stroke-dasharray': series?.dash });
  }

  /**
   * Names where the lines end, pushed apart so that none lies on another.
   *
   * @param {Measured[]} curves
   * @param {(n: number) => number} y
   * @param {number} bottom
   * @param {(ns: number) => number} x
   */
  function labels(curves, y, bottom, x) {
    const right = axis?.right ?? 0;
    const ends = [...new Map(curves.map((run) => [run.policy, run])).values()]
      .map(({ policy, curve }) => ({ policy, x: x(curve[curve.length - 1].ns), y: y(curve[curve.length - 1].n) }))
      // Who was there first stands highest: their ends come in this order from left to right.
      .sort((a, b) => a.y - b.y || a.x - b.x);
    let least = EDGE.top;
    return ends.map((end) => {
      const at = Math.min(Math.max(end.y, least), bottom);
      least = at + LABEL_ROW;
      const { colour, dash, width } = /** @type {Series} */ (shown?.series.get(end.policy));
      return svg(
        'g', {},
        svg('circle', { cx: end.x, cy: end.y, r: 3, fill: colour }),
        svg('path', { d: `M${right + 10} ${at}h20`, stroke: colour, 'stroke-width': width, 'stroke-dasharray': dash }),
        svg('text', { class: 'fs-plot__name', x: right + 36, y: at, 'dominant-baseline': 'middle', fill: 'var(--fs-ink)', text: shorten(end.policy) }),
      );
    });
  }

  /** @param {number | null} pixel */
  function point(pixel) {
    if (!axis || !shown || pixel === null || pixel < EDGE.left || pixel > axis.right) {
      cursor.setAttribute('d', '');
      readout.replaceChildren();
      return;
    }
    const ns = axis.x.invert(pixel);
    cursor.setAttribute('d', `M${pixel} ${EDGE.top}V${HEIGHT - EDGE.bottom}`);
    readout.style.left = `${pixel < axis.right / 2 ? pixel + 12 : EDGE.left + 12}px`;
    readout.replaceChildren(
      el('li', { class: 'fs-quiet', text: `after ${formatDuration(ns)}` }),
      ...shown.comparison.runs.map((run) => el(
        'li', {},
        el('span', {}, createKey(/** @type {Series} */ (shown?.series.get(run.policy))), ' ', shorten(run.policy)),
        el('span', { class: 'fs-number', text: formatCount(pagesAt(run, ns)) }),
      )),
    );
  }
}

/** @param {string} policy */
function shorten(policy) {
  return policy.length > 24 ? `${policy.slice(0, 23)}…` : policy;
}
