// @ts-check
import { sideBySideOf } from '../model/addresses.js';
import { enabledQueries, MOST_BREAKPOINTS, withBreakpoint } from '../model/breakpoints.js';
import { withArea, withoutArea } from '../model/fault-filter.js';
import { encodeLink } from '../model/deep-link.js';
import { LAYERS } from '../model/paint.js';
import { canRun, goesOnFrom, isRunning } from '../model/run-status.js';
import { linkOf, selectPage, shownQuery } from '../model/view-state.js';
import { cancelImport } from '../stream/api.js';
import { nextTheme } from '../views/theme.js';
import { createBookmarkActions } from './bookmark-actions.js';
import { copyText } from './clipboard.js';
import { lastOf, messageOf } from './loaders.js';

/** @typedef {import('../model/view-state.js').ViewState} ViewState */

const SLOWEST = 0.1;
const FASTEST = 10_000_000;

/**
 * What views ask for, done.
 *
 * @param {object} parts
 * @param {import('../stream/session-socket.js').SessionSocket} parts.socket
 * @param {import('../stream/api.js').RecordingApi} parts.api
 * @param {import('../model/page-store.js').PageStore} parts.pages
 * @param {ReturnType<typeof import('./loaders.js').createLoaders>} parts.loaders
 * @param {{show: (text: string) => void}} parts.toast
 * @param {() => ViewState} parts.get
 * @param {(state: ViewState) => void} parts.set
 * @param {ReturnType<typeof import('./tile-watch.js').createTileWatch>} parts.tileWatch
 * @param {(page: import('../model/page-ref.js').PageRef) => void} parts.reveal
 * @param {() => void} parts.showKeys
 * @param {() => void} parts.repaint
 * @param {import('../views/actions.js').RunActions} parts.run
 * @returns {import('../views/actions.js').Actions}
 */
export function createActions({ socket, api, pages, loaders, tileWatch, toast, get, set, reveal, showKeys, repaint, run }) {
  const patch = (/** @type {Partial<ViewState>} */ part) => set({ ...get(), ...part });
  /** @param {import('../model/messages.js').ClientMessage} message */
  const send = (message) => {
    if (!socket.send(message)) {
      toast.show('Not connected: what is shown stays as it is until the connection is back.');
    }
  };
  const tellView = lastOf(async (/** @type {{region: number, first: number, count: number}} */ range) => {
    socket.send({ type: 'view', ...range });
  }, 200);

  /** @param {import('../model/fault-filter.js').Area | null} area */
  function selectArea(area) {
    const before = shownQuery(get());
    const query = area ? withArea(before, area) : withoutArea(before);
    if (query === null) {
      toast.show('A name with such characters cannot stand in a predicate.');
    } else if (query !== before) {
      patch({ mark: null, totals: { status: 'none', value: null, error: null }, stretch: { status: 'none', value: null, error: null }, hits: query === '' ? null : get().hits });
      if (query !== '') {
        loaders.search(query);
      }
    } else if (get().mark !== null) {
      patch({ mark: null });
    }
  }

  /** @param {number} seq */
  function seek(seq) {
    send({ type: 'seek', seq: Math.max(0, Math.min(seq, get().meta?.events ?? 0)) });
  }

  /** @param {import('../model/page-ref.js').PageRef | null} page */
  function choosePage(page, show = false) {
    set(selectPage(get(), page));
    if (page && show) {
      reveal(page);
    }
  }

  return {
    bookmarks: createBookmarkActions({ api, toast, get, patch, seek, selectPage: choosePage }),
    step(by, unit = 'event') {
      const { page, actor } = get();
      if (unit === 'page' && page) {
        send({ type: 'step', by, unit, region: page.region, page: page.page });
      } else if (unit === 'actor' && actor !== null) {
        send({ type: 'step', by, unit, actor });
      } else if (unit === 'event' || unit === 'fault') {
        send({ type: 'step', by, unit });
      }
    },
    seek,
    seekTime(timeNs) {
      send({ type: 'seek', timeNs });
    },
    togglePlay() {
      const { moment, meta, speed } = get();
      if (isRunning(get().run) || goesOnFrom(get().run, moment?.seq ?? 0, meta?.events ?? 0)) {
        run.toggle();
        return;
      }
      send(moment?.playing ? { type: 'pause' } : { type: 'play', eventsPerSecond: speed });
    },
    setSpeed(eventsPerSecond) {
      const speed = Math.min(FASTEST, Math.max(SLOWEST, eventsPerSecond));
      patch({ speed });
      if (get().moment?.playing) {
        send({ type: 'play', eventsPerSecond: speed });
      } else if (isRunning(get().run) && get().run?.can.pace === null) {
        run.go(speed);
      }
    },
    selectPage: choosePage,
    selectActor(actor) {
      patch({ actor });
    },
    setLens(lens) {
      patch({ lens });
    },
    setLayer(layer) {
      if (LAYERS[layer].of === 'state') {
        pages.setLayer(layer);
      }
      patch({ layer });
    },
    setTable(table) {
      patch({ table, lens: 'table' });
    },
    setSide(side) {
      patch({ side });
    },
    setRange(range, pixels) {
      const before = get().range;
      const same = range === before || (range && before && range.fromNs === before.fromNs && range.toNs === before.toNs);
      if (!same) {
        patch({ range });
      }
      loaders.lanes(pixels);
    },
    setHeatOf(heatOf) {
      if (heatOf !== get().heatOf) {
        patch({ heatOf, heat: { status: 'none', value: null, error: null } });
      }
    },
    askHeat(columns, rows) {
      loaders.heat({ columns, rows });
    },
    askArrows(limit, about) {
      loaders.arrows({ limit, about });
    },
    selectArea,
    markTime() {
      const { moment, mark, meta, actor } = get();
      const now = moment?.timeNs ?? 0;
      if (mark === null) {
        patch({ mark: now });
        toast.show('A is here: go to another moment and press T again for B.');
        return;
      }
      const chosen = meta?.actors.find(({ index }) => index === actor);
      selectArea({ kind: 'threads', fromNs: Math.min(mark, now), toNs: Math.max(mark, now) + 1, actors: chosen ? [chosen.label] : [] });
    },
    findAll(query) {
      loaders.search(query);
    },
    clearHits() {
      patch({ hits: null });
    },
    findNext(direction) {
      const { hits } = get();
      if (hits && !hits.error) {
        send({ type: 'find', query: hits.query, direction });
      }
    },
    addBreakpoint(query, once = false) {
      const before = get().breakpoints;
      const breakpoints = withBreakpoint(before, query, once);
      if (breakpoints === before) {
        if (query.trim() !== '') {
          toast.show(`There are ${MOST_BREAKPOINTS} breakpoints already: remove one first.`);
        }
        return false;
      }
      patch({ breakpoints });
      return true;
    },
    switchBreakpoint(query, on) {
      patch({ breakpoints: get().breakpoints.map((each) => (each.query === query ? { ...each, on, spent: null } : each)) });
    },
    stopOnce(query, once) {
      patch({ breakpoints: get().breakpoints.map((each) => (each.query === query ? { ...each, once, spent: null } : each)) });
    },
    removeBreakpoint(query) {
      patch({ breakpoints: get().breakpoints.filter((each) => each.query !== query) });
    },
    continueTo(direction) {
      const { run: status, moment, meta, breakpoints } = get();
      const queries = enabledQueries(breakpoints);
      if (queries.length === 0) {
        toast.show('No breakpoint is on: add one with B or under “Stop when” of a page.');
      } else if (direction > 0 && canRun(status) && (moment?.seq ?? 0) >= (meta?.events ?? 0)) {
        run.go(null);
      } else {
        patch({ continuing: direction });
        send({ type: 'find', queries, direction });
      }
    },
    watchPage(watching) {
      if (watching !== get().watching) {
        patch({ watching });
      }
    },
    watchOn: () => loaders.changes(false),
    showPages: tellView,
    compare() {
      const { recording, run: status, moment } = get();
      if (recording) {
        const other = status?.forkOf?.id ?? '';
        location.assign(sideBySideOf(recording.id, other, moment?.seq ?? 0));
      }
    },
    lookAt: (tiles) => tileWatch.lookAt(tiles),
    share() {
      const address = new URL(location.href);
      address.hash = encodeLink(linkOf(get()));
      void copyText(address.href).then((copied) =>
        toast.show(copied ? 'Link copied.' : 'The link is in the address bar: this browser does not let a page copy.'),
      );
    },
    showKeys,
    toggleTheme() {
      const theme = nextTheme();
      toast.show(theme === 'system' ? 'Theme as the system says.' : `Theme: ${theme}.`);
      repaint();
    },
    retry: () => socket.retryNow(),
    loadNotes() {
      api.notes().then((notes) => patch({ notes }), (error) => toast.show(messageOf(error)));
    },
    cancelImport() {
      const id = get().recording?.id;
      if (id !== undefined) {
        cancelImport(id).catch((error) => toast.show(messageOf(error)));
      }
    },
    async setRegions(regions) {
      try {
        await api.setRegions(regions);
        return null;
      } catch (error) {
        return messageOf(error);
      }
    },
  };
}
