// @ts-check

/** The codes of a tile of which most pages have one code. */
export class SparseCodes {
  #most = 0;
  /** @type {Map<number, number>} */
  #others = new Map();

  /** @param {number} code of all pages */
  fill(code) {
    this.#most = code;
    this.#others.clear();
  }

  /** @param {number} page of the tile @returns {number} */
  get(page) {
    return this.#others.get(page) ?? this.#most;
  }

  /** @param {number} page @param {number} code */
  set(page, code) {
    if (code === this.#most) {
      this.#others.delete(page);
    } else {
      this.#others.set(page, code);
    }
  }

  /** @param {number} code @returns {boolean} whether all its pages have it */
  isAll(code) {
    return this.#others.size === 0 && this.#most === code;
  }

  /** @param {(first: number, count: number, code: number) => void} visit @param {number} pages of the tile */
  forEach(visit, pages) {
    visit(0, pages, this.#most);
    this.#others.forEach((code, page) => visit(page, 1, code));
  }
}
