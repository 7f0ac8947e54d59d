// @ts-check

/**
 * What is to be run; docs/wire-protocol.md.
 *
 * @typedef {object} RunRequest
 * @property {string} [scenario] a name of the gallery
 * @property {string} [text] or a text
 * @property {'simulation' | 'live'} engine
 * @property {number | null} seed null: the scenario's
 * @property {string | null} policy null: its handlers' own
 * @property {Record<string, string>} set
 * @property {boolean} paused
 */

/** A kernel to run on, and why a scenario cannot; null where it can. @typedef {{name: string, whyNot: string | null}} EngineFit */

/**
 * A scenario of the gallery.
 *
 * @typedef {object} ScenarioInfo
 * @property {string} name
 * @property {string} title
 * @property {string} about what to watch
 * @property {string} group
 * @property {string | null} beside the name of one to be seen beside it
 * @property {EngineFit[]} engines
 * @property {boolean} comparable whether handlers can be compared on it
 */

/** Fields beside the text, as they were typed. @typedef {{seed: string, policy: string, set: string, engine?: string}} RunFields */

/** A field that cannot be used: which, and what it must be. */
export class FieldError extends Error {
  /** @param {'seed' | 'policy' | 'set'} field @param {string} message */
  constructor(field, message) {
    super(message);
    this.field = field;
  }
}

/**
 * @param {string} text
 * @param {RunFields} fields
 * @returns {RunRequest}
 * @throws {FieldError}
 */
export function requestOf(text, fields) {
  const seed = fields.seed.trim();
  if (!/^\d*$/.test(seed) || Number(seed) > Number.MAX_SAFE_INTEGER) {
    throw new FieldError('seed', 'A seed is a whole number from 0 on.');
  }
  return {
    text,
    engine: fields.engine === 'live' ? 'live' : 'simulation',
    seed: seed === '' ? null : Number(seed),
    policy: fields.policy.trim() || null,
    set: settingsOf(fields.set),
    paused: true,
  };
}

/**
 * Settings, one a line: `handlers.h.readers=4`.
 *
 * @param {string} text
 * @returns {Record<string, string>}
 * @throws {FieldError}
 */
export function settingsOf(text) {
  /** @type {Record<string, string>} */
  const set = {};
  text.split('\n').forEach((line, index) => {
    if (line.trim() === '') {
      return;
    }
    const equals = line.indexOf('=');
    const path = line.slice(0, Math.max(0, equals)).trim();
    if (path === '') {
      throw new FieldError('set', `Setting ${index + 1} must be PATH=VALUE, as handlers.h.readers=4.`);
    }
    set[path] = line.slice(equals + 1).trim();
  });
  return set;
}

/** @param {EngineFit[]} engines @returns {string | null | undefined} why not on this machine's kernel; null: it can */
export const whyNotLive = (engines) => engines.find(({ name }) => name === 'live')?.whyNot;

/** Headings of the gallery, for who comes for the first time; others follow. */
const GROUPS = ['First steps', 'guest_memfd', 'KVM', 'Many vCPUs', 'Trouble', 'Whole runs'];

/** @param {string} group */
const rank = (group) => (GROUPS.includes(group) ? GROUPS.indexOf(group) : GROUPS.length);

/**
 * The gallery under its headings: the first steps first, scenarios in the order they came.
 *
 * @param {ScenarioInfo[]} scenarios
 * @returns {{group: string, scenarios: ScenarioInfo[]}[]}
 */
export function grouped(scenarios) {
  /** @type {Map<string, ScenarioInfo[]>} */
  const groups = new Map();
  for (const scenario of scenarios) {
    const group = scenario.group || 'More';
    groups.set(group, [...(groups.get(group) ?? []), scenario]);
  }
  return [...groups].map(([group, of]) => ({ group, scenarios: of })).sort((a, b) => rank(a.group) - rank(b.group));
}
