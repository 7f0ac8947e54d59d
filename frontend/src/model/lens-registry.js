// @ts-check
import { assert } from '../base/assert.js';

/** @typedef {string} LensId */

/**
 * A way to look at the moment. Tabs, keys, key sheet, palette and links all read this.
 *
 * @template V what it is made into
 * @typedef {object} Lens
 * @property {LensId} id stable: it stands in links
 * @property {string} name
 * @property {string} key as `base/keyboard.js` names it
 * @property {string} about one line
 * @property {string | null} style its style sheet below `/app/styles/`; null: it needs none of its own
 * @property {boolean} showsLanes whether the lanes below it would be a second picture of the same
 * @property {V} create
 */

/**
 * All lenses of the explorer, each id and each key once.
 *
 * @template V
 */
export class LensRegistry {
  /** @type {readonly Lens<V>[]} */
  #lenses;

  /** @param {Lens<V>[]} lenses in the order of the tabs; the first is shown where nothing else is said */
  constructor(lenses) {
    assert(lenses.length > 0, 'there is no lens');
    for (const of of /** @type {const} */ (['id', 'key'])) {
      const values = lenses.map((lens) => lens[of]);
      assert(new Set(values).size === values.length, `two lenses have the same ${of}: ${values.join(', ')}`);
    }
    this.#lenses = [...lenses];
  }

  all() {
    return this.#lenses;
  }

  /** @param {LensId} id @returns {Lens<V>} the first for an id that is none */
  get(id) {
    return this.#lenses.find((lens) => lens.id === id) ?? this.#lenses[0];
  }
}
