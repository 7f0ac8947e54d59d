// @ts-check

/**
 * One kind of thing that happens, and who wants to know. A listener lives until its signal aborts.
 *
 * @template T
 */
export class Emitter {
  /** @type {Set<(value: T) => void>} */
  #listeners = new Set();

  /**
   * @param {(value: T) => void} listener
   * @param {{signal?: AbortSignal}} [options]
   * @returns {() => void} stops listening
   */
  on(listener, { signal } = {}) {
    if (signal?.aborted) {
      return () => {};
    }
    this.#listeners.add(listener);
    const off = () => void this.#listeners.delete(listener);
    signal?.addEventListener('abort', off, { once: true });
    return off;
  }

  /** @param {T} value */
  emit(value) {
    for (const listener of [...this.#listeners]) {
      listener(value);
    }
  }

  /** @returns {number} how many listen */
  get size() {
    return this.#listeners.size;
  }
}
