// @ts-check

/**
 * How an attachment stands; docs/wire-protocol.md.
 *
 * @typedef {object} AttachmentView
 * @property {string} id
 * @property {'waiting' | 'serving' | 'over' | 'failed'} state
 * @property {string} socket
 * @property {string} memory
 * @property {string} policy
 * @property {number} peers
 * @property {number} acceptSeconds
 * @property {number} handshakeSeconds
 * @property {number} watchdogSeconds
 * @property {string} request
 * @property {string | null} failure
 * @property {string[]} refused
 * @property {string[]} runs names of runs
 */

/** @param {AttachmentView} view @returns {string} where it listens, or that it does no more */
export function attachmentInWords({ state, socket, failure }) {
  switch (state) {
    case 'waiting':
      return `Listening at ${socket}:`;
    case 'serving':
      return `Serving at ${socket}:`;
    case 'failed':
      return `Failed (${failure}):`;
    case 'over':
      return 'Over:';
  }
}
