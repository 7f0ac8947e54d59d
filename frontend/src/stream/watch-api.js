// @ts-check
import { ask, post } from './api.js';

/** @typedef {import('../model/watching.js').FoundProcesses} FoundProcesses */
/** @typedef {import('../model/watching.js').WatchStatus} WatchStatus */

/** @returns {Promise<FoundProcesses>} */
export const uffdProcesses = async () => (await ask('/api/processes')).json();

/** @param {number} pid @param {number} rateHz @returns {Promise<{id: string}>} */
export const startWatch = (pid, rateHz) => post('/api/watches', { pid, rateHz });

/** @returns {Promise<WatchStatus[]>} */
export const watches = async () => (await ask('/api/watches')).json();

/** @param {string} id @returns {Promise<WatchStatus>} */
export const watchOf = async (id) => (await ask(`/api/watches/${encodeURIComponent(id)}`)).json();

/** @param {string} id */
export const stopWatch = async (id) => void (await ask(`/api/watches/${encodeURIComponent(id)}`, { method: 'DELETE' }));
