// @ts-check

/**
 * Rows of a long list, fetched block by block and kept as long as they are among the last used.
 *
 * @template T
 */
export class BlockCache {
  /** @type {Map<number, T[] | 'loading'>} */
  #blocks = new Map();

  /**
   * @param {number} blockSize
   * @param {number} mostBlocks
   * @param {(block: number) => Promise<T[]>} fetch
   * @param {() => void} arrived
   * @param {(error: unknown) => void} failed
   */
  constructor(blockSize, mostBlocks, fetch, arrived, failed) {
    this.blockSize = blockSize;
    this.mostBlocks = mostBlocks;
    this.fetch = fetch;
    this.arrived = arrived;
    this.failed = failed;
  }

  /** @param {number} index @returns {T | null} null while it is not here */
  at(index) {
    const block = this.#blocks.get(Math.floor(index / this.blockSize));
    return block && block !== 'loading' ? (block[index % this.blockSize] ?? null) : null;
  }

  /** @param {number} first @param {number} last one beyond */
  need(first, last) {
    for (let block = Math.floor(first / this.blockSize); block * this.blockSize < last; block++) {
      const known = this.#blocks.get(block);
      if (known && known !== 'loading') {
        // Used last: goes to the end of the map.
        this.#blocks.delete(block);
        this.#blocks.set(block, known);
      } else if (!known) {
        void this.#load(block);
      }
    }
  }

  /** Forgets everything, or the blocks from an index on (the list has grown). */
  forget(from = 0) {
    for (const block of [...this.#blocks.keys()]) {
      if ((block + 1) * this.blockSize > from) {
        this.#blocks.delete(block);
      }
    }
  }

  /** @param {number} block */
  async #load(block) {
    this.#blocks.set(block, 'loading');
    try {
      const rows = await this.fetch(block);
      if (this.#blocks.get(block) !== 'loading') {
        return;
      }
      this.#blocks.set(block, rows);
      this.#trim();
      this.arrived();
    } catch (error) {
      this.#blocks.delete(block);
      this.failed(error);
    }
  }

  #trim() {
    for (const [block, rows] of this.#blocks) {
      if (this.#blocks.size <= this.mostBlocks) {
        return;
      }
      if (rows !== 'loading') {
        this.#blocks.delete(block);
      }
    }
  }
}
