// @ts-check

/**
 * Consecutive cells that hold the same: how many of their pages have which state.
 *
 * @typedef {[first: number, length: number, states: [code: number, pages: number][]]} CellRun `pages` is 0
 *   where all pages of the cell have the one state
 */

/** What frames say of cells. Most hold one state: those are three numbers and no object. */
export class CellRuns {
  /** @type {number[]} */
  #firsts = [];
  /** @type {number[]} */
  #lengths = [];
  /** @type {(number | [number, number][])[]} */
  #contents = [];

  /** @param {number} first @param {number} length @param {number | [code: number, pages: number][]} content the one code, or several with their pages */
  push(first, length, content) {
    this.#firsts.push(first);
    this.#lengths.push(length);
    this.#contents.push(content);
  }

  /** @param {(first: number, length: number, content: number | [code: number, pages: number][]) => void} visit */
  forEach(visit) {
    this.#firsts.forEach((first, i) => visit(first, this.#lengths[i], this.#contents[i]));
  }

  /** @returns {CellRun[]} */
  toArray() {
    return this.#firsts.map((first, i) => {
      const content = this.#contents[i];
      return [first, this.#lengths[i], typeof content === 'number' ? [[content, 0]] : content];
    });
  }
}
