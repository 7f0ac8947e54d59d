// @ts-check
import { plural } from '../base/format.js';
import { MOST_CHANGED } from '../model/last-events.js';
import { LAYERS } from '../model/paint.js';
import { messageOf } from './loaders.js';

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
  let asking = false;
  let refused = '';
  let said = false;
  const wanted = () => {
    const { layer, moment } = get();
    return LAYERS[layer].of === 'last' && moment !== null && moment.seq !== last.momentOf(layer) ? moment.seq : null;
  };

  async function ask() {
    if (asking) {
      return;
    }
    asking = true;
    try {
      for (let to = wanted(); to !== null; to = wanted()) {
        if (get().layer === 'contents') {
          const { epoch } = last;
          const { runs, complete } = await api.contents(to);
          if (epoch !== last.epoch) {
            continue;
          }
          const all = last.learnContents(runs, complete, to);
          invalidate();
          if (!all && !said) {
            said = true;
            toast.show('The recording is too long, or tells of too many pages, to say of all what they hold.');
          }
          continue;
        }
        if (to < last.known) {
          // What was there before is told from the start on.
          last.restart();
          continue;
        }
        const { known, epoch } = last;
        const answer = await api.lastEvents(known + 1, to);
        if (known === last.known && epoch === last.epoch) {
          last.learn(answer.changes, answer.touches, answer.next - 1);
          invalidate();
        }
        if (last.isFull && !said) {
          said = true;
          toast.show(`Ages are known of the first ${plural(MOST_CHANGED, 'page')} that changed only.`);
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
