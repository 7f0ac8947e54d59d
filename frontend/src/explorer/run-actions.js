// @ts-check
import { enabledQueries } from '../model/breakpoints.js';
import { inputOf } from '../model/hand.js';
import { isRunning, isUnderWay } from '../model/run-status.js';
import { regionName, withInput, withRun } from '../model/view-state.js';
import { commandRun, forkRun } from '../stream/run-api.js';
import { messageOf } from './loaders.js';
import { openFork, requestOfRun, startAndOpen } from './started.js';

/** @typedef {import('../model/view-state.js').ViewState} ViewState */
/** @typedef {import('../model/run-status.js').RunCommand} RunCommand */
/** @typedef {import('../model/run-status.js').RunAnswer} RunAnswer */

/** What a step to a decision stops at, in a recording. */
const DECISION = 'kind = decide';

/**
 * What views ask of a run that is under way, done.
 *
 * @param {string} id
 * @param {object} parts
 * @param {import('../stream/session-socket.js').SessionSocket} parts.socket
 * @param {import('../stream/api.js').RecordingApi} parts.api
 * @param {{show: (text: string) => void}} parts.toast
 * @param {() => ViewState} parts.get
 * @param {(state: ViewState) => void} parts.set
 * @returns {import('../views/actions.js').RunActions}
 */
export function createRunActions(id, { socket, api, toast, get, set }) {
  const follow = () => void socket.send({ type: 'follow', on: true });

  /** @param {RunCommand} command @returns {Promise<RunAnswer | null>} null where it was refused, which a person was told */
  async function send(command) {
    try {
      const answer = await commandRun(id, command);
      set(withRun(get(), answer.status));
      return answer;
    } catch (error) {
      toast.show(messageOf(error));
      return null;
    }
  }

  /** The run stops at what is on here; a watchdog or another person may have told it otherwise. */
  async function syncBreakpoints() {
    const { run, breakpoints } = get();
    const queries = enabledQueries(breakpoints);
    const same = run && queries.length === run.breakpoints.length && queries.every((query) => run.breakpoints.includes(query));
    if (isUnderWay(run) && !same) {
      await send({ type: 'break', queries });
    }
  }

  /** @param {number | null} eventsPerSecond */
  async function go(eventsPerSecond) {
    await syncBreakpoints();
    follow();
    // A real kernel goes as fast as it goes.
    void send({ type: 'go', eventsPerSecond: get().run?.can.pace === null ? eventsPerSecond : null });
  }

  /** @param {() => Promise<void>} leave for another run */
  const orSay = (leave) => void leave().catch((error) => toast.show(messageOf(error)));

  return {
    toggle() {
      const { run, speed } = get();
      if (isRunning(run)) {
        void send({ type: 'pause' });
      } else {
        void go(speed);
      }
    },
    go: (eventsPerSecond) => void go(eventsPerSecond),
    async toDecision() {
      const answer = await send({ type: 'advance', unit: 'decision', by: 1 });
      if (!answer) {
        return;
      }
      if (answer.events.from > answer.events.to) {
        toast.show(sentence(answer.why));
        return;
      }
      try {
        // What follows the decision in the same step is not what was asked for.
        const { hits } = await api.search(DECISION, answer.events.from, 1);
        socket.send({ type: 'seek', seq: hits[0]?.seq ?? answer.events.to });
      } catch (error) {
        toast.show(messageOf(error));
      }
    },
    manual() {
      const on = !get().run?.manual;
      void send({ type: 'manual', on }).then((answer) => {
        if (answer && on) {
          set({ ...get(), side: 'hand' });
        } else if (answer) {
          toast.show('Handlers answer by themselves again.');
        }
      });
    },
    breakpoints: () => void syncBreakpoints(),
    async perform(command, words) {
      const { meta } = get();
      const what = words((region) => regionName(meta, region));
      try {
        const answer = await commandRun(id, command);
        follow();
        set(withInput(withRun(get(), answer.status), inputOf(what, answer)));
      } catch (error) {
        set(withInput(get(), { what, ok: false, result: 'refused', woke: [], why: messageOf(error), from: null }));
      }
    },
    checkPages: () => void send({ type: 'check-pages' }).then((answer) => answer && toast.show(answer.why)),
    toEnd: follow,
    fork: () => orSay(async () => openFork((await forkRun(id, get().moment?.seq ?? 0)).id, id, get().breakpoints)),
    restart(on) {
      const { run } = get();
      if (run) {
        orSay(async () => startAndOpen(await requestOfRun(run, on)));
      }
    },
    stop: () => void send({ type: 'stop' }),
  };
}

/** @param {string} text */
function sentence(text) {
  return text === '' ? '' : `${text[0].toUpperCase()}${text.slice(1)}.`;
}
