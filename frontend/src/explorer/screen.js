// @ts-check
import { runIfAvailable } from '../model/commands.js';
import { storyQuestion } from '../model/fault-story.js';
import { listExports } from '../stream/api.js';
import { readPalette } from '../views/palette.js';
import { createBands } from '../views/bands.js';
import { createBookmarksPane } from '../views/bookmarks-pane.js';
import { createBreakpointsPane } from '../views/breakpoints-pane.js';
import { eventOf } from '../views/dom.js';
import { createEmbedLink } from '../views/embed-link.js';
import { createFrame } from '../views/frame.js';
import { createHandPane } from '../views/hand-pane.js';
import { createInspector } from '../views/inspector.js';
import { createKernelPane } from '../views/kernel-pane.js';
import { createKeySheet } from '../views/key-sheet.js';
import { createLanes } from '../views/lanes.js';
import { createLensTabs } from '../views/lens-tabs.js';
import { LENSES } from '../views/lenses.js';
import { createOmnibox } from '../views/omnibox.js';
import { createQueuePane } from '../views/queue-pane.js';
import { createRegionsDialog } from '../views/regions-dialog.js';
import { createRegionsPane } from '../views/regions-pane.js';
import { createSaveMenu } from '../views/save-menu.js';
import { createSideTabs } from '../views/side-tabs.js';
import { createTopBar } from '../views/top-bar.js';
import { createTransportBar } from '../views/transport-bar.js';
import { createWhyDialog } from '../views/why-dialog.js';
import { addBookmarkCommands } from './bookmark-commands.js';
import { copyText } from './clipboard.js';
import { createCommands } from './commands.js';
import { listenToKeys } from './keys.js';
import { messageOf } from './loaders.js';
import { createPresentation } from './presentation.js';
import { addRunCommands } from './run-commands.js';

/** @typedef {import('../model/view-state.js').ViewState} ViewState */
/** @typedef {import('../model/page-ref.js').PageRef} PageRef */

/**
 * All views of the explorer, in their places.
 *
 * @param {HTMLElement} root
 * @param {object} parts
 * @param {import('../views/actions.js').Actions} parts.actions
 * @param {import('../views/actions.js').RunActions} parts.run
 * @param {import('../stream/api.js').RecordingApi} parts.api
 * @param {import('../model/page-store.js').PageStore} parts.pages
 * @param {import('../model/touch-order.js').TouchOrder} parts.touches
 * @param {import('../model/last-events.js').LastEvents} parts.last
 * @param {import('../stream/session-socket.js').SessionSocket} parts.socket
 * @param {{show: (text: string) => void, hide: () => void}} parts.toast
 * @param {() => void} parts.invalidate
 * @param {() => ViewState} parts.get
 * @param {(state: ViewState) => void} parts.set
 * @param {AbortSignal} parts.signal
 */
export function createScreen(root, { actions, run, api, pages, touches, last, socket, toast, invalidate, get, signal }) {
  let colours = readPalette(document.body);
  const palette = () => colours;
  const frame = createFrame(root, invalidate);
  const presentation = createPresentation(root, invalidate);
  const tabs = createLensTabs(frame.parts.center, LENSES, (lens) => actions.setLens(lens));

  const registry = createCommands({
    state: get,
    actions,
    openOmnibox: (kind, text) => omnibox.open(kind, text),
    moveView: (key) => (shownLens().move ? shownLens() : able('move')).move?.(key),
    followCause,
    follow: (on) => socket.send({ type: 'follow', on }),
    toggleSide: (side) => frame.toggle(side),
    toggleBreakpoints: (show) => togglePane('breaks', breakpoints, show),
    toggleKernel() {
      frame.toggle('right', false);
      actions.setSide(get().side === 'kernel' ? 'page' : 'kernel');
    },
    enterLens: () => shownLens().focus(),
    present: (on = !presentation.isOn()) => presentation.set(on),
    clear() {
      toast.hide();
      if (presentation.isOn()) {
        presentation.set(false);
        return;
      }
      if (document.activeElement instanceof HTMLElement) {
        document.activeElement.blur();
      }
      actions.selectPage(null);
      actions.selectActor(null);
      actions.selectArea(null);
    },
    save: () => saveMenu.open(),
    askRegions: () => regionsDialog.open(),
    why,
  }, LENSES);
  // A page that frames this one looks on; a run is told nothing from there.
  const embedded = root.dataset.embed === 'true';
  if (!embedded) {
    addBookmarkCommands(registry, {
      state: get,
      bookmarks: actions.bookmarks,
      add() {
        frame.toggle('right', false);
        actions.bookmarks.begin();
      },
      toggleList: () => togglePane('marks', bookmarks),
    });
    addRunCommands(registry, {
      state: get,
      actions,
      run,
      find: (query, direction) => socket.send({ type: 'find', query, direction }),
      toggleHand: () => togglePane('hand', hand),
      hand: () => hand,
    });
  }
  const keySheet = createKeySheet(registry);
  const regionsDialog = createRegionsDialog((regions) => actions.setRegions(regions));
  const showInspector = () => {
    frame.toggle('right', false);
    actions.setSide('page');
    side.show('page');
    inspector.focus();
  };

  const saveMenu = createSaveMenu({ forms: listExports, addressOf: (form) => api.exportUrl(form), failed: (message) => toast.show(message) });
  const topBar = createTopBar(frame.parts.bar, { actions, toggleInspector: () => frame.toggle('right'), save: saveMenu });
  const omnibox = createOmnibox(topBar.omnibox, { actions, registry, go, signal });
  const bands = createBands(frame.parts.bands, actions);
  const regions = createRegionsPane(frame.parts.left, { go: goToRegion, pages, palette });
  const queue = createQueuePane(frame.parts.left, { actions, pages, palette });
  const rows = {
    events: (/** @type {number} */ from, /** @type {number} */ count) => (count > 0 ? api.events(from, count) : Promise.resolve([])),
    faults: (/** @type {number} */ from, /** @type {number} */ limit) => api.faults(from, limit),
    sortedFaults: (/** @type {string} */ sort, /** @type {string} */ where, /** @type {number} */ skip, /** @type {number} */ limit) => api.sortedFaults(sort, where, skip, limit),
    kernelTotals: () => api.kernelTotals(),
    faultSums: (/** @type {string} */ where, /** @type {string} */ group) => api.faultSums(where, group),
    search: (/** @type {string} */ query, /** @type {number} */ from) => api.search(query, from, 1000),
  };
  /** @type {Map<string, import('../views/lenses.js').LensView>} */
  const lenses = new Map(LENSES.all().map(({ id, create }) => [id, create({ ...tabs.parts[id], actions, rows, pages, touches, last, palette, invalidate, inspect: showInspector, askRegions: () => regionsDialog.open(), signal })]));
  const shownLens = () => /** @type {import('../views/lenses.js').LensView} */ (lenses.get(LENSES.get(get().lens).id));
  /** The first lens that can do something. @param {keyof import('../views/lenses.js').LensView} what */
  const idOfAble = (what) => [...lenses].find(([, view]) => view[what])?.[0] ?? LENSES.all()[0].id;
  const able = (/** @type {keyof import('../views/lenses.js').LensView} */ what) => /** @type {import('../views/lenses.js').LensView} */ (lenses.get(idOfAble(what)));
  const copy = (/** @type {string} */ text) => void copyText(text).then((copied) => toast.show(copied ? 'Copied.' : 'This browser does not let a page copy.'));
  const side = createSideTabs(frame.parts.right, (which) => actions.setSide(which));
  const inspector = createInspector(side.panels.page, { actions, pages, palette, copy, why });
  const kernelPane = createKernelPane(side.panels.kernel, { actions, copy });
  const breakpoints = createBreakpointsPane(side.panels.breaks, { actions });
  const bookmarks = createBookmarksPane(side.panels.marks, { actions });
  const hand = createHandPane(side.panels.hand, { actions, run });
  const lanes = createLanes(frame.parts.bottom, { size: 'bottom', actions, palette, invalidate, signal });
  const transport = createTransportBar(frame.parts.transport, {
    actions, run, palette, signal,
    nextDecision: () => void runIfAvailable(registry.get('decision.next')),
    goTo: () => omnibox.open('/', '#'),
  });
  const whyDialog = createWhyDialog({ ask: (question) => api.why(question), seek: actions.seek, copy });
  listenToKeys(registry, () => keySheet.isOpen || regionsDialog.isOpen || whyDialog.isOpen, signal);

  frame.embed(embedded);
  const views = [...(embedded ? [createEmbedLink(frame.parts.transport)] : []), topBar, omnibox, bands, regions, queue, ...lenses.values(), side, inspector, kernelPane, breakpoints, bookmarks, hand, lanes, transport];
  let lens = '';

  /**
   * Shows a pane at the side and goes there, or shows the page's again.
   *
   * @param {import('../model/deep-link.js').SideId} which
   * @param {{focus: () => void}} pane
   * @param {boolean} [show]
   */
  function togglePane(which, pane, show = get().side !== which) {
    frame.toggle('right', false);
    actions.setSide(show ? which : 'page');
    if (show) {
      side.show(which);
      pane.focus();
    }
  }

  /** @param {number} region */
  function goToRegion(region) {
    actions.setLens(idOfAble('revealRegion'));
    able('revealRegion').revealRegion?.(region);
    actions.selectPage({ region, page: 0 }, true);
  }

  /** @param {import('../model/search.js').Target} target */
  function go(target) {
    switch (target.kind) {
      case 'page':
        actions.selectPage(target.page);
        able('reveal').reveal?.(target.page, true);
        break;
      case 'moment':
        actions.seek(target.seq);
        break;
      case 'time':
        actions.seekTime(target.timeNs);
        break;
      case 'region':
        goToRegion(target.region);
        break;
      case 'actor':
        actions.selectActor(target.actor);
        break;
      case 'query':
        actions.findAll(target.query);
        break;
    }
  }

  function why() {
    const question = storyQuestion(eventOf(document.activeElement), get().page, get().moment, get().actor);
    if (question) {
      whyDialog.open(question);
    }
  }

  /** @param {1 | -1} direction */
  function followCause(direction) {
    const event = get().moment?.event;
    if (!event) {
      return;
    }
    if (direction < 0) {
      actions.seek(event.cause);
      return;
    }
    api.effects(event.seq).then(
      ([first]) => (first ? actions.seek(first.seq) : toast.show('Nothing in the recording was caused by this event.')),
      (error) => toast.show(messageOf(error)),
    );
  }

  return {
    /** @param {ViewState} state */
    update(state) {
      if (state.lens !== lens) {
        lens = state.lens;
        tabs.show(state.lens);
        frame.showBottom(!LENSES.get(state.lens).showsLanes);
      }
      for (const view of views) {
        view.update(state);
      }
    },
    recolour() {
      colours = readPalette(document.body);
      lenses.forEach((view) => view.repaint?.());
      invalidate();
    },
    reveal: (/** @type {PageRef} */ page) => able('reveal').reveal?.(page),
    showKeys: () => keySheet.toggle(),
    setWatch: transport.setWatch,
  };
}
