// @ts-check
import { BASELINES } from '../model/comparison.js';
import { svg } from './dom.js';

const COLOURS = ['a', 'b', 'c', 'd', 'e'].map((letter) => `var(--fs-series-${letter})`);
const DASHES = ['none', '9 3', '4 2', '9 3 2 3'];

/** How the line of a name is drawn. @typedef {{colour: string, dash: string, width: number}} Series */

/**
 * Names get colours in their order, baselines always the same quiet lines.
 *
 * @param {readonly string[]} names
 * @returns {Map<string, Series>}
 */
export function seriesOf(names) {
  let next = 0;
  return new Map(names.map((name) => {
    const baseline = BASELINES.indexOf(name);
    if (baseline >= 0) {
      return [name, { colour: baseline === 0 ? 'var(--fs-ink)' : 'var(--fs-quiet)', dash: baseline === 0 ? '7 4' : '2 3', width: 1.5 }];
    }
    const at = next++;
    return [name, { colour: COLOURS[at % COLOURS.length], dash: DASHES[Math.floor(at / COLOURS.length) % DASHES.length], width: 2 }];
  }));
}

/** @param {Series} series @returns {SVGSVGElement} a short piece of its line */
export function createKey({ colour, dash, width }) {
  return svg(
    'svg',
    { class: 'fs-key', width: 24, height: 10, 'aria-hidden': 'true' },
    svg('path', { d: 'M0 5h24', fill: 'none', stroke: colour, 'stroke-width': width, 'stroke-dasharray': dash }),
  );
}
