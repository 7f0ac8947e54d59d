// @ts-check
import { ask, post } from './api.js';

/** @typedef {import('../model/run-request.js').RunRequest} RunRequest */
/** @typedef {import('../model/run-request.js').ScenarioInfo} ScenarioInfo */
/** @typedef {import('../model/scenario-text.js').Problem} Problem */
/** @typedef {import('../model/attachment.js').AttachmentView} AttachmentView */
/** @typedef {import('../model/run-status.js').RunStatus} RunStatus */
/** @typedef {import('../model/run-status.js').RunAnswer} RunAnswer */
/** @typedef {import('../model/run-status.js').RunCommand} RunCommand */

/** @param {string} id */
const runPath = (id) => `/api/runs/${encodeURIComponent(id)}`;

/** @returns {Promise<ScenarioInfo[]>} the gallery */
export const listScenarios = async () => (await ask('/api/scenarios')).json();

/** @returns {Promise<import('../model/scenario-completion.js').ScenarioSchema>} what a scenario may hold */
export const scenarioSchema = async () => (await ask('/api/scenarios/schema')).json();

/** @param {string} name @returns {Promise<ScenarioInfo & {text: string}>} */
export const scenario = async (name) => (await ask(`/api/scenarios/${encodeURIComponent(name)}`)).json();

/**
 * @param {string} text
 * @param {AbortSignal} [signal]
 * @returns {Promise<{ok: boolean, title: string | null, engines: import('../model/run-request.js').EngineFit[], problems: Problem[]}>}
 */
export const checkScenario = async (text, signal) =>
  (await ask('/api/scenarios/check', { method: 'POST', headers: { 'Content-Type': 'text/plain;charset=UTF-8' }, body: text, signal })).json();

/** @returns {Promise<import('../model/comparison.js').PolicyChoice[]>} what handlers can follow */
export const listPolicies = async () => (await ask('/api/policies')).json();

/** @param {RunRequest} request @returns {Promise<{id: string}>} */
export const startRun = (request) => post('/api/runs', request);

/** @returns {Promise<RunStatus[]>} the newest first */
export const listRuns = async () => (await ask('/api/runs')).json();

/** @param {Record<string, unknown>} guest @returns {Promise<{id: string}>} */
export const startGuest = (guest) => post('/api/guests', guest);

/** @param {Record<string, unknown>} wanted @returns {Promise<AttachmentView>} */
export const attach = (wanted) => post('/api/attachments', wanted);

/** @returns {Promise<AttachmentView[]>} */
export const attachments = async () => (await ask('/api/attachments')).json();

/** @param {string} id */
export const detach = async (id) => void (await ask(`/api/attachments/${encodeURIComponent(id)}`, { method: 'DELETE' }));

/** @param {string} id @returns {Promise<RunStatus>} */
export const runStatus = async (id) => (await ask(runPath(id))).json();

/** @param {string} id @returns {Promise<{text: string}>} what it runs */
export const scenarioOfRun = async (id) => (await ask(`${runPath(id)}/scenario`)).json();

/** @param {string} id @param {RunCommand} command @returns {Promise<RunAnswer>} */
export const commandRun = (id, command) => post(`${runPath(id)}/commands`, command);

/** @param {string} id @param {number} seq @returns {Promise<{id: string}>} */
export const forkRun = (id, seq) => post(`${runPath(id)}/fork`, { seq });
