// @ts-check
import { explorerOf } from '../model/addresses.js';
import { encodeLink } from '../model/deep-link.js';
import { linkOf } from '../model/view-state.js';
import { el } from './dom.js';

/**
 * The way from a framed picture to the whole program, at the moment that is shown.
 *
 * @param {HTMLElement} bar
 */
export function createEmbedLink(bar) {
  const link = el('a', { class: 'fs-embed__open', target: '_blank', rel: 'noopener', text: 'Open in Faultscope' });
  bar.append(link);
  return {
    /** @param {import('../model/view-state.js').ViewState} state */
    update(state) {
      if (state.recording && !state.moment?.playing) {
        link.href = explorerOf(state.recording.id, `#${encodeLink(linkOf(state))}`);
      }
    },
  };
}
