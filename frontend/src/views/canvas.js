// @ts-check
import { el } from './dom.js';

/**
 * A canvas that fills its parent, in the device's own pixels.
 *
 * @param {HTMLElement} parent
 * @param {() => void} resized
 * @param {AbortSignal} signal
 */
export function createCanvas(parent, resized, signal) {
  const canvas = el('canvas', { 'aria-hidden': 'true' });
  const context = /** @type {CanvasRenderingContext2D} */ (
    canvas.getContext('2d', { alpha: false, desynchronized: false })
  );
  parent.append(canvas);
  const surface = { canvas, context, width: 0, height: 0, ratio: 1 };
  const measure = () => {
    const ratio = window.devicePixelRatio || 1;
    const width = Math.max(1, Math.round(parent.clientWidth * ratio));
    const height = Math.max(1, Math.round(parent.clientHeight * ratio));
    if (width === surface.width && height === surface.height && ratio === surface.ratio) {
      return;
    }
    Object.assign(surface, { width, height, ratio });
    canvas.width = width;
    canvas.height = height;
    canvas.style.width = `${width / ratio}px`;
    canvas.style.height = `${height / ratio}px`;
    resized();
  };
  const observer = new ResizeObserver(measure);
  observer.observe(parent);
  signal.addEventListener('abort', () => observer.disconnect(), { once: true });
  return surface;
}

/** @typedef {ReturnType<typeof createCanvas>} Surface */
