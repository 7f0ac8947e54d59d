// @ts-check
import { afterStop, breakpointOf, enabledQueries, newStop } from '../model/breakpoints.js';
import { decodeLink, encodeLink } from '../model/deep-link.js';
import { applyFrame } from '../model/frames.js';
import { PageStore } from '../model/page-store.js';
import { LAYERS } from '../model/paint.js';
import { canRun, isUnderWay } from '../model/run-status.js';
import { initialState, linkOf, reduceMessage, shownQuery, withLink } from '../model/view-state.js';
import { LastEvents } from '../model/last-events.js';
import { TouchOrder } from '../model/touch-order.js';
import { ApiError, onlyLookOn, RecordingApi } from '../stream/api.js';
import { scenario } from '../stream/run-api.js';
import { browserSurroundings, SessionSocket } from '../stream/session-socket.js';
import { LENSES } from '../views/lenses.js';
import { createToast } from '../views/toast.js';
import { watchTheme } from '../views/theme.js';
import { createActions } from './actions.js';
import { createLastLoader } from './last-loader.js';
import { createLoaders } from './loaders.js';
import { createRunActions } from './run-actions.js';
import { createScreen } from './screen.js';
import { createTileWatch } from './tile-watch.js';
import { createTouchLoader } from './touch-loader.js';

/** @typedef {import('../model/view-state.js').ViewState} ViewState */

/** A recording that was read within this time opens at its first fault, others where they grow. */
const AT_ONCE_MS = 2000;

/** The address changes when things rest: browsers refuse to change it too often. */
const ADDRESS_MS = 250;

/**
 * Puts the explorer together: state, stream, views.
 *
 * @param {HTMLElement} root
 * @param {string} recording
 */
export function startExplorer(root, recording) {
  const life = new AbortController();
  const { signal } = life;
  const link = decodeLink(location.hash, LENSES);
  if (root.dataset.embed === 'true') {
    onlyLookOn();
  }
  const api = new RecordingApi(recording);
  const pages = new PageStore();
  const toast = createToast();
  let state = withLink(initialState(), link);
  if (LAYERS[state.layer].of === 'state') {
    pages.setLayer(state.layer);
  }
  const touches = new TouchOrder();
  const last = new LastEvents();

  const url = new URL(`/ws/sessions/${encodeURIComponent(recording)}`, location.href);
  url.protocol = url.protocol.replace('http', 'ws');
  const socket = new SessionSocket(url.href, link.seq, browserSurroundings(whyEnded));

  /**
   * Says outside what has been painted.
   *
   * @param {string} key
   * @param {string} value
   */
  const say = (key, value) => {
    if (root.dataset[key] !== value) {
      root.dataset[key] = value;
    }
  };
  let frame = 0;
  const invalidate = () => {
    if (frame === 0) {
      frame = requestAnimationFrame(() => {
        frame = 0;
        screen.update(state);
        say('seq', String(state.moment?.seq ?? ''));
        say('phase', state.connection.phase);
      });
    }
  };
  /** @param {ViewState} next */
  const set = (next) => {
    if (next !== state) {
      const before = state;
      state = next;
      afterChange(before);
      invalidate();
    }
  };
  const patch = (/** @type {Partial<ViewState>} */ part) => set({ ...state, ...part });

  const tileWatch = createTileWatch(socket);
  const loaders = createLoaders(api, () => state, patch);
  const learnTouches = createTouchLoader({ api, touches, get: () => state, invalidate, toast });
  const learnLast = createLastLoader({ api, last, get: () => state, invalidate, toast });
  const run = createRunActions(recording, { socket, api, toast, get: () => state, set });
  const actions = createActions({ run, socket, api, pages, loaders, tileWatch, toast, get: () => state, set, reveal: (page) => screen.reveal(page), showKeys: () => screen.showKeys(), repaint: () => screen.recolour() });
  const screen = createScreen(root, { actions, run, api, pages, touches, last, socket, toast, invalidate, get: () => state, set, signal });
  watchTheme(() => screen.recolour(), signal);

  let addressTimer = 0;
  /** @param {ViewState} before */
  function afterChange(before) {
    const seq = state.moment?.seq;
    const moved = seq !== before.moment?.seq || state.page !== before.page;
    if (state.page && seq !== undefined && (moved || state.meta?.events !== before.meta?.events) && !state.moment?.playing) {
      loaders.inspect();
    }
    if (state.moment?.playing === false && before.moment?.playing) {
      loaders.inspect();
    }
    if (state.meta?.events !== before.meta?.events || state.layer !== before.layer) {
      learnTouches();
    }
    if (seq !== before.moment?.seq || state.layer !== before.layer) {
      learnLast();
    }
    if (state.meta?.events !== before.meta?.events || state.hits !== before.hits) {
      loaders.searchOn();
    }
    if (state.meta?.events !== before.meta?.events || state.breakpoints !== before.breakpoints) {
      loaders.countHits();
    }
    const stop = newStop(before, state);
    if (stop && afterStop(state.breakpoints, stop) !== state.breakpoints) {
      patch({ breakpoints: afterStop(state.breakpoints, stop) });
    }
    if (adopted && enabledQueries(state.breakpoints).join('\n') !== enabledQueries(before.breakpoints).join('\n')) {
      run.breakpoints();
    }
    if (shownQuery(state) !== shownQuery(before) || state.meta?.events !== before.meta?.events) {
      loaders.totals();
    }
    watchPage(before);
    const rests = seq !== before.moment?.seq || before.moment?.playing || before.side !== state.side;
    if (state.side === 'kernel' && state.moment?.playing === false && rests) {
      loaders.kernel();
    }
    window.clearTimeout(addressTimer);
    addressTimer = window.setTimeout(writeAddress, ADDRESS_MS);
  }

  /** @param {ViewState} before */
  function watchPage(before) {
    if (!state.watching || !state.page) {
      return;
    }
    const { value } = state.changes;
    if (state.watching !== before.watching || state.page !== before.page) {
      loaders.changes(true);
    } else if (value?.complete && state.meta?.events !== before.meta?.events && value.next <= (state.meta?.events ?? 0)) {
      loaders.changes(false);
    }
  }

  function writeAddress() {
    if (state.moment && !state.moment.playing) {
      const hash = `#${encodeLink(linkOf(state))}`;
      if (hash !== location.hash) {
        history.replaceState(null, '', hash);
      }
    }
  }

  window.addEventListener(
    'hashchange',
    () => {
      const to = decodeLink(location.hash, LENSES);
      actions.setLayer(to.layer);
      set(withLink(state, to));
      if (to.seq !== null) {
        actions.seek(to.seq);
      }
      if (to.query) {
        actions.findAll(to.query);
      }
    },
    { signal },
  );

  const openedAt = performance.now();
  let placed = link.seq !== null;
  let following = false;
  let revealFirst = link.page !== null;
  /** Without a moment in the link: at the first fault, or with the end of what is still being read. */
  function chooseMoment() {
    const { meta, moment } = state;
    if (placed || !meta || !moment) {
      return;
    }
    if (meta.complete) {
      placed = true;
      if (following) {
        socket.send({ type: 'follow', on: false });
      }
      if (meta.events > 0 && performance.now() - openedAt < AT_ONCE_MS) {
        if (moment.seq > 0) {
          socket.send({ type: 'seek', seq: 0 });
        }
        socket.send({ type: 'step', by: 1, unit: 'fault' });
      }
    } else if (!following) {
      following = true;
      socket.send({ type: 'follow', on: true });
    }
  }

  socket.connection.on((connection) => patch({ connection }), { signal });
  let simulated = false;
  socket.messages.on(
    (message) => {
      if (message.type === 'hello') {
        // Only a simulation sees what KVM maps besides faults.
        touches.begin(message.epoch);
        last.begin(message.epoch);
        tileWatch.begin();
        simulated = message.recording.source.startsWith('simulation');
        pages.setStage2Told(simulated);
      }
      if (message.type === 'meta') {
        // A trace of KVM alone says nothing of what the host has.
        pages.setHostTold(simulated || message.origin !== 'stage2');
        pages.setStates(message.states);
        pages.setRegions(message.regions.map((region) => region.pages), message.regions.map((region) => region.initial));
        touches.setRegions(message.regions.map((region) => region.pages));
        last.setRegions(message.regions);
        last.setActors(message.actors);
      }
      if (message.type === 'error') {
        toast.show(message.message);
      }
      if (message.type === 'found') {
        foundOrNot(message);
      }
      set(reduceMessage(state, message));
      if (message.type === 'run') {
        adoptBreakpoints();
        tellWhatToWatch(message.scenario);
      }
      chooseMoment();
    },
    { signal },
  );
  socket.updates.on(
    ({ frames, moment }) => {
      for (const each of frames) {
        applyFrame(each, pages);
      }
      touches.keepSparse(pages.isCells);
      last.keepSparse(pages.isCells);
      set({ ...reduceMessage(state, moment), pagesVersion: pages.version });
      chooseMoment();
      if (revealFirst && state.page) {
        revealFirst = false;
        screen.reveal(state.page);
      }
    },
    { signal },
  );
  document.addEventListener('visibilitychange', () => socket.setHidden(document.hidden), { signal });
  window.addEventListener('pagehide', () => life.abort(), { signal });
  signal.addEventListener('abort', () => socket.close(), { once: true });

  /** @param {import('../model/messages.js').FoundMessage} found */
  function foundOrNot({ seq, queries, direction }) {
    const { continuing } = state;
    patch({ continuing: null, stopped: continuing !== null && seq !== null ? { seq, queries } : state.stopped });
    if (seq !== null) {
      return;
    }
    if (continuing === 1 && canRun(state.run)) {
      run.go(null);
    } else {
      toast.show(`No ${direction > 0 ? 'further' : 'earlier'} event ${continuing === null ? 'satisfies the predicate' : 'meets a breakpoint'}.`);
    }
  }

  let adopted = false;
  /** What stops a run already is in the list of who comes without one; otherwise the run is told. */
  function adoptBreakpoints() {
    if (adopted || !isUnderWay(state.run)) {
      return;
    }
    adopted = true;
    if (state.breakpoints.length === 0) {
      patch({ breakpoints: (state.run?.breakpoints ?? []).map((query) => breakpointOf({ query, on: true })) });
    } else {
      run.breakpoints();
    }
  }

  let watched = false;
  /** @param {string | null} name in the gallery */
  function tellWhatToWatch(name) {
    if (name !== null && !watched) {
      watched = true;
      // Without it the run is shown all the same.
      scenario(name).then(({ about }) => screen.setWatch(about), () => {});
    }
  }

  /** @returns {Promise<string | null>} */
  async function whyEnded() {
    try {
      await api.info();
      return null;
    } catch (error) {
      if (error instanceof ApiError && (error.status === 404 || error.status === 410)) {
        return 'This recording is not known here any more.';
      }
      if (error instanceof ApiError && (error.status === 401 || error.status === 403)) {
        return 'Faultscope was started again: open the link that it printed.';
      }
      return null;
    }
  }

  if (link.query) {
    loaders.search(link.query);
  }
  socket.connect();
  invalidate();
}
