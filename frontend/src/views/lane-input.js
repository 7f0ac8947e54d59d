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
 * @property {(from: {x: number, y: number}, to: {x: number, y: number}, done: boolean) => void} select
 * @property {(point: {x: number, y: number}) => void} click
 * @property {(x: number, y: number) => void} hover
 * @property {() => void} leave
 */

/** A pointer that moved less has clicked. */
const CLICK_PIXELS = 4;

/** A wheel turned this far shows half the time. */
const WHEEL_HALVES = 240;

/**
 * Drag selects; with Shift, over the names or by a finger it moves in time and between lanes. The wheel zooms about the pointer; over the names, or with
 * Alt, it scrolls the lanes, with Shift it moves in time.
 *
 * @param {HTMLElement} surface
 * @param {LaneGestures} gestures
 * @param {AbortSignal} signal
 */
export function listenToLanePointers(surface, gestures, signal) {
  let drag = /** @type {{x: number, y: number, lastY: number, scale: TimeScale, moved: boolean, selects: boolean} | null} */ (null);
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
      drag = { ...point, lastY: point.y, scale: gestures.scale(), moved: false, selects: !event.shiftKey && event.pointerType !== 'touch' && !gestures.labelled(point.x) };
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
      if (drag.selects) {
        gestures.select(drag, now, false);
        return;
      }
      gestures.move(drag.scale, drag.x - now.x);
      gestures.scrollBy(drag.lastY - now.y);
      drag.lastY = now.y;
    },
    { signal },
  );
  surface.addEventListener(
    'pointerup',
    (event) => {
      const done = drag;
      drag = null;
      if (done && !done.moved) {
        gestures.click(at(event));
      } else if (done?.selects) {
        gestures.select(done, at(event), true);
      }
    },
    { signal },
  );
  surface.addEventListener(
    'pointercancel',
    () => {
      drag = null;
      gestures.leave();
    },
    { signal },
  );
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
