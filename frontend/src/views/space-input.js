// @ts-check

/**
 * What a person does on the grid, in device pixels.
 *
 * @typedef {object} SpaceGestures
 * @property {(dx: number, dy: number) => void} pan
 * @property {(steps: number, x: number, y: number) => void} zoom
 * @property {(x: number, y: number, closer: boolean) => void} pick
 * @property {(x: number, y: number) => void} hover
 * @property {() => void} leave
 */

/** A wheel turns in small portions; this much of it is one step of zoom. */
const WHEEL_STEP = 80;

/** A pointer that moved less has clicked. */
const CLICK_PIXELS = 4;

/**
 * Mouse, pen and fingers: drag to pan, wheel or pinch to zoom, Shift and wheel to pan, click to
 * select, double click to come close.
 *
 * @param {HTMLElement} surface
 * @param {SpaceGestures} gestures
 * @param {AbortSignal} signal
 */
export function listenToPointers(surface, gestures, signal) {
  /** @type {Map<number, {x: number, y: number}>} */
  const down = new Map();
  let moved = 0;
  let wheel = 0;
  let spread = 0;

  /** @param {MouseEvent} event */
  const at = (event) => {
    const box = surface.getBoundingClientRect();
    const ratio = window.devicePixelRatio || 1;
    return { x: (event.clientX - box.left) * ratio, y: (event.clientY - box.top) * ratio };
  };
  const distance = () => {
    const [a, b] = [...down.values()];
    return Math.hypot(a.x - b.x, a.y - b.y);
  };

  // A click looks at a page; arrow keys go on stepping through time. Tab leads into the grid, and
  // there they go from page to page.
  surface.addEventListener(
    'mousedown',
    (event) => {
      if (onButton(event)) {
        return;
      }
      event.preventDefault();
      if (document.activeElement instanceof HTMLElement && document.activeElement !== surface) {
        document.activeElement.blur();
      }
    },
    { signal },
  );
  surface.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button > 1 || onButton(event)) {
        return;
      }
      surface.setPointerCapture(event.pointerId);
      down.set(event.pointerId, at(event));
      moved = 0;
      spread = down.size === 2 ? distance() : 0;
    },
    { signal },
  );
  surface.addEventListener(
    'pointermove',
    (event) => {
      const now = at(event);
      const before = down.get(event.pointerId);
      if (!before) {
        if (onButton(event)) {
          gestures.leave();
        } else {
          gestures.hover(now.x, now.y);
        }
        return;
      }
      down.set(event.pointerId, now);
      if (down.size === 2) {
        const wide = distance();
        const [a, b] = [...down.values()];
        const steps = Math.trunc(Math.log2(wide / Math.max(1, spread)) * 3);
        if (steps !== 0) {
          gestures.zoom(steps, (a.x + b.x) / 2, (a.y + b.y) / 2);
          spread = wide;
        }
        moved = CLICK_PIXELS;
      } else {
        moved += Math.abs(now.x - before.x) + Math.abs(now.y - before.y);
        if (moved >= CLICK_PIXELS) {
          surface.classList.add('fs-space__surface--dragging');
          gestures.leave();
          gestures.pan(before.x - now.x, before.y - now.y);
        }
      }
    },
    { signal },
  );
  /** @param {PointerEvent} event */
  const up = (event) => {
    const last = down.get(event.pointerId);
    down.delete(event.pointerId);
    surface.classList.remove('fs-space__surface--dragging');
    if (last && moved < CLICK_PIXELS && event.type === 'pointerup') {
      gestures.pick(last.x, last.y, false);
    }
  };
  surface.addEventListener('pointerup', up, { signal });
  surface.addEventListener('pointercancel', up, { signal });
  surface.addEventListener('pointerleave', () => gestures.leave(), { signal });
  surface.addEventListener(
    'dblclick',
    (event) => {
      if (!onButton(event)) {
        const now = at(event);
        gestures.pick(now.x, now.y, true);
      }
    },
    { signal },
  );
  surface.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const ratio = window.devicePixelRatio || 1;
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        gestures.pan((event.deltaX + (event.shiftKey ? event.deltaY : 0)) * ratio, 0);
        return;
      }
      if (event.altKey) {
        gestures.pan(0, event.deltaY * ratio);
        return;
      }
      // A pinch on a touchpad arrives as a wheel with Ctrl, in much smaller portions.
      wheel += event.ctrlKey ? event.deltaY * 8 : event.deltaY;
      const steps = Math.trunc(wheel / WHEEL_STEP);
      if (steps !== 0) {
        wheel -= steps * WHEEL_STEP;
        const now = at(event);
        gestures.zoom(-steps, now.x, now.y);
      }
    },
    { signal, passive: false },
  );
}

/** @param {Event} event @returns {boolean} whether it is meant for a button or the map, which lie on the grid */
function onButton(event) {
  return event.target instanceof Element && event.target.closest('button, .fs-space__map') !== null;
}
