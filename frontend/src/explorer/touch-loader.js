// @ts-check
import { plural } from '../base/format.js';
import { LAYERS } from '../model/paint.js';
import { MOST_TOUCHED } from '../model/touch-order.js';
import { messageOf } from './loaders.js';

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
  let asking = false;
  let refused = '';
  const wanted = () => {
    const { layer, meta } = get();
    return LAYERS[layer].of === 'touches' && meta !== null && meta.events >= touches.next && !touches.isFull;
  };

  async function ask() {
    if (asking) {
      return;
    }
    asking = true;
    try {
      while (wanted()) {
        const from = touches.next;
        const answer = await api.firstTouches(from);
        if (from !== touches.next) {
          // Meanwhile it became another recording.
          continue;
        }
        touches.add(answer.touches, answer.next);
        invalidate();
        if (touches.isFull) {
          toast.show(`The order is known of the first ${plural(MOST_TOUCHED, 'page')} only.`);
        }
        if (answer.complete) {
          await new Promise((rested) => window.setTimeout(rested, GROWING_MS));
        }
      }
      refused = '';
    } catch (error) {
      const message = messageOf(error);
      if (message !== refused) {
        refused = message;
        toast.show(message);
      }
    } finally {
      asking = false;
    }
  }
  return () => void ask();
}
