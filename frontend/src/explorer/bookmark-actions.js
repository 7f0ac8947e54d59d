// @ts-check
import { bookmarkBeside, pageOf } from '../model/bookmarks.js';
import { messageOf } from './loaders.js';

/**
 * What people do with bookmarks, done. That one was kept the stream tells, to whoever looks.
 *
 * @param {object} parts
 * @param {import('../stream/api.js').RecordingApi} parts.api
 * @param {{show: (text: string) => void}} parts.toast
 * @param {() => import('../model/view-state.js').ViewState} parts.get
 * @param {(part: Partial<import('../model/view-state.js').ViewState>) => void} parts.patch
 * @param {(seq: number) => void} parts.seek
 * @param {(page: import('../model/page-ref.js').PageRef, reveal: boolean) => void} parts.selectPage
 * @returns {import('../views/actions.js').BookmarkActions}
 */
export function createBookmarkActions({ api, toast, get, patch, seek, selectPage }) {
  let saving = false;
  const failed = (/** @type {unknown} */ error) => toast.show(messageOf(error));

  /** @param {import('../model/messages.js').BookmarkInfo} bookmark */
  function goTo(bookmark) {
    const page = pageOf(bookmark);
    seek(bookmark.seq);
    // Regions told anew may lack the page.
    if (page && page.page < (get().meta?.regions[page.region]?.pages ?? 0)) {
      selectPage(page, true);
    }
  }

  return {
    begin() {
      const { moment, page } = get();
      patch({ side: 'marks', noting: { number: null, seq: moment?.seq ?? 0, page, text: '' } });
    },
    edit(bookmark) {
      patch({ side: 'marks', noting: { number: bookmark.number, seq: bookmark.seq, page: pageOf(bookmark), text: bookmark.text } });
    },
    async save(text) {
      const { noting } = get();
      if (!noting || saving) {
        return;
      }
      saving = true;
      try {
        await api.keepBookmark(noting.number, { seq: noting.seq, region: noting.page?.region ?? null, page: noting.page?.page ?? null, text });
        if (get().noting === noting) {
          patch({ noting: null });
        }
      } catch (error) {
        // What was typed stays.
        failed(error);
      }
      saving = false;
    },
    cancel() {
      patch({ noting: null });
    },
    remove({ number }) {
      api.deleteBookmark(number).catch(failed);
    },
    goTo,
    beside(direction) {
      const found = bookmarkBeside(get().bookmarks, get().moment?.seq ?? 0, direction);
      if (found) {
        goTo(found);
      } else {
        toast.show(`No ${direction > 0 ? 'later' : 'earlier'} bookmark.`);
      }
    },
  };
}
