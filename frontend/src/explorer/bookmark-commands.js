// @ts-check

/**
 * Commands of bookmarks.
 *
 * @param {import('../model/commands.js').CommandRegistry} registry
 * @param {object} shell
 * @param {() => import('../model/view-state.js').ViewState} shell.state
 * @param {import('../views/actions.js').BookmarkActions} shell.bookmarks
 * @param {() => void} shell.add
 * @param {() => void} shell.toggleList
 */
export function addBookmarkCommands(registry, { state, bookmarks, add, toggleList }) {
  const any = () => state().bookmarks.length > 0;
  /** @type {[id: string, name: string, keys: string[], run: () => void, available?: () => boolean][]} */
  const list = [
    ['bookmark.add', 'Bookmark this moment and the selected page', ['C'], add, () => state().moment !== null],
    ['bookmark.list', 'Bookmarks: show or hide', ['Shift+C'], toggleList],
    ['bookmark.next', 'Next bookmark', ['Z'], () => bookmarks.beside(1), any],
    ['bookmark.previous', 'Previous bookmark', ['Shift+Z'], () => bookmarks.beside(-1), any],
  ];
  for (const [id, name, keys, run, available] of list) {
    registry.add({ id, name, group: 'Bookmarks', keys, run, available });
  }
}
