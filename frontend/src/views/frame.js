// @ts-check
import { el } from './dom.js';
import { createSplitter } from './splitter.js';
import { recall, remember } from './storage.js';

/** @typedef {'left' | 'right' | 'bottom'} Side */

/**
 * The page's parts in their places, with lines between them that can be moved.
 *
 * @param {HTMLElement} root
 * @param {() => void} resized
 */
export function createFrame(root, resized) {
  const parts = {
    bar: el('header', { class: 'fs-frame__bar' }),
    bands: el('div', { class: 'fs-frame__bands' }),
    left: el('div', { class: 'fs-frame__left' }),
    center: el('div', { class: 'fs-frame__center' }),
    right: el('aside', { class: 'fs-frame__right', 'aria-label': 'Inspector' }),
    bottom: el('section', { class: 'fs-frame__bottom', 'aria-label': 'Lanes' }),
    transport: el('footer', { class: 'fs-frame__transport' }),
  };
  const frame = el('div', { class: 'fs-frame' }, ...Object.values(parts));

  /** @param {Side} side */
  const isClosed = (side) => frame.classList.contains(`fs-frame--${side}-closed`);
  /** @param {Side} side @param {boolean} [closed] */
  const toggle = (side, closed = !isClosed(side)) => {
    frame.classList.toggle(`fs-frame--${side}-closed`, closed);
    remember(`closed.${side}`, closed ? 'yes' : null);
    resized();
  };
  for (const side of /** @type {const} */ (['left', 'right', 'bottom'])) {
    frame.classList.toggle(`fs-frame--${side}-closed`, recall(`closed.${side}`) === 'yes');
  }

  const common = { frame, changed: resized };
  parts.left.append(
    createSplitter({
      ...common, id: 'left', label: 'Width of regions and fault queue', property: '--left',
      axis: 'x', grows: 1, least: 140, most: 480, normal: 216, toggle: () => toggle('left'),
    }),
    createSplitter({
      ...common, frame: parts.left, id: 'regions', label: 'Height of regions', property: '--regions',
      axis: 'y', grows: 1, least: 12, most: 85, normal: 42, unit: '%',
    }),
  );
  parts.right.append(
    createSplitter({
      ...common, id: 'right', label: 'Width of the inspector', property: '--right',
      axis: 'x', grows: -1, least: 180, most: 560, normal: 272, toggle: () => toggle('right'),
    }),
  );
  parts.bottom.append(
    createSplitter({
      ...common, id: 'bottom', label: 'Height of the lanes', property: '--bottom',
      axis: 'y', grows: -1, least: 64, most: 480, normal: 184, toggle: () => toggle('bottom'),
    }),
  );
  root.replaceChildren(frame);
  return {
    parts,
    toggle,
    isClosed,
    /** @param {boolean} embedded whether there is but the picture and what is said of it */
    embed(embedded) {
      frame.classList.toggle('fs-frame--embed', embedded);
    },
    /** @param {boolean} shown while the lens shows the lanes there is no second picture of them */
    showBottom(shown) {
      frame.classList.toggle('fs-frame--bottom-none', !shown);
    },
  };
}
