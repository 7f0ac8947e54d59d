// @ts-check

/**
 * Rows that are asked for one stretch after another, each from where the last one ended.
 *
 * @template T
 */
export class GrowingList {
  /** @type {T[]} */
  rows = [];
  /** Whether there are no more. */
  complete = false;
  #from;
  #loading = false;

  /**
   * @param {number} from where the first stretch begins
   * @param {number} most rows that are kept; more are not asked for
   * @param {(from: number) => Promise<{rows: T[], next: number | null}>} fetch next is null at the end
   * @param {() => void} arrived
   * @param {(error: unknown) => void} failed
   */
  constructor(from, most, fetch, arrived, failed) {
    this.#from = from;
    this.most = most;
    this.fetch = fetch;
    this.arrived = arrived;
    this.failed = failed;
  }

  /** @param {number} last one beyond the last row that is wanted */
  need(last) {
    if (!this.#loading && !this.complete && last > this.rows.length && this.rows.length < this.most) {
      void this.#load();
    }
  }

  /** There may be more by now. */
  reopen() {
    this.complete = false;
  }

  async #load() {
    this.#loading = true;
    try {
      const { rows, next } = await this.fetch(this.#from);
      this.rows = this.rows.concat(rows);
      this.complete = next === null;
      this.#from = next ?? this.#from;
      this.#loading = false;
      this.arrived();
    } catch (error) {
      this.#loading = false;
      this.complete = true;
      this.failed(error);
    }
  }
}
