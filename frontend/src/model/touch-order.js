// @ts-check
import { PageNumbers } from './page-numbers.js';
import { ORDER_PARTS } from './paint.js';
import { PageStore } from './page-store.js';

/** Most pages whose order is kept; the recording may have more. */
export const MOST_TOUCHED = 2 ** 22;

/** @typedef {{seq: number, region: number, page: number, pages: number}} Touch consecutive pages, first touched by one event */

/**
 * Which page was touched before which. Learnt once from first to last; what is shown of it follows the
 * moment.
 */
export class TouchOrder {
  /** What is painted: of each page that was touched by the moment, which part of the order it is in. */
  pages = new PageStore();
  /** @type {number[]} by order */
  #seqs = [];
  /** @type {number[]} */
  #regions = [];
  /** @type {number[]} */
  #pages = [];
  /** From 1. */
  #orders = new PageNumbers();
  #sparse = false;
  #shown = 0;
  #moment = 0;
  #epoch = 0;

  /** The event from which on nothing is known yet. */
  next = 1;

  constructor() {
    this.pages.setLayer('order');
  }

  /** @returns {boolean} whether no more are kept */
  get isFull() {
    return this.#seqs.length >= MOST_TOUCHED;
  }

  /** @param {number} epoch of the recording: of another one nothing is known */
  begin(epoch) {
    if (epoch !== this.#epoch) {
      this.#epoch = epoch;
      this.next = 1;
      this.#seqs = [];
      this.#regions = [];
      this.#pages = [];
      this.#orders.clear();
      this.#paint();
    }
  }

  /** @param {number[]} sizes pages of each region */
  setRegions(sizes) {
    this.pages.setRegions(sizes);
    this.#paint();
  }

  /** @param {boolean} on whether memory is too large for an array of all its pages */
  keepSparse(on) {
    if (on !== this.#sparse) {
      this.#sparse = on;
      this.pages.keepSparse(on);
      this.#paint();
    }
  }

  /**
   * Learns what follows on what is known.
   *
   * @param {Touch[]} touches in order; pages that are known already are passed over
   * @param {number} next
   */
  add(touches, next) {
    const before = this.#seqs.length;
    for (const { seq, region, page, pages } of touches) {
      for (let each = page; each < page + pages && !this.isFull; each++) {
        if (this.#orders.get(region, each) === 0) {
          this.#seqs.push(seq);
          this.#regions.push(region);
          this.#pages.push(each);
          this.#orders.set(region, each, this.#seqs.length);
        }
      }
    }
    this.next = next;
    if (this.#seqs.length > before) {
      this.#paint();
    }
  }

  /** @param {number} seq the moment that is shown */
  moveTo(seq) {
    this.#moment = seq;
    while (this.#shown < this.#seqs.length && this.#seqs[this.#shown] <= seq) {
      this.#show(this.#shown, 1 + Math.floor((ORDER_PARTS * this.#shown) / this.#seqs.length));
      this.#shown++;
    }
    while (this.#shown > 0 && this.#seqs[this.#shown - 1] > seq) {
      this.#shown--;
      this.#show(this.#shown, 0);
    }
  }

  /**
   * @param {import('./page-ref.js').PageRef} page
   * @returns {number} from 1; 0 where no touch is told up to the moment
   */
  orderOf({ region, page }) {
    const order = this.#orders.get(region, page);
    return order > this.#shown ? 0 : order;
  }

  /** Which part of the order a page is in depends on how many there are: all are painted again. */
  #paint() {
    this.pages.clear();
    this.#shown = 0;
    this.moveTo(this.#moment);
  }

  /** @param {number} at in the order, from 0 @param {number} part */
  #show(at, part) {
    const [region, page] = [this.#regions[at], this.#pages[at]];
    // A region may be told of later than a page in it.
    if (page < this.pages.pages(region)) {
      this.pages.set(region, page, 1, part);
    }
  }
}
