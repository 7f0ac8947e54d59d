import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';

const SOURCES = new URL('../../src/', import.meta.url);
/** What people count here, in the plural. */
const NOUNS = 'actors|bytes|calls|events|faults|hits|ioctls|lines|messages|mistakes|moments|notes|pages|peers|processes|regions|runs|samples|stalls|steps|threads|userfaultfds|vCPUs|waits';
/** A count in a template and a noun in the plural behind it, which "1" would contradict. */
const BARE = new RegExp(`(?:formatCount\\([^\`]*?\\)|\\.length|[cC]ount|\\.peers)\\} (?:${NOUNS})\\b(?! and vCPUs)|\\(s\\)[\`',; ]`, 'g');

test('a count before a noun goes through plural()', () => {
  const bare = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js') && !name.endsWith('frames.js') && name !== 'base/format.js')
    .flatMap((name) => [...readFileSync(new URL(name, SOURCES), 'utf8').matchAll(BARE)].map(([found]) => `${name}: ${found}`));
  assert.deepEqual(bare, []);
});
