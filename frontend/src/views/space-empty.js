// @ts-check
import { button, el, setText } from './dom.js';

/**
 * What stands where the grid will be: the recording is being opened, or has no region to show.
 *
 * @param {() => void} askRegions
 */
export function createEmptySpace(askRegions) {
  const root = el('div', { class: 'fs-state fs-space__empty' });
  let shown = '';
  return {
    root,
    /** @param {import('../model/view-state.js').ViewState} state */
    update({ meta, connection }) {
      root.hidden = meta !== null && meta.regions.length > 0;
      const now = meta === null ? connection.phase : meta.progress.state;
      if (root.hidden || now === shown) {
        return;
      }
      shown = now;
      if (meta === null) {
        setText(root, connection.phase === 'ended' ? '' : 'Opening the recording…');
      } else if (meta.progress.state === 'loading') {
        setText(root, 'No region yet: the file is still being read.');
      } else {
        root.replaceChildren(
          el('p', {
            text: 'No memory region was found in this recording: nothing in it says where guest memory lies. The table lens shows its events.',
          }),
          button({
            name: 'Set regions by hand',
            label: 'Set regions by hand',
            class: 'fs-button fs-button--primary',
            run: askRegions,
          }),
        );
      }
    },
  };
}
