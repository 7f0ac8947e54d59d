// @ts-check
import { el } from './dom.js';
import { createHeatmap } from './heatmap.js';
import { createLanes } from './lanes.js';

/** Every thread and every fault over one time. @type {import('../model/lens-registry.js').Lens<import('./lenses.js').CreateLens>} */
export const timeLens = {
  id: 'time',
  name: 'Time',
  key: '2',
  about: 'Every thread over time, and how long and where faults were',
  style: 'time-lens.css',
  showsLanes: true,
  create({ panel, actions, palette, invalidate, signal }) {
    const above = el('div', { class: 'fs-time__lanes' });
    const below = el('div', { class: 'fs-time__heat' });
    panel.append(el('div', { class: 'fs-time' }, above, below));
    const lanes = createLanes(above, { size: 'full', actions, palette, invalidate, signal });
    const heatmap = createHeatmap(below, { actions, palette, invalidate, time: lanes.time, signal });
    return {
      ...lanes,
      focus: () => lanes.surface.focus(),
      update(state) {
        lanes.update(state);
        heatmap.update(state);
      },
    };
  },
};
