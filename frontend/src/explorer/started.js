// @ts-check
import { explorerOf, sideBySideOf } from '../model/addresses.js';
import { DEFAULT_LINK, encodeLink } from '../model/deep-link.js';
import { scenarioOfRun, startRun } from '../stream/run-api.js';
import { keep, kept } from '../views/storage.js';

/** @typedef {import('../model/run-request.js').RunRequest} RunRequest */

/** @param {string} id */
const key = (id) => `started.${id}`;

/**
 * Starts a run and opens it. How it was started is kept in this tab, to start it again.
 *
 * @param {RunRequest} request
 */
export async function startAndOpen(request) {
  const { id } = await startRun(request);
  keep(key(id), JSON.stringify(request));
  open(id);
}

/**
 * Runs two scenarios of the gallery to their ends in the simulated kernel, and shows them side by side on one clock.
 *
 * @param {string} left
 * @param {string} right
 */
export async function startBoth(left, right) {
  const start = async (/** @type {string} */ scenario) => {
    /** @type {RunRequest} */
    const request = { scenario, engine: 'simulation', seed: null, policy: null, set: {}, paused: false };
    const { id } = await startRun(request);
    keep(key(id), JSON.stringify(request));
    return id;
  };
  location.assign(sideBySideOf(await start(left), await start(right)));
}

/**
 * Opens a fork, which is started again as its parent was.
 *
 * @param {string} fork
 * @param {string} parent
 * @param {import('../model/breakpoints.js').BreakpointLink[]} breakpoints go along, those that are off too
 */
export function openFork(fork, parent, breakpoints) {
  keep(key(fork), kept(key(parent)));
  open(fork, breakpoints.length > 0 ? `#${encodeLink({ ...DEFAULT_LINK, breakpoints })}` : '');
}

/**
 * How a run was started: as this tab knows, or else by its scenario and seed.
 *
 * @param {import('../model/run-status.js').RunStatus} run
 * @param {'simulation' | 'live'} [on] another kernel than it was
 * @returns {Promise<RunRequest>}
 */
export async function requestOfRun({ id, scenario, engine: was, simulated }, on) {
  const engine = on ?? was;
  const seed = simulated?.seed ?? null;
  const known = kept(key(id));
  if (known !== null) {
    return { ...JSON.parse(known), engine, seed };
  }
  const what = scenario === null ? await scenarioOfRun(id) : { scenario };
  return { ...what, engine, seed, policy: null, set: {}, paused: true };
}

/** @param {string} id @returns {Promise<string>} the text that a run was made of */
export async function textOfRun(id) {
  const known = kept(key(id));
  const text = known === null ? undefined : JSON.parse(known).text;
  return text ?? (await scenarioOfRun(id)).text;
}

/** @param {string} id @param {string} [link] what is looked at, with its `#` */
function open(id, link = '') {
  location.assign(explorerOf(id, link));
}
