// @ts-check

/** @typedef {'yes' | 'partly' | 'no'} Verdict */
/** @typedef {{name: string, works: boolean, detail: string}} Mode */
/** @typedef {{id: string, title: string, verdict: Verdict, detail: string, remedy: string, modes: Mode[]}} Trial */

/**
 * What this machine can do; docs/wire-protocol.md.
 *
 * @typedef {object} MachineReport
 * @property {string} kernel
 * @property {string} architecture
 * @property {string} user
 * @property {boolean} container
 * @property {{option: string, why: string}[]} options
 * @property {{id: string, title: string, trials: Trial[]}[]} groups
 */

/** @param {MachineReport} report @returns {string} whether live guests can run here, and what lacks */
export function machineInWords({ kernel, architecture, user, container, groups }) {
  const trials = groups.flatMap((group) => group.trials);
  const works = (/** @type {string} */ id) => trials.some((trial) => trial.id === id && trial.verdict === 'yes');
  const uffd = works('uffd.device') || works('uffd.syscall');
  const says = uffd
    ? works('kvm')
      ? 'Live guests run here, with threads and with real vCPUs.'
      : 'Live guests run here with threads; there is no KVM for vCPUs.'
    : 'No live guest can run here: no userfaultfd that sees kernel-mode faults can be opened. Recordings and simulated runs need none.';
  return `${says} Linux ${kernel} on ${architecture}, as ${user}${container ? ', in a container' : ''}.`;
}

/** @param {{options: {option: string}[]}} report @returns {string} a command line to begin with */
export function containerCommand({ options }) {
  return ['docker run', ...options.slice(0, 2).map(({ option }) => option), '…'].join(' ');
}
