// @ts-check
import { assert } from '../base/assert.js';
import { fuzzyScore } from '../base/fuzzy.js';

/**
 * Something a person can do. The key sheet, the palette and the keyboard all read the same list, so
 * none of them knows a command that another does not.
 *
 * @typedef {object} Command
 * @property {string} id stable, e.g. `step.forward`
 * @property {string} name what it does, in words
 * @property {string} group heading in the key sheet
 * @property {string[]} [keys] names as `base/keyboard.js` gives them
 * @property {() => boolean} [available] left out: always
 * @property {() => void} run
 */

/** All commands of a page, each id and each key once. */
export class CommandRegistry {
  /** @type {Map<string, Command>} */
  #byId = new Map();
  /** @type {Map<string, Command>} */
  #byKey = new Map();

  /** @param {Command} command */
  add(command) {
    assert(!this.#byId.has(command.id), `command ${command.id} exists twice`);
    this.#byId.set(command.id, command);
    for (const key of command.keys ?? []) {
      const other = this.#byKey.get(key);
      assert(!other, `key ${key} is taken by ${other?.id}`);
      this.#byKey.set(key, command);
    }
  }

  /** @returns {Command[]} in the order they were added */
  all() {
    return [...this.#byId.values()];
  }

  /** @param {string} id @returns {Command} */
  get(id) {
    const command = this.#byId.get(id);
    assert(command, `no command ${id}`);
    return command;
  }

  /** @param {string} key @returns {Command | undefined} */
  forKey(key) {
    return this.#byKey.get(key);
  }

  /**
   * @param {string} typed
   * @returns {Command[]} best first, only those that can run now
   */
  match(typed) {
    return this.all()
      .filter(isAvailable)
      .map((command) => ({ command, score: fuzzyScore(typed, command.name) }))
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score)
      .map(({ command }) => command);
  }
}

/** @param {Command} command @returns {boolean} */
export function isAvailable(command) {
  return command.available?.() ?? true;
}

/** @param {Command} command @returns {boolean} whether it ran */
export function runIfAvailable(command) {
  if (!isAvailable(command)) {
    return false;
  }
  command.run();
  return true;
}
