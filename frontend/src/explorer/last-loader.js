// @ts-check
import { plural } from '../base/format.js';
import { MOST_CHANGED } from '../model/last-events.js';
import { LAYERS } from '../model/paint.js';
import { createLearning } from './learning.js';

/**
 * Learns what happened last to each page while it is looked at, up to the moment that is shown.
 *
 * @param {object} parts
 * @param {import('../stream/api.js').RecordingApi} parts.api
 * @param {import('../model/last-events.js').LastEvents} parts.last
 * @param {() => import('../model/view-state.js').ViewState} parts.get
 * @param {() => void} parts.invalidate
 * @param {{show: (text: string) => void}} parts.toast
 * @returns {() => void} to be called when the moment or the layer has changed
 */
export function createLastLoader({ api, last, get, invalidate, toast }) {
  let said = false;
  const wanted = () => {
    const { layer, moment } = get();
    return LAYERS[layer].of === 'last' && moment !== null && moment.seq !== last.momentOf(layer) ? moment.seq : null;
  };
  /** @param {string} text */
  const sayOnce = (text) => {
    if (!said) {
      said = true;
      toast.show(text);
    }
  };

  /** @param {number} to the moment */
  async function learnContents(to) {
    const { epoch } = last;
    const { runs, complete } = await api.contents(to);
    if (epoch !== last.epoch) {
      return;
    }
    const all = last.learnContents(runs, complete, to);
    invalidate();
    if (!all) {
      sayOnce('The recording is too long, or tells of too many pages, to say of all what they hold.');
    }
  }

  /** @param {number} to the moment */
  async function learnEvents(to) {
    if (to < last.known) {
      // What was there before is told from the start on.
      last.restart();
      return;
    }
    const { known, epoch } = last;
    const answer = await api.lastEvents(known + 1, to);
    if (known === last.known && epoch === last.epoch) {
      last.learn(answer.changes, answer.touches, answer.next - 1);
      invalidate();
    }
    if (last.isFull) {
      sayOnce(`Ages are known of the first ${plural(MOST_CHANGED, 'page')} that changed only.`);
    }
  }

  return createLearning(async () => {
    const to = wanted();
    if (to !== null) {
      await (get().layer === 'contents' ? learnContents(to) : learnEvents(to));
    }
    return to !== null;
  }, toast);
}
