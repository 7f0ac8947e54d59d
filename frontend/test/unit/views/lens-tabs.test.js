import test from 'node:test';
import { deepEqual, equal, throws } from 'node:assert/strict';
import { createCommands } from '../../../src/explorer/commands.js';
import { decodeLink, DEFAULT_LINK, encodeLink } from '../../../src/model/deep-link.js';
import { LensRegistry } from '../../../src/model/lens-registry.js';
import { createLensTabs } from '../../../src/views/lens-tabs.js';

/** As much of an element as tabs need. */
class FakeElement {
  children = [];
  attributes = {};
  listeners = {};

  constructor(tag) {
    this.tag = tag;
  }

  append(...children) {
    this.children.push(...children);
  }

  setAttribute(name, value) {
    this.attributes[name] = value;
  }

  addEventListener(type, listener) {
    this.listeners[type] = listener;
  }

  /** @returns {FakeElement[]} */
  all() {
    return [this, ...this.children.flatMap((child) => (child instanceof FakeElement ? child.all() : []))];
  }
}

const lens = (id, key, more = {}) => ({ id, name: id[0].toUpperCase() + id.slice(1), key, about: `About ${id}`, style: null, showsLanes: false, create: () => ({}), ...more });

/** The recipe "a lens" of CONTRIBUTING.md: a descriptor, and its place in the list. */
const example = lens('example', '4', { style: 'example.css' });
const lenses = new LensRegistry([lens('space', '1'), example]);

test('a lens in the list has its tab, its panel and its style sheet', () => {
  const head = new FakeElement('head');
  globalThis.document = { head, createElement: (tag) => new FakeElement(tag) };
  try {
    const root = new FakeElement('div');
    const chosen = [];
    const tabs = createLensTabs(root, lenses, (id) => chosen.push(id));
    const tab = root.all().find((each) => each.attributes.id === 'lens-example');
    equal(tab.textContent, 'Example');
    equal(tab.attributes.title, 'About example (4)');
    tab.listeners.click();
    deepEqual(chosen, ['example']);
    deepEqual(head.children.map((each) => each.attributes.href), ['/app/styles/example.css']);
    tabs.show('example');
    deepEqual([tabs.parts.space.panel.hidden, tabs.parts.example.panel.hidden], [true, false]);
    equal(tab.attributes['aria-selected'], 'true');
  } finally {
    delete globalThis.document;
  }
});

test('a lens in the list has its key and its command', () => {
  const chosen = [];
  const commands = createCommands({ state: () => ({ run: null }), actions: { setLens: (id) => chosen.push(id) } }, lenses);
  commands.forKey('4').run();
  commands.get('lens.example').run();
  deepEqual(chosen, ['example', 'example']);
  equal(commands.match('example lens')[0].name, 'Example lens');
});

test('a lens in the list can be linked to', () => {
  const link = { ...DEFAULT_LINK, lens: 'example' };
  deepEqual(decodeLink(encodeLink(link), lenses), link);
});

test('each id and each key is there once', () => {
  throws(() => new LensRegistry([lens('a', '1'), lens('b', '1')]), /same key/);
  throws(() => new LensRegistry([lens('a', '1'), lens('a', '2')]), /same id/);
});
