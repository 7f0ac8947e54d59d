// @ts-check
import { ApiError, problem } from './api.js';

/** @typedef {import('../model/live.js').LiveStatus} LiveStatus */
/** @typedef {import('../model/live.js').LiveAnswer} LiveAnswer */
/** @typedef {import('../model/live.js').LiveCommand} LiveCommand */
/** @typedef {import('../model/live.js').AttachmentView} AttachmentView */

/**
 * @param {string} path
 * @param {string} [method]
 * @param {unknown} [body]
 * @returns {Promise<Response>}
 */
async function ask(path, method = 'GET', body = undefined) {
  /** @type {Response} */
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new ApiError(0, 'Faultscope does not answer. Is it still running?', null);
  }
  if (!response.ok) {
    throw problem(response.status, await response.text());
  }
  return response;
}

/** @param {Record<string, unknown>} guest @returns {Promise<{id: string}>} */
export const startGuest = async (guest) => (await ask('/api/live/guests', 'POST', guest)).json();

/** @returns {Promise<LiveStatus[]>} */
export const liveRuns = async () => (await ask('/api/live/runs')).json();

/** @param {string} id @returns {Promise<LiveStatus>} */
export const liveRun = async (id) => (await ask(`/api/live/runs/${encodeURIComponent(id)}`)).json();

/** @param {string} id @param {LiveCommand} command @returns {Promise<LiveAnswer>} */
export const commandLive = async (id, command) =>
  (await ask(`/api/live/runs/${encodeURIComponent(id)}/commands`, 'POST', command)).json();

/** @param {string} id @returns {Promise<import('../model/live.js').Residency[]>} */
export const residencyOf = async (id) => (await ask(`/api/live/runs/${encodeURIComponent(id)}/residency`)).json();

/** @param {Record<string, unknown>} attachment @returns {Promise<AttachmentView>} */
export const attach = async (attachment) => (await ask('/api/attachments', 'POST', attachment)).json();

/** @returns {Promise<AttachmentView[]>} */
export const attachments = async () => (await ask('/api/attachments')).json();

/** @param {string} id */
export const detach = async (id) => void (await ask(`/api/attachments/${encodeURIComponent(id)}`, 'DELETE'));
