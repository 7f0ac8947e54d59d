// @ts-check

/** @typedef {import('../base/time-scale.js').TimeScale} TimeScale */

/**
 * What a pointer does on the lanes, in CSS pixels.
 *
 * @typedef {object} LaneGestures
 * @property {() => TimeScale} scale that is shown now
 * @property {(x: number) => boolean} labelled whether names stand there
 * @property {(from: TimeScale, byPixels: number) => void} move
 * @property {(factor: number, x: number) => void} zoom
 * @property {(pixels: number) => void} scrollBy
 * @property {(point: {x: number, y: number}) => void} click
 * @property {(x: number, y: number) => void} hover
 * @property {() => void} leave
 */

/** A pointer that moved less has clicked. */
const CLICK_PIXELS = 4;

/** A wheel turned this far shows half the time. */
const WHEEL_HALVES = 240;

/**
 * Drag moves in time and between lanes, the wheel zooms about the pointer; over the names, or with
 * Alt, it scrolls the lanes, with Shift it moves in time.
 *
 * @param {HTMLElement} surface
 * @param {LaneGestures} gestures
 * @param {AbortSignal} signal
 */
export function listenToLanePointers(surface, gestures, signal) {
  let drag = /** @type {{x: number, y: number, lastY: number, scale: TimeScale, moved: boolean} | null} */ (null);
  const at = (/** @type {MouseEvent} */ event) => {
    const bounds = surface.getBoundingClientRect();
    return { x: event.clientX - bounds.left, y: event.clientY - bounds.top };
  };
  // A click goes to a moment; arrow keys go on stepping. Tab leads into the lanes.
  surface.addEventListener('mousedown', (event) => event.preventDefault(), { signal });
  surface.addEventListener(
    'pointerdown',
    (event) => {
      surface.setPointerCapture(event.pointerId);
      const point = at(event);
      drag = { ...point, lastY: point.y, scale: gestures.scale(), moved: false };
    },
    { signal },
  );
  surface.addEventListener(
    'pointermove',
    (event) => {
      const now = at(event);
      if (!drag) {
        gestures.hover(now.x, now.y);
        return;
      }
      if (Math.abs(now.x - drag.x) + Math.abs(now.y - drag.y) < CLICK_PIXELS && !drag.moved) {
        return;
      }
      drag.moved = true;
      gestures.leave();
      gestures.move(drag.scale, drag.x - now.x);
      gestures.scrollBy(drag.lastY - now.y);
      drag.lastY = now.y;
    },
    { signal },
  );
  surface.addEventListener(
    'pointerup',
    (event) => {
      const clicked = drag !== null && !drag.moved;
      drag = null;
      if (clicked) {
        gestures.click(at(event));
      }
    },
    { signal },
  );
  surface.addEventListener('pointercancel', () => (drag = null), { signal });
  surface.addEventListener('pointerleave', () => gestures.leave(), { signal });
  surface.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const { x } = at(event);
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        gestures.move(gestures.scale(), event.deltaX + event.deltaY);
      } else if (event.altKey || gestures.labelled(x)) {
        gestures.scrollBy(event.deltaY);
      } else {
        gestures.zoom(2 ** (-event.deltaY / WHEEL_HALVES), x);
      }
    },
    { signal, passive: false },
  );
}
