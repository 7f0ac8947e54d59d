import test from 'node:test';
import { deepEqual, equal, ok } from 'node:assert/strict';
import { completionsAt, spotAtEnd } from '../../../src/model/scenario-completion.js';
import { NEW_SCENARIO } from '../../../src/model/scenario-text.js';
import { forEachSeed } from '../seeds.js';

const mapping = (keys, shorthand = '') => ({ type: 'mapping', shorthand, keys: Object.fromEntries(Object.entries(keys).map(([key, schema]) => [key, { schema, about: `about ${key}` }])) });
const word = (...words) => ({ type: 'word', words: Object.fromEntries(words.map((each) => [each, `does ${each}`])) });
const text = { type: 'text' };
const number = { type: 'number', least: 1, most: 9 };
const name = (names) => ({ type: 'name', names });
const policy = { type: 'cases', by: 'name', shorthand: 'name', cases: { batch: mapping({ name: word('batch', 'oracle'), after: number }), oracle: mapping({ name: word('batch', 'oracle') }) } };

/** Small, and of every type: the server's own is tested against its parser there. */
const SCHEMA = {
  root: mapping({
    title: text,
    memory: { type: 'names', declares: ['memory'], refers: '', each: mapping({ backing: word('anon', 'memfd'), pages: number, private: { type: 'flag' } }) },
    uffds: { type: 'names', declares: ['uffd'], refers: '', each: mapping({ register: { type: 'names', declares: [], refers: 'memory', each: { type: 'bits', words: { MISSING: '', MINOR: '' } } } }) },
    handlers: { type: 'names', declares: ['handler'], refers: '', each: { type: 'cases', by: '', shorthand: '', cases: { '': mapping({ uffd: name('uffd'), policy }), exits: mapping({ exits: word('kvm-userfault'), before: number }) } } },
    engines: { type: 'list', each: word('simulation', 'live') },
    steps: { type: 'steps' },
  }),
  step: { type: 'cases', by: '', shorthand: '', cases: { touch: mapping({ touch: mapping({ at: { type: 'place' }, write: number }, 'at'), expect: mapping({ state: text }) }), poll: mapping({ poll: mapping({ uffd: name('uffd') }, 'uffd'), expect: mapping({ count: number }) }) } },
};

/** What is offered at the `|` of a text. */
function at(marked) {
  const offset = marked.indexOf('|');
  return completionsAt(SCHEMA, marked.replace('|', ''), offset);
}
const offered = (marked) => at(marked)?.options.map((option) => option.text) ?? [];

test('sections at the margin, less those that are there', () => {
  deepEqual(offered('|'), ['title', 'memory', 'uffds', 'handlers', 'engines', 'steps']);
  deepEqual(offered('title: x\nmem|'), ['memory', 'uffds', 'handlers', 'engines', 'steps']);
  equal(at('title: x\nmem|').from, 'title: x\n'.length);
});

test('keys of a mapping, in lines and in braces', () => {
  deepEqual(offered('memory:\n  ram:\n    |'), ['backing', 'pages', 'private']);
  deepEqual(offered('memory:\n  ram:\n    backing: anon\n    p|'), ['pages', 'private']);
  deepEqual(offered('memory: {ram: {backing: anon, p|}}'), ['pages', 'private']);
  deepEqual(offered('memory:\n  ram: {backing: anon,\n    |}'), ['pages', 'private']);
});

test('values: words with what they do, flags, names that the text declares', () => {
  deepEqual(at('memory: {ram: {backing: |}}').options[0], { text: 'anon', about: 'does anon', kind: 'value' });
  deepEqual(offered('memory:\n  ram:\n    private: |'), ['true', 'false']);
  deepEqual(offered('handlers: {h: {uffd: |}}\nuffds: {u: {}, v: {}}'), ['u', 'v']);
  deepEqual(offered('engines: [simulation, |]'), ['simulation', 'live']);
});

test('a name of ones own is nobody elses to say, one that refers is', () => {
  deepEqual(offered('memory:\n  r|'), []);
  deepEqual(offered('memory: {ram: {}}\nuffds: {u: {register: {|}}}'), ['ram']);
  deepEqual(offered('memory: {ram: {}}\nuffds: {u: {register: {ram: [MISSING, |]}}}'), ['MISSING', 'MINOR']);
});

test('settings go by the case that was chosen, also where one word stands for it', () => {
  deepEqual(offered('handlers: {h: {policy: |}}'), ['batch', 'oracle']);
  deepEqual(offered('handlers: {h: {policy: {|}}}'), ['name']);
  deepEqual(offered('handlers: {h: {policy: {name: batch, |}}}'), ['after']);
  deepEqual(offered('handlers: {h: {policy: {name: oracle, |}}}'), []);
  deepEqual(offered('handlers: {h: {|}}'), ['uffd', 'policy', 'exits']);
  deepEqual(offered('handlers: {h: {exits: kvm-userfault, |}}'), ['before']);
});

test('steps: actions, their arguments, what can be expected of them', () => {
  deepEqual(offered('steps:\n- {|}'), ['touch', 'poll']);
  deepEqual(offered('steps:\n- |'), ['touch', 'poll']);
  deepEqual(offered('steps:\n  - touch: {at: "ram[0]"}\n    |'), ['expect']);
  deepEqual(offered('steps:\n- {touch: {|}}'), ['at', 'write']);
  deepEqual(offered('memory: {ram: {}}\nsteps:\n- {touch: {at: |}}'), ['ram']);
  deepEqual(offered('uffds: {u: {}}\nsteps:\n- {poll: |}'), ['u']);
  deepEqual(offered('steps:\n- {touch: {}}\n- {poll: {}, expect: {|}}'), ['count']);
});

test('nothing in comments, in quotes and in long texts', () => {
  deepEqual(offered('title: x # me|'), []);
  deepEqual(offered('title: "me|"'), []);
  deepEqual(offered('title: >-\n  me|'), []);
  deepEqual(offered('title: >-\n  long\nme|'), ['memory', 'uffds', 'handlers', 'engines', 'steps']);
});

test('any text has a spot everywhere', () => {
  const letters = ['a', 'touch', ' ', '  ', ':', ': ', '#', '"', '{', '}', '[', ']', ',', '- ', '\n', '\n  ', '|', '>'];
  forEachSeed(300, (random) => {
    let whole = random() < 0.3 ? NEW_SCENARIO : '';
    for (let n = Math.floor(random() * 40); n > 0; n--) {
      whole += letters[Math.floor(random() * letters.length)];
    }
    const offset = Math.floor(random() * (whole.length + 1));
    ok(spotAtEnd(whole.slice(0, offset)).levels.length > 0);
    const found = completionsAt(SCHEMA, whole, offset);
    ok(found === null || (found.from >= 0 && found.from <= offset && !/\s/.test(whole.slice(found.from, offset))));
  });
});
