// @ts-check

/**
 * Consecutive pages with one state.
 *
 * @typedef {[first: number, count: number, state: number]} Run
 */

/** Runs of pages as three columns: a large frame is three arrays and not a million objects. */
export class Runs {
  #firsts;
  #counts;
  #states;
  length = 0;

  /** @param {number} capacity */
  constructor(capacity) {
    this.#firsts = new Uint32Array(capacity);
    this.#counts = new Uint32Array(capacity);
    this.#states = new Uint16Array(capacity);
  }

  /** @param {number} first @param {number} count @param {number} state */
  push(first, count, state) {
    if (this.length === this.#firsts.length) {
      this.#grow();
    }
    this.#firsts[this.length] = first;
    this.#counts[this.length] = count;
    this.#states[this.length] = state;
    this.length++;
  }

  #grow() {
    const capacity = Math.max(16, this.#firsts.length * 2);
    const firsts = new Uint32Array(capacity);
    const counts = new Uint32Array(capacity);
    const states = new Uint16Array(capacity);
    firsts.set(this.#firsts);
    counts.set(this.#counts);
    states.set(this.#states);
    this.#firsts = firsts;
    this.#counts = counts;
    this.#states = states;
  }

  /** @param {(first: number, count: number, state: number) => void} visit */
  forEach(visit) {
    for (let i = 0; i < this.length; i++) {
      visit(this.#firsts[i], this.#counts[i], this.#states[i]);
    }
  }

  /** @returns {Run[]} */
  toArray() {
    /** @type {Run[]} */
    const runs = [];
    this.forEach((first, count, state) => runs.push([first, count, state]));
    return runs;
  }
}
