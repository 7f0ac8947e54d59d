// @ts-check
import { canRun, goesOnFrom, isUnderWay } from '../model/run-status.js';

/**
 * What the keyboard does in a run.
 *
 * @typedef {object} RunShell
 * @property {() => import('../model/view-state.js').ViewState} state
 * @property {import('../views/actions.js').Actions} actions
 * @property {import('../views/actions.js').RunActions} run
 * @property {(text: string, direction: 1 | -1) => void} find
 * @property {() => void} toggleHand
 * @property {() => ReturnType<typeof import('../views/hand-pane.js').createHandPane>} hand
 */

/**
 * Adds the commands of a run, and those about decisions, which every recording has.
 *
 * @param {import('../model/commands.js').CommandRegistry} registry
 * @param {RunShell} shell
 */
export function addRunCommands(registry, { state, run, find, toggleHand, hand }) {
  const isRun = () => state().run !== null;
  const underWay = () => isUnderWay(state().run);
  const canGo = () => canRun(state().run);
  const waits = () => underWay() && (state().run?.waitingCount ?? 0) > 0;
  const seq = () => state().moment?.seq ?? 0;
  const events = () => state().meta?.events ?? 0;
  const goesOn = () => goesOnFrom(state().run, seq(), events());
  const nextDecision = () => (goesOn() ? run.toDecision() : find('kind = decide', 1));

  /** @type {[id: string, name: string, keys: string[], run: () => void, available: () => boolean][]} */
  const list = [
    ['run.toggle', 'Run or pause the run', ['R'], () => run.toggle(), canGo],
    ['run.fast', 'Run as fast as it can', ['Shift+R'], () => run.go(null), canGo],
    ['decision.next', 'Next decision of the kernel; at the end the run goes on to it', ['X'], nextDecision, () => goesOn() || seq() < events()],
    ['decision.previous', 'Previous decision of the kernel', ['Shift+X'], () => find('kind = decide', -1), () => seq() > 0],
    ['run.fork', 'Fork here: another run from this moment', ['Y'], () => run.fork(), () => state().run?.can.fork === null],
    ['run.restart', 'Restart with the same seed', [], () => run.restart(), () => state().run?.hasText ?? false],
    ['run.live', 'Restart on this machine\'s kernel', [], () => run.restart('live'), () => state().run?.hasText ?? false],
    ['run.simulated', 'Restart in the simulated kernel', [], () => run.restart('simulation'), () => state().run?.hasText ?? false],
    ['run.pages', 'Compare the recorded pages with the page table', [], () => run.checkPages(), () => state().run?.can.checkPages === null],
    ['run.stop', 'End the run', [], () => run.stop(), underWay],
    ['hand', 'Be the handler: show or hide', ['H'], toggleHand, isRun],
    ['hand.manual', 'Handlers wait for you, or answer by themselves', ['M'], () => run.manual(), underWay],
    ['hand.next', 'Next fault that waits', ['J'], () => hand().chooseNext(1), waits],
    ['hand.previous', 'Previous fault that waits', ['Shift+J'], () => hand().chooseNext(-1), waits],
    ['hand.ioctl', 'Make the ioctl of the form', ['O'], () => hand().submit(), underWay],
    ['hand.policy', 'Let the policy answer the chosen fault', ['P'], () => hand().answer(), waits],
    ['hand.read', 'Read a message', ['U'], () => hand().readOne(), () => underWay() && state().run?.can.read === null],
  ];
  for (const [id, name, keys, command, available] of list) {
    registry.add({ id, name, group: 'Run', keys, run: command, available });
  }
}
