// @ts-check
import { ask } from './api.js';

/** @typedef {import('../model/machine.js').MachineReport} MachineReport */

/** @returns {Promise<MachineReport>} what this machine can do, tried anew */
export const probeMachine = async () => (await ask('/api/probe')).json();
