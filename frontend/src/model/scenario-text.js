// @ts-check

/**
 * A scenario's text as an editor shows it. Colours only: what is a mistake says the server, which reads
 * the text for real.
 */

/** @typedef {'comment' | 'key' | 'text' | 'number' | 'mark' | 'plain'} TokenKind */
/** @typedef {{kind: TokenKind, text: string}} Token */

/** @typedef {{line: number, column: number, message: string}} Problem line and column count from 1 */

const TOKEN = new RegExp(
  [
    '(?<comment>(?<=^|\\s)#.*)',
    '(?<quoted>"(?:[^"\\\\]|\\\\.)*"?|\'(?:[^\']|\'\')*\'?)',
    '(?<mark>[{}\\[\\],]|-(?=\\s|$)|:(?=\\s|$)|[|>][-+]?(?=\\s*$))',
    '(?<word>(?:[^\\s{}\\[\\],:#"\']|:(?!\\s|$)|(?<=\\S)#|(?<=\\S)["\'])+)',
    '(?<space>\\s+)',
    '(?<other>.)',
  ].join('|'),
  'g',
);

const NUMBER = /^-?(0x[0-9a-f_]+|\d[\d_]*(\.\d+)?)(ns|us|ms|s)?$/i;

/**
 * One line in coloured pieces; together they are the line again.
 *
 * @param {string} line
 * @returns {Token[]}
 */
export function tokensOf(line) {
  /** @type {Token[]} */
  const tokens = [];
  const push = (/** @type {TokenKind} */ kind, /** @type {string} */ text) => {
    const last = tokens.at(-1);
    if (last && last.kind === kind) {
      last.text += text;
    } else {
      tokens.push({ kind, text });
    }
  };
  for (const match of line.matchAll(TOKEN)) {
    const { comment, quoted, mark, word } = /** @type {Record<string, string | undefined>} */ (match.groups);
    const [text] = match;
    const rest = line.slice(match.index + text.length);
    if (comment !== undefined) {
      push('comment', text);
    } else if (mark !== undefined) {
      push('mark', text);
    } else if ((quoted ?? word) !== undefined && /^\s*:(\s|$)/.test(rest)) {
      push('key', text);
    } else if (quoted !== undefined) {
      push('text', text);
    } else if (word !== undefined) {
      push(NUMBER.test(word) ? 'number' : 'plain', text);
    } else {
      push('plain', text);
    }
  }
  return tokens;
}

/**
 * The part of a line that a problem is about: from its column to the end of the word there, at least one
 * character.
 *
 * @param {string} line
 * @param {number} column from 1; beyond the end: the last character
 * @returns {{from: number, to: number}} offsets in the line
 */
export function problemSpan(line, column) {
  const from = Math.max(0, Math.min(column - 1, line.length - 1));
  const word = /^(?:"[^"]*"?|'[^']*'?|[^\s{}[\],:]+)/.exec(line.slice(from));
  return { from, to: Math.min(Math.max(line.length, 1), from + Math.max(1, word?.[0].length ?? 1)) };
}

/** @param {string} before a line up to the caret @returns {number} columns that the next line begins at */
export function indentationAfter(before) {
  const indent = /^ */.exec(before)?.[0].length ?? 0;
  return /:\s*$/.test(before) ? indent + 2 : indent;
}

/**
 * @param {string} text
 * @param {number} line from 1
 * @param {number} column from 1
 * @returns {number} offset in the text
 */
export function offsetOf(text, line, column) {
  let at = 0;
  for (let n = 1; n < line; n++) {
    const end = text.indexOf('\n', at);
    if (end < 0) {
      return text.length;
    }
    at = end + 1;
  }
  const end = text.indexOf('\n', at);
  return Math.min(at + column - 1, end < 0 ? text.length : end);
}

/** @param {string} text @returns {string} a file's name after its title */
export function fileNameOf(text) {
  const title = /^title:\s*(.+)$/m.exec(text)?.[1] ?? '';
  const name = title.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 60);
  return `${name || 'scenario'}.yaml`;
}

/** What a new scenario begins as: small, whole, and with something to watch. */
export const NEW_SCENARIO = `title: My scenario
about: >-
  Two threads read memory that nobody has filled, and a handler fills it page by page.
engines: [simulation, live]
memory:
  ram: {backing: anon, pages: 64}
uffds: {u: {register: {ram: [MISSING]}}}
threads: {t: {count: 2, workload: {kind: sequential, split: true}}}
handlers: {h: {policy: on-demand}}
steps: []
`;
