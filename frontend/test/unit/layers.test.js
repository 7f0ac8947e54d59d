import test from 'node:test';
import { deepEqual, ok } from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const SRC = resolve(dirname(fileURLToPath(import.meta.url)), '../../src');

/** Which folder may import from which; `root` are the composition roots beside the folders. */
const MAY_IMPORT = {
  base: ['base'],
  model: ['base', 'model'],
  stream: ['base', 'model', 'stream'],
  views: ['base', 'model', 'views', 'd3', 'codemirror'],
  explorer: ['base', 'model', 'stream', 'views', 'explorer'],
  root: ['base', 'model', 'stream', 'views', 'explorer'],
  d3: [],
  codemirror: [],
};

function filesUnder(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.js'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

function layerOf(file) {
  const path = relative(SRC, file);
  if (path === 'd3.js' || path === 'codemirror.js') {
    return path.slice(0, -'.js'.length);
  }
  const slash = path.indexOf('/');
  return slash < 0 ? 'root' : path.slice(0, slash);
}

test('how a run stands is told by the socket: nobody asks for it in turns', () => {
  for (const path of ['explorer/run-actions.js', 'explorer/run-commands.js', 'model/run-status.js', 'model/view-state.js', 'views/run-bar.js', 'views/hand-pane.js', 'views/ioctl-form.js', 'views/inject-form.js', 'views/input-log.js']) {
    ok(!/setInterval|setTimeout/.test(readFileSync(join(SRC, path), 'utf8')), path);
  }
  ok(!/run-api/.test(readFileSync(join(SRC, 'main.js'), 'utf8')), 'main.js');
});

function importsOf(text) {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  return [...code.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1]);
}

const files = filesUnder(SRC);

/** This file alone imports by bare names, which the pages' import map knows. */
const bound = files.filter((file) => relative(SRC, file) !== 'codemirror.js');

test('there is something to look at', () => ok(files.length > 20));

test('imports follow the arrows: main → views, stream → model → base', () => {
  const wrong = [];
  for (const file of bound) {
    const layer = layerOf(file);
    for (const target of importsOf(readFileSync(file, 'utf8'))) {
      if (!target.startsWith('.')) {
        wrong.push(`${relative(SRC, file)} imports ${target}, which no jar serves`);
        continue;
      }
      const to = layerOf(resolve(dirname(file), target));
      if (!MAY_IMPORT[layer]?.includes(to)) {
        wrong.push(`${relative(SRC, file)} (${layer}) imports ${target} (${to})`);
      }
    }
  }
  deepEqual(wrong, []);
});

test('every import names a file that exists, with its ending', () => {
  const known = new Set(files);
  const wrong = bound.flatMap((file) =>
    importsOf(readFileSync(file, 'utf8'))
      .filter((target) => !known.has(resolve(dirname(file), target)))
      .map((target) => `${relative(SRC, file)}: ${target}`),
  );
  deepEqual(wrong, []);
});

test('only d3.js reads the global that the D3 script sets', () => {
  const readers = files.filter((file) => /globalThis\s*(\)|\.d3|as)|window\.d3/.test(readFileSync(file, 'utf8')));
  deepEqual(readers.map((file) => relative(SRC, file)), ['d3.js']);
});

test('base and model do not touch the page', () => {
  const wrong = files
    .filter((file) => ['base', 'model'].includes(layerOf(file)))
    .filter((file) => /\b(document|window|localStorage|location)\.[a-z]/.test(readFileSync(file, 'utf8')));
  deepEqual(wrong.map((file) => relative(SRC, file)), []);
});

test('every file is type-checked', () => {
  const wrong = files.filter((file) => !readFileSync(file, 'utf8').startsWith('// @ts-check'));
  deepEqual(wrong.map((file) => relative(SRC, file)), []);
});

test('nothing is asked of another machine', () => {
  const wrong = files.filter((file) => /['"`](https?:)?\/\/[a-z]/i.test(readFileSync(file, 'utf8')));
  deepEqual(wrong.map((file) => relative(SRC, file)), []);
});
