// @ts-check
import { formatCount, plural } from '../base/format.js';

/**
 * How many faults there are, as `faultscope stats` counts them: those whose message nobody read before they ended
 * stand apart there, and are told here.
 *
 * @param {number} all the unread ones with them
 * @param {number} unread
 * @returns {string}
 */
export function faultsInWords(all, unread) {
  return `${plural(all, 'fault')}${unread === 0 ? '' : `, ${formatCount(unread)} of them unread`}`;
}
