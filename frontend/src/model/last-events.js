// @ts-check
import { TILE_PAGES } from '../base/page-grid.js';
import { PageNumbers } from './page-numbers.js';
import { AGE_UNKNOWN, AGES_US, CONTENTS, MOST_WHO } from './paint.js';
import { PageStore } from './page-store.js';
import { PageBit } from './vocabulary.generated.js';

/** Most pages whose last change is kept; the recording may have more. */
export const MOST_CHANGED = 2 ** 21;

/** @typedef {{region: number, page: number, pages: number, seq: number, timeNs: number, actor: number}} Last an event that was the last for consecutive pages */

/**
 * How long ago each page changed, and who touched it last: learnt of one moment, and of later ones by what
 * happened in between.
 */
export class LastEvents {
  /** What is painted, by layer: steps of age, or whose colour. @type {Record<string, PageStore>} */
  stores = { age: new PageStore(), who: new PageStore(), contents: new PageStore() };
  /** The moment up to which ages and who are known. */
  known = 0;
  /** The moment whose contents are known; -1 for none. */
  #contentsOf = -1;
  #index = new PageNumbers();
  /** @type {number[]} */
  #regions = [];
  /** @type {number[]} */
  #pages = [];
  /** @type {number[]} when it changed */
  #times = [];
  /** @type {number[]} as it is painted */
  #codes = [];
  #cut = false;
  #timeNs = 0;
  /** Of the recording that it is about. */
  epoch = 0;
  /** In the order of their colours. @type {string[]} */
  names = [];
  /** Which colour an actor has, by its index. @type {number[]} */
  #colours = [];

  constructor() {
    this.stores.age.setLayer('age');
    this.stores.who.setLayer('who');
    this.stores.contents.setLayer('contents');
  }

  /** @returns {boolean} whether no more changed pages are kept */
  get isFull() {
    return this.#times.length >= MOST_CHANGED;
  }

  /** @param {number} epoch of the recording: of another one nothing is known */
  begin(epoch) {
    if (epoch !== this.epoch) {
      this.epoch = epoch;
      this.restart();
    }
  }

  /** Nothing is known, as at moment 0. */
  restart() {
    this.known = 0;
    this.#contentsOf = -1;
    this.#cut = false;
    this.#index.clear();
    this.#regions = [];
    this.#pages = [];
    this.#times = [];
    this.#codes = [];
    this.stores.age.clear();
    this.stores.who.clear();
    this.stores.contents.clear();
  }

  /** @param {{pages: number, initial: number}[]} regions */
  setRegions(regions) {
    const sizes = regions.map(({ pages }) => pages);
    this.stores.age.setRegions(sizes, regions.map(({ initial }) => (initial & PageBit.UNKNOWN ? AGE_UNKNOWN : 0)));
    this.stores.who.setRegions(sizes);
    this.stores.contents.setRegions(sizes, regions.map(({ initial }) => 1 + contentsAt(initial === 0 ? 'nothing' : 'unknown')));
  }

  /** @param {boolean} on whether memory is too large for an array of all its pages */
  keepSparse(on) {
    if (on !== this.stores.age.isCells) {
      Object.values(this.stores).forEach((store) => store.keepSparse(on));
      this.restart();
    }
  }

  /** @param {{index: number, kind: string, label: string}[]} actors all but handlers have colours, in their order */
  setActors(actors) {
    const touching = actors.filter(({ kind }) => kind !== 'handler');
    touching.forEach(({ index }, i) => {
      this.#colours[index] = 1 + Math.min(i, MOST_WHO - 1);
    });
    this.names = touching.map(({ label }) => label);
  }

  /** @param {string} layer @returns {number} the moment whose pages its store has */
  momentOf(layer) {
    return layer === 'contents' ? this.#contentsOf : this.known;
  }

  /**
   * @param {{region: number, page: number, pages: number, kind: string}[]} runs
   * @param {boolean} complete whether pages in none hold what their region began with; they are unknown else
   * @param {number} seq the moment
   * @returns {boolean} whether all is known then
   */
  learnContents(runs, complete, seq) {
    const { contents } = this.stores;
    contents.clear();
    this.#contentsOf = seq;
    let room = contents.isCells ? MOST_CHANGED : Infinity;
    const kept = runs.filter(({ page, pages }) => (room -= pages - wholeTiles(page, pages)) >= 0);
    const all = complete && kept.length === runs.length;
    if (!all) {
      this.#fill(contents, 1 + contentsAt('unknown'));
    }
    for (const { region, page, pages, kind } of kept) {
      // A region may be told of later than a page in it.
      if (page + pages <= contents.pages(region)) {
        contents.set(region, page, pages, 1 + contentsAt(kind));
      }
    }
    return all;
  }

  /** @param {PageStore} store @param {number} code of every page */
  #fill(store, code) {
    for (let region = 0; region < store.regionCount; region++) {
      store.set(region, 0, store.pages(region), code);
    }
  }

  /** @param {import('./page-ref.js').PageRef} page @returns {number | null} since it changed; null where that is not known */
  ageNs({ region, page }) {
    const at = this.#index.get(region, page) - 1;
    return at < 0 ? null : this.#timeNs - this.#times[at];
  }

  /**
   * Learns what follows on what is known.
   *
   * @param {Last[]} changes @param {Last[]} touches @param {number} known the moment up to which it is known then
   */
  learn(changes, touches, known) {
    for (const { region, page, pages, timeNs } of changes) {
      for (let each = page; each < page + pages; each++) {
        let at = this.#index.get(region, each) - 1;
        if (at < 0) {
          if (this.isFull) {
            this.#cut ||= this.#beCut();
            break;
          }
          at = this.#times.length;
          this.#regions.push(region);
          this.#pages.push(each);
          this.#codes.push(0);
          this.#index.set(region, each, at + 1);
        }
        this.#times[at] = timeNs;
      }
    }
    for (const { region, page, pages, actor } of touches) {
      const { who } = this.stores;
      // A region may be told of later than a page in it.
      if (page + pages <= who.pages(region)) {
        who.set(region, page, pages, this.#colours[actor] ?? MOST_WHO);
      }
    }
    this.known = known;
    this.#paint();
  }

  /** Of pages that are not kept nobody knows whether they changed. @returns {true} */
  #beCut() {
    this.#fill(this.stores.age, AGE_UNKNOWN);
    this.#codes.fill(0);
    return true;
  }

  /** @param {number} timeNs of the moment that is shown: ages are counted up to it */
  moveTo(timeNs) {
    if (timeNs !== this.#timeNs) {
      this.#timeNs = timeNs;
      this.#paint();
    }
  }

  #paint() {
    const timeNs = this.#timeNs;
    const { age } = this.stores;
    for (let at = 0; at < this.#times.length; at++) {
      const code = 1 + stepOf(timeNs - this.#times[at]);
      if (code !== this.#codes[at] && this.#pages[at] < age.pages(this.#regions[at])) {
        this.#codes[at] = code;
        age.set(this.#regions[at], this.#pages[at], 1, code);
      }
    }
  }
}

/** @param {number} page @param {number} pages @returns {number} how many of them are in whole tiles: those cost nothing each */
function wholeTiles(page, pages) {
  return TILE_PAGES * Math.max(0, Math.floor((page + pages) / TILE_PAGES) - Math.ceil(page / TILE_PAGES));
}

/** @param {string} kind @returns {number} */
function contentsAt(kind) {
  return CONTENTS.findIndex(({ id }) => id === kind);
}

/** @param {number} ageNs @returns {number} from 0, the newest */
function stepOf(ageNs) {
  let step = 0;
  while (step < AGES_US.length && ageNs > 1000 * AGES_US[step]) {
    step++;
  }
  return step;
}
