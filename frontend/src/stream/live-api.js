// @ts-check
import { ask, post } from './api.js';

/** @typedef {import('../model/live.js').LiveStatus} LiveStatus */
/** @typedef {import('../model/live.js').LiveAnswer} LiveAnswer */
/** @typedef {import('../model/live.js').LiveCommand} LiveCommand */
/** @typedef {import('../model/live.js').AttachmentView} AttachmentView */

/** @param {Record<string, unknown>} guest @returns {Promise<{id: string}>} */
export const startGuest = (guest) => post('/api/live/guests', guest);

/** @returns {Promise<LiveStatus[]>} */
export const liveRuns = async () => (await ask('/api/live/runs')).json();

/** @param {string} id @returns {Promise<LiveStatus>} */
export const liveRun = async (id) => (await ask(`/api/live/runs/${encodeURIComponent(id)}`)).json();

/** @param {string} id @param {LiveCommand} command @returns {Promise<LiveAnswer>} */
export const commandLive = (id, command) => post(`/api/live/runs/${encodeURIComponent(id)}/commands`, command);

/** @param {string} id @returns {Promise<import('../model/live.js').Residency[]>} */
export const residencyOf = async (id) => (await ask(`/api/live/runs/${encodeURIComponent(id)}/residency`)).json();

/** @param {Record<string, unknown>} attachment @returns {Promise<AttachmentView>} */
export const attach = (attachment) => post('/api/attachments', attachment);

/** @returns {Promise<AttachmentView[]>} */
export const attachments = async () => (await ask('/api/attachments')).json();

/** @param {string} id */
export const detach = async (id) => void (await ask(`/api/attachments/${encodeURIComponent(id)}`, { method: 'DELETE' }));
