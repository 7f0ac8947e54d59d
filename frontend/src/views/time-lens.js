// @ts-check
import { createLanes } from './lanes.js';

/** Every thread over time. @type {import('../model/lens-registry.js').Lens<import('./lenses.js').CreateLens>} */
export const timeLens = {
  id: 'time',
  name: 'Time',
  key: '2',
  about: 'Every thread over time',
  style: null,
  showsLanes: true,
  create({ panel, actions, palette, invalidate, signal }) {
    const lanes = createLanes(panel, { size: 'full', actions, palette, invalidate, signal });
    return { ...lanes, focus: () => lanes.surface.focus() };
  },
};
