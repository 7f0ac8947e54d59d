// @ts-check
import { tokensOf } from './scenario-text.js';

/**
 * What may be written at a place of a scenario. The schema comes from the server, which took it off its
 * parser; this code knows how YAML nests and nothing of scenarios.
 */

/** @typedef {{type: 'mapping', shorthand: string, keys: Record<string, {schema: Schema, about: string}>}} Mapping */
/**
 * @typedef {Mapping
 *   | {type: 'names', each: Schema, declares: string[], refers: string}
 *   | {type: 'cases', by: string, shorthand: string, cases: Record<string, Mapping>}
 *   | {type: 'list', each: Schema}
 *   | {type: 'steps'}
 *   | {type: 'any' | 'text' | 'number' | 'flag' | 'duration' | 'word' | 'bits' | 'name' | 'new-name' | 'place',
 *      words?: Record<string, string>, names?: string, least?: number, most?: number}} Schema
 */
/** @typedef {{root: Schema, step: Schema}} ScenarioSchema */

/**
 * A mapping or list around a place.
 *
 * @typedef {object} Level
 * @property {boolean} list
 * @property {number} column where its keys or dashes stand; -1 in brackets
 * @property {string | null} key the one whose value comes
 * @property {Map<string, string>} values what its keys hold, as far as they are single values
 */

/**
 * Where a caret stands.
 *
 * @typedef {object} Spot
 * @property {Level[]} levels from the outside in
 * @property {boolean} atKey whether a key is being written, else a value
 * @property {string} word what is written of it
 * @property {boolean} closed whether a comment or a quoted text is being written
 */

/** @typedef {{text: string, kind: 'key' | 'value', about: string}} Option */

/** @param {boolean} list @param {number} column @returns {Level} */
const level = (list, column) => ({ list, column, key: null, values: new Map() });

/**
 * Follows a text's nesting, line by line.
 *
 * @param {string} text
 * @param {(levels: Level[], key: string) => void} [told] of every key
 * @returns {Spot} at the end of the text
 */
export function spotAtEnd(text, told = () => {}) {
  /** @type {Level[]} */
  const levels = [level(false, 0)];
  /** Lines that are indented further belong to a long text. @type {number} */
  let longText = -1;
  let last = '';
  let word = '';
  let pending = false;
  const top = () => /** @type {Level} */ (levels.at(-1));
  const inBrackets = () => top().column < 0;

  for (const line of text.split('\n')) {
    const indent = /^ */.exec(line)?.[0].length ?? 0;
    if (longText >= 0 && (line.trim() === '' || indent > longText)) {
      last = 'comment';
      word = '';
      continue;
    }
    longText = -1;
    let column = 0;
    let started = inBrackets();
    word = '';
    last = '';
    pending = inBrackets() ? pending : false;
    for (const { kind, text: piece } of tokensOf(line)) {
      if (kind === 'comment') {
        last = 'comment';
        continue;
      }
      if (kind === 'key' || kind === 'text' || kind === 'number' || kind === 'plain') {
        const name = piece.trim();
        if (name !== '' || kind !== 'plain') {
          last = kind;
        }
        if (name !== '' && !started) {
          settle(column + piece.length - piece.trimStart().length, false);
          started = true;
        }
        if (kind === 'key') {
          top().key = unquoted(name);
          told(levels, unquoted(name));
          pending = false;
        } else if (name !== '') {
          const { key } = top();
          if (key !== null) {
            top().values.set(key, unquoted(name));
          }
        }
        word = kind === 'plain' || kind === 'number' ? (/\S*$/.exec(piece)?.[0] ?? '') : '';
        column += piece.length;
        continue;
      }
      for (const mark of piece) {
        word = '';
        last = 'mark';
        if (mark === '-' && !started) {
          settle(column, true);
        } else if (mark === ':') {
          pending = true;
          const { key } = top();
          if (key !== null) {
            top().values.set(key, '');
          }
        } else if (mark === '{' || mark === '[') {
          if (!started) {
            leave(column, false);
            started = true;
          }
          levels.push(level(mark === '[', -1));
          pending = mark === '[';
        } else if (mark === '}' || mark === ']') {
          if (inBrackets()) {
            levels.pop();
          }
          pending = true;
        } else if (mark === ',' && inBrackets()) {
          top().key = null;
          pending = top().list;
        } else if ((mark === '|' || mark === '>') && !inBrackets()) {
          longText = indent;
        }
        column += 1;
      }
    }
    if (!started && line.trim() === '' && !inBrackets()) {
      settle(line.length, false);
    }
  }
  return { levels, atKey: !pending && !(top().list && inBrackets()), word, closed: last === 'comment' || last === 'text' };

  /** Something begins at a column of a line: whatever stands further in is over. @param {number} column @param {boolean} dash */
  function leave(column, dash) {
    while (levels.length > 1 && (top().column > column || (top().column === column && top().list && !dash))) {
      levels.pop();
    }
  }

  /** A key or a dash begins there. @param {number} column @param {boolean} dash */
  function settle(column, dash) {
    leave(column, dash);
    if (dash ? !(top().list && top().column === column) : top().column < column) {
      levels.push(level(dash, column));
    }
    if (!dash) {
      top().key = null;
    } else {
      // Another element: nothing of the one before counts.
      top().values.clear();
    }
  }
}

/** @param {string} text @returns {string} */
const unquoted = (text) => text.replace(/^(["'])(.*)\1$/, '$2');

/**
 * @param {Schema} schema
 * @param {Level} at keys of the mapping
 * @returns {Mapping | null} the case that is meant, null where it does not show yet
 */
function caseOf(schema, at) {
  if (schema.type === 'mapping') {
    return schema;
  }
  if (schema.type !== 'cases') {
    return null;
  }
  const name = schema.by === '' ? Object.keys(schema.cases).find((each) => each !== '' && (at.values.has(each) || at.key === each)) : at.values.get(schema.by);
  return schema.cases[name ?? ''] ?? null;
}

/**
 * @param {ScenarioSchema} all
 * @param {Level[]} levels
 * @returns {Schema | null} of the innermost level itself
 */
function schemaOf(all, levels) {
  /** @type {Schema | null} */
  let schema = all.root;
  for (let i = 0; i + 1 < levels.length && schema; i++) {
    schema = below(all, schema, levels[i]);
  }
  return schema;
}

/** @param {ScenarioSchema} all @param {Schema} schema @param {Level} at @returns {Schema | null} */
function below(all, schema, at) {
  switch (schema.type) {
    case 'steps':
      return all.step;
    case 'list':
      return schema.each;
    case 'names':
      return at.list ? null : schema.each;
    case 'bits':
      return schema;
    default:
      return at.key === null ? null : (caseOf(schema, at)?.keys[at.key]?.schema ?? null);
  }
}

/**
 * Names that a text declares, by what they are names of.
 *
 * @param {ScenarioSchema} all
 * @param {string} text
 * @returns {Map<string, string[]>}
 */
function namesIn(all, text) {
  /** @type {Map<string, string[]>} */
  const names = new Map();
  spotAtEnd(text, (levels, key) => {
    const schema = schemaOf(all, levels);
    if (schema?.type === 'names') {
      for (const kind of schema.declares) {
        names.set(kind, [...(names.get(kind) ?? []), key]);
      }
    }
  });
  return names;
}

/**
 * @param {ScenarioSchema} all
 * @param {string} text the whole of it
 * @param {number} offset of the caret
 * @returns {{from: number, options: Option[]} | null}
 */
export function completionsAt(all, text, offset) {
  const spot = spotAtEnd(text.slice(0, offset));
  if (spot.closed) {
    return null;
  }
  const at = /** @type {Level} */ (spot.levels.at(-1));
  const schema = schemaOf(all, spot.levels);
  if (!schema) {
    return null;
  }
  const names = (/** @type {string | undefined} */ kind) => namesIn(all, text).get(kind ?? '') ?? [];
  let options = spot.atKey ? keyOptions(schema, at, names) : [];
  if (!spot.atKey || at.list) {
    const value = at.list ? (schema.type === 'bits' ? schema : below(all, schema, at)) : below(all, schema, at);
    options = [...options, ...(value ? (at.list && (value.type === 'mapping' || value.type === 'cases') ? keyOptions(value, level(false, 0), names) : valueOptions(value, names)) : [])];
  }
  return options.length === 0 ? null : { from: offset - spot.word.length, options };
}

/**
 * @param {Schema} schema
 * @param {Level} at
 * @param {(kind: string) => string[]} names
 * @returns {Option[]}
 */
function keyOptions(schema, at, names) {
  /** @type {Map<string, string>} */
  const found = new Map();
  const add = (/** @type {Mapping} */ mapping) => {
    for (const [key, { about }] of Object.entries(mapping.keys)) {
      found.set(key, found.get(key) || about);
    }
  };
  const meant = caseOf(schema, at);
  if (meant) {
    add(meant);
  }
  if (schema.type === 'cases' && (!meant || schema.by === '')) {
    const others = Object.entries(schema.cases);
    if (schema.by !== '' && !meant) {
      found.set(schema.by, '');
    } else if (!others.some(([name]) => name !== '' && at.values.has(name))) {
      // Nothing says yet which it will be.
      for (const [name, mapping] of others) {
        if (name === '') {
          add(mapping);
        } else {
          found.set(name, mapping.keys[name]?.about ?? '');
        }
      }
    }
  }
  if (schema.type === 'names' && schema.refers !== '') {
    names(schema.refers).forEach((name) => found.set(name, ''));
  }
  return [...found].filter(([key]) => !at.values.has(key)).map(([text, about]) => ({ text, about, kind: 'key' }));
}

/**
 * @param {Schema} schema
 * @param {(kind: string | undefined) => string[]} names
 * @returns {Option[]}
 */
function valueOptions(schema, names) {
  /** @type {(texts: string[]) => Option[]} */
  const plain = (texts) => texts.map((text) => ({ text, about: '', kind: 'value' }));
  switch (schema.type) {
    case 'flag':
      return plain(['true', 'false']);
    case 'place':
      return plain(names('memory'));
    case 'list':
      return valueOptions(schema.each, names);
    case 'mapping':
    case 'cases': {
      const mapping = schema.type === 'mapping' ? schema : Object.values(schema.cases)[0];
      const short = schema.shorthand === '' ? undefined : mapping?.keys[schema.shorthand]?.schema;
      return short ? valueOptions(short, names) : [];
    }
    case 'names':
    case 'steps':
      return [];
    default:
      return [
        ...Object.entries(schema.words ?? {}).map(([text, about]) => /** @type {Option} */ ({ text, about, kind: 'value' })),
        ...(schema.type === 'name' ? plain(names(schema.names)) : []),
      ];
  }
}
