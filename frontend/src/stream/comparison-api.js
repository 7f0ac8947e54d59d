// @ts-check
import { ask, post } from './api.js';

/** @typedef {import('../model/comparison.js').Comparison} Comparison */
/** @typedef {import('../model/comparison.js').ComparisonRequest} ComparisonRequest */

/** @param {string} id */
const path = (id) => `/api/comparisons/${encodeURIComponent(id)}`;

/** @param {ComparisonRequest} request @returns {Promise<{id: string}>} */
export const startComparison = (request) => post('/api/comparisons', request);

/** @param {string} id @returns {Promise<Comparison>} how far it is */
export const comparison = async (id) => (await ask(path(id))).json();

/** @param {string} id cancels and forgets it, also when the page is being left */
export const forgetComparison = async (id) => {
  await ask(path(id), { method: 'DELETE', keepalive: true });
};
