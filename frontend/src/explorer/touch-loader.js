// @ts-check
import { plural } from '../base/format.js';
import { LAYERS } from '../model/paint.js';
import { MOST_TOUCHED } from '../model/touch-order.js';
import { createLearning } from './learning.js';

/** Between two questions about a recording that grows. */
const GROWING_MS = 500;

/**
 * Learns the order of first touches while it is looked at.
 *
 * @param {object} parts
 * @param {import('../stream/api.js').RecordingApi} parts.api
 * @param {import('../model/touch-order.js').TouchOrder} parts.touches
 * @param {() => import('../model/view-state.js').ViewState} parts.get
 * @param {() => void} parts.invalidate
 * @param {{show: (text: string) => void}} parts.toast
 * @returns {() => void} to be called when there may be more
 */
export function createTouchLoader({ api, touches, get, invalidate, toast }) {
  return createLearning(async () => {
    const { layer, meta } = get();
    const from = touches.next;
    if (LAYERS[layer].of !== 'touches' || meta === null || meta.events < from || touches.isFull) {
      return false;
    }
    const answer = await api.firstTouches(from);
    if (from !== touches.next) {
      // Meanwhile it became another recording.
      return true;
    }
    touches.add(answer.touches, answer.next);
    invalidate();
    if (touches.isFull) {
      toast.show(`The order is known of the first ${plural(MOST_TOUCHED, 'page')} only.`);
    }
    if (answer.complete) {
      await new Promise((rested) => window.setTimeout(rested, GROWING_MS));
    }
    return true;
  }, toast);
}
