// @ts-check
import { formatDuration } from '../base/format.js';
import { scaleLinear, ticks } from '../d3.js';
import { el, svg } from './dom.js';

/** @typedef {import('../model/comparison.js').Comparison} Comparison */
/** @typedef {import('./series.js').Series} Series */

const ROW = 28;
const EDGE = { top: 8, right: 24, bottom: 40, left: 200 };

/** How long each vCPU or thread waited: a row a policy, a stroke a worker, the longest as a bar. */
export function createStallStrips() {
  const drawing = svg('svg', { class: 'fs-plot', role: 'img' });
  const root = el('div', { class: 'fs-strips' }, drawing);
  /** @type {{comparison: Comparison, series: Map<string, Series>} | null} */
  let shown = null;
  new ResizeObserver(() => draw()).observe(root);

  return {
    root,
    drawing,
    /** @param {Comparison} comparison @param {Map<string, Series>} series */
    show(comparison, series) {
      shown = { comparison, series };
      draw();
    },
  };

  function draw() {
    const width = root.clientWidth;
    if (!shown || width === 0) {
      return;
    }
    const { comparison, series } = shown;
    const policies = comparison.policies.filter((policy) => comparison.runs.some((run) => run.policy === policy));
    const height = EDGE.top + policies.length * ROW + EDGE.bottom;
    const right = width - EDGE.right;
    const bottom = height - EDGE.bottom;
    const longest = Math.max(1, ...comparison.runs.flatMap(({ stallNs }) => Object.values(stallNs)));
    const x = scaleLinear().domain([0, longest]).range([EDGE.left, right]);
    for (const [name, value] of [['width', width], ['height', height], ['viewBox', `0 0 ${width} ${height}`]]) {
      drawing.setAttribute(String(name), String(value));
    }
    drawing.setAttribute('aria-label', `Time that each of ${comparison.workers.length} threads and vCPUs waited, under ${policies.join(', ')}; the table below has the numbers.`);
    drawing.replaceChildren(
      ...ticks(0, longest, Math.max(2, Math.floor((right - EDGE.left) / 110))).map((ns) => svg(
        'g', {},
        svg('path', { class: 'fs-plot__grid', d: `M${x(ns)} ${EDGE.top}V${bottom}` }),
        svg('text', { class: 'fs-plot__tick', x: x(ns), y: bottom + 16, 'text-anchor': 'middle', text: formatDuration(ns) }),
      )),
      svg('text', { class: 'fs-plot__tick', x: right, y: height - 6, 'text-anchor': 'end', text: 'time waited →' }),
      ...policies.map((policy, index) => strip(policy, EDGE.top + index * ROW)),
    );

    /** @param {string} policy @param {number} top */
    function strip(policy, top) {
      const colour = series.get(policy)?.colour ?? 'var(--fs-ink)';
      const waits = comparison.runs.filter((run) => run.policy === policy).flatMap(({ stallNs, seed }) =>
        Object.entries(stallNs).map(([name, ns]) => ({ ns, text: `${name}: ${formatDuration(ns)}${comparison.seeds.length > 1 ? `, seed ${seed}` : ''}` })));
      const most = Math.max(0, ...waits.map(({ ns }) => ns));
      return svg(
        'g', {},
        svg('text', { class: 'fs-plot__name', fill: 'var(--fs-ink)', x: EDGE.left - 10, y: top + ROW / 2, 'text-anchor': 'end', 'dominant-baseline': 'middle', text: policy.length > 28 ? `${policy.slice(0, 27)}…` : policy }),
        svg('rect', { class: 'fs-strips__bar', x: EDGE.left, y: top + 6, width: Math.max(1, x(most) - EDGE.left), height: ROW - 12, fill: colour }),
        ...waits.map(({ ns, text }) => svg('path', { class: 'fs-strips__mark', d: `M${x(ns)} ${top + 3}V${top + ROW - 3}`, stroke: colour, 'stroke-width': 2 }, svg('title', { text }))),
      );
    }
  }
}
