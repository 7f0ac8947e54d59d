// @ts-check
import { el } from './dom.js';
import { recall, remember } from './storage.js';

/**
 * The line between two parts: drag it, or focus it and press arrow keys; double click or Enter closes
 * and opens. What a person chose is remembered.
 *
 * @param {object} options
 * @param {string} options.id
 * @param {string} options.label
 * @param {HTMLElement} options.frame carries the size as a custom property
 * @param {string} options.property
 * @param {'x' | 'y'} options.axis
 * @param {1 | -1} options.grows which direction makes the part larger
 * @param {number} options.least
 * @param {number} options.most
 * @param {number} options.normal
 * @param {'px' | '%'} [options.unit]
 * @param {() => void} [options.toggle]
 * @param {() => void} options.changed
 * @returns {HTMLElement}
 */
export function createSplitter(options) {
  const { id, label, frame, property, axis, grows, least, most, normal, unit = 'px' } = options;
  const handle = el('div', {
    class: `fs-splitter fs-splitter--${id}`,
    role: 'separator',
    tabindex: 0,
    'aria-label': label,
    'aria-orientation': axis === 'x' ? 'vertical' : 'horizontal',
    'aria-valuemin': least,
    'aria-valuemax': most,
  });
  const stored = Number(recall(`size.${id}`) ?? normal);
  let size = Number.isFinite(stored) ? stored : normal;

  const set = (/** @type {number} */ wanted) => {
    size = Math.min(most, Math.max(least, wanted));
    frame.style.setProperty(property, `${size}${unit}`);
    handle.setAttribute('aria-valuenow', String(Math.round(size)));
    options.changed();
  };
  const keep = () => remember(`size.${id}`, String(Math.round(size)));
  set(size);

  handle.addEventListener('pointerdown', (down) => {
    handle.setPointerCapture(down.pointerId);
    const from = axis === 'x' ? down.clientX : down.clientY;
    const before = size;
    const whole = axis === 'x' ? frame.clientWidth : frame.clientHeight;
    const scale = unit === '%' ? 100 / whole : 1;
    const move = (/** @type {PointerEvent} */ event) => {
      const at = axis === 'x' ? event.clientX : event.clientY;
      set(before + grows * (at - from) * scale);
    };
    handle.addEventListener('pointermove', move);
    handle.addEventListener(
      'lostpointercapture',
      () => {
        handle.removeEventListener('pointermove', move);
        keep();
      },
      { once: true },
    );
  });
  handle.addEventListener('dblclick', () => options.toggle?.());
  handle.addEventListener('keydown', (event) => {
    const more = axis === 'x' ? 'ArrowRight' : 'ArrowDown';
    const less = axis === 'x' ? 'ArrowLeft' : 'ArrowUp';
    if (event.key === more || event.key === less) {
      set(size + grows * (event.key === more ? 1 : -1) * (unit === '%' ? 2 : 16));
      keep();
    } else if (event.key === 'Enter' && options.toggle) {
      options.toggle();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  });
  return handle;
}
