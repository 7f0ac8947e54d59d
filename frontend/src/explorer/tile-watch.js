// @ts-check

/** More tiles than this the server refuses: so many pages are as much as a tab should hold. */
const MOST_TILES = 64;

/**
 * Tells the server which tiles of a large recording are looked at page by page.
 *
 * @param {import('../stream/session-socket.js').SessionSocket} socket
 */
export function createTileWatch(socket) {
  let told = '';
  return {
    /** @param {{region: number, tile: number}[]} tiles the most wanted first */
    lookAt(tiles) {
      const wanted = tiles.slice(0, MOST_TILES);
      const key = wanted.map(({ region, tile }) => `${region}:${tile}`).join(' ');
      if (key !== told && socket.send({ type: 'tiles', tiles: wanted })) {
        told = key;
      }
    },
    /** To be called when a connection begins: it knows of none. */
    begin() {
      told = '';
    },
  };
}
