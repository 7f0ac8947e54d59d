// @ts-check
import { formatCount, formatDuration, plural } from '../base/format.js';
import { tilesOnScreen, visibleRanges } from '../base/grid-view.js';
import { keyName } from '../base/keyboard.js';
import { moveCursor } from '../base/page-cursor.js';
import { blockOf, levelOf, TILE_PAGES } from '../base/page-grid.js';
import { LAYERS, leafInWords, legendShown, paintOf, whoLegend } from '../model/paint.js';
import { stateOfWaiting } from '../model/page-state.js';
import { samePage } from '../model/page-ref.js';
import { accessWord, isOfKernel, isPlaced, nameOfFault } from '../model/vocabulary.js';
import { PageBit } from '../model/vocabulary.generated.js';
import { actorLabel, phaseInWords, waitingOn } from '../model/view-state.js';
import { createCanvas } from './canvas.js';
import { el, setText } from './dom.js';
import { drawHalves, drawHeaders, drawLeaves, drawMarks, drawNumbers, drawOutline, drawRange, drawRulers, sayPage } from './grid-overlay.js';
import { createLegend } from './legend.js';
import { createHint } from './pane.js';
import { PageRaster } from './page-raster.js';
import { SpaceCamera } from './space-camera.js';
import { createEmptySpace } from './space-empty.js';
import { listenToPointers } from './space-input.js';
import { createSpaceMap } from './space-map.js';
import { createSpaceTools } from './space-tools.js';
import { makeStamps, SCREEN_FROM } from './stamps.js';
import { createTooltip } from './page-tooltip.js';

/** @typedef {import('../model/view-state.js').ViewState} ViewState */
/** @typedef {import('../model/page-ref.js').PageRef} PageRef */

/** Pixels of a page from which on pages are asked for where only cells are known. */
const LOOKED_FROM = 1 / 2;

const HELP =
  'Arrow keys move from page to page, with Ctrl to the next page whose state differs. ' +
  'Home and End go to the ends of the row, Page Up and Page Down by a screen. ' +
  'Plus and minus zoom about the page, A and D move, F fits. Enter opens the inspector. The table lens shows the same as rows.';

/**
 * The page grid.
 *
 * @param {HTMLElement} root
 * @param {object} options
 * @param {import('./actions.js').Actions} options.actions
 * @param {import('../model/page-store.js').PageStore} options.pages
 * @param {import('../model/touch-order.js').TouchOrder | null} [options.touches] for the layers that show it
 * @param {import('../model/last-events.js').LastEvents | null} [options.last] likewise
 * @param {() => import('./palette.js').Palette} options.palette
 * @param {() => void} options.invalidate asks to be painted
 * @param {() => void} options.inspect moves to the inspector
 * @param {() => void} options.askRegions lets a person say where memory lies
 * @param {HTMLElement} options.tools
 * @param {AbortSignal} options.signal
 */
export function createSpaceLens(root, { actions, pages: states, touches = null, last = null, palette, invalidate, inspect, askRegions, tools, signal }) {
  const surface = el('div', {
    class: 'fs-space__surface',
    role: 'application',
    tabindex: 0,
    'aria-label': 'Page grid',
    'aria-roledescription': 'page grid',
    'aria-describedby': 'space-help',
  });
  const spoken = el('p', { class: 'fs-spoken', 'aria-live': 'polite', id: 'space-spoken' });
  const tooltip = createTooltip();
  const empty = createEmptySpace(askRegions);
  surface.append(tooltip.root, empty.root);
  const box = el('div', { class: 'fs-space' }, surface);
  root.append(createHint('space', 'Every page in its place, row by row; click one to see what it is and why. Wheel zooms, drag moves.'), box, spoken, el('p', { class: 'fs-spoken', id: 'space-help', text: HELP }));
  const legend = createLegend(box);

  const camera = new SpaceCamera();
  const raster = new PageRaster();
  /** @type {import('./stamps.js').Stamps | null} */
  let stamps = null;
  let stampsFor = '';
  /** What is painted: states, or what the layer shows in their place. */
  let pages = states;
  /** @type {ViewState | null} */
  let state = null;
  /** @type {PageRef | null} */
  let hovered = null;
  /** Where the pointer is on the grid. @type {{x: number, y: number} | null} */
  let pointer = null;
  let painted = '';

  const repaint = () => {
    painted = '';
    invalidate();
  };
  const canvas = createCanvas(
    surface,
    () => {
      camera.setViewport(canvas.width, canvas.height, canvas.ratio);
      repaint();
    },
    signal,
  );

  const map = createSpaceMap(
    surface,
    (page) => {
      camera.centre(page);
      repaint();
    },
    signal,
  );

  const hideTooltip = () => {
    hovered = null;
    tooltip.hide();
  };
  const gestures = {
    pan: (/** @type {number} */ dx, /** @type {number} */ dy) => {
      camera.pan(dx, dy);
      repaint();
    },
    zoom: (/** @type {number} */ steps, /** @type {number} */ x, /** @type {number} */ y) => {
      camera.zoomSteps(steps, x, y);
      repaint();
    },
    pick: (/** @type {number} */ x, /** @type {number} */ y, /** @type {boolean} */ closer) => {
      const page = camera.pageAt(x, y);
      if (page || !closer) {
        actions.selectPage(page);
      }
      if (page && closer) {
        camera.reveal(page, true);
        inspect();
      }
      repaint();
    },
    hover: (/** @type {number} */ x, /** @type {number} */ y) => {
      pointer = { x, y };
      const page = camera.pageAt(x, y);
      if (!page) {
        hideTooltip();
        return;
      }
      if (!samePage(page, hovered)) {
        hovered = page;
        fillTooltip();
        lookAround();
      }
      tooltip.place(x / canvas.ratio, y / canvas.ratio, surface);
    },
    leave() {
      pointer = null;
      hideTooltip();
    },
  };
  listenToPointers(surface, gestures, signal);

  const fitAll = () => {
    camera.fit();
    repaint();
  };
  const tool = createSpaceTools(tools, {
    setLayer: (layer) => actions.setLayer(layer),
    setColumns(columns) {
      camera.setColumns(columns);
      repaint();
    },
    fit: fitAll,
  });

  function fillTooltip() {
    if (state && hovered) {
      const bits = states.knows(hovered.region, hovered.page) ? states.get(hovered.region, hovered.page) : null;
      tooltip.fill(hovered, bits, state.meta, waitingText(hovered), shareText(hovered));
    }
  }

  /** @returns {import('../model/paint.js').LegendEntry[]} of the layer that is shown */
  function legendEntries() {
    const layer = state?.layer ?? 'fault';
    return layer === 'who' && last ? whoLegend(last.names) : legendShown(LAYERS[layer].legend, isOfKernel(state?.meta?.origin), pages.totals());
  }

  /** @param {PageRef} page @returns {string} how many pages of each kind its pixel stands for; empty where for one */
  function shareText({ region, page }) {
    const level = levelOf(camera.layout.zoom);
    if (level === 0) {
      return '';
    }
    const columns = blockOf(camera.layout, region)?.block.columns ?? 512;
    const shares = pages.sharesAround(region, page, columns, level);
    const all = shares.reduce((sum, count) => sum + count, 0);
    const told = legendEntries().filter(({ paint }) => shares[paint] > 0).map(({ paint, label }) => `${formatCount(shares[paint])} ${label}`);
    return `${plural(all, 'page')} here: ${told.join(' · ')}`;
  }

  /** @param {PageRef} page @returns {string} */
  function waitingText(page) {
    const entry = state && waitingOn(state.moment, page);
    if (!entry || !state) {
      return '';
    }
    const fault = `${nameOfFault(entry)} ${phaseInWords(entry)}`;
    return `${fault}, ${actorLabel(state.meta, entry.actor)}, ${accessWord(entry.flags)} access`;
  }

  /** @param {PageRef} page @returns {string} */
  function whoWaits(page) {
    const entry = state && waitingOn(state.moment, page);
    return entry && state && entry.actor !== null ? `${actorLabel(state.meta, entry.actor)} waits` : '';
  }

  /** @param {ViewState} next @returns {(page: PageRef) => string} what else is written on a page, in its layer */
  function moreOf({ layer }) {
    if (layer === 'fault') {
      return whoWaits;
    }
    if (layer === 'age') {
      return (page) => {
        const age = last?.ageNs(page) ?? null;
        return age === null ? '' : `changed ${formatDuration(age)} ago`;
      };
    }
    if (layer === 'contents') {
      return () => '';
    }
    if (layer === 'guest') {
      return (page) => leafInWords(pages.get(page.region, page.page));
    }
    if (layer === 'who') {
      const names = whoLegend(last?.names ?? []);
      return (page) => names[pages.get(page.region, page.page) - 1]?.label ?? '';
    }
    return (page) => (pages === touches?.pages && touches.orderOf(page) > 0 ? `touch ${touches.orderOf(page)}` : '');
  }

  /** @param {ViewState} next @returns {import('../model/page-store.js').PageStore} what its layer paints, at its moment */
  function paintedIn({ layer, moment }) {
    switch (LAYERS[layer].of) {
      case 'touches':
        touches?.moveTo(moment?.seq ?? 0);
        return touches?.pages ?? states;
      case 'last':
        last?.moveTo(moment?.timeNs ?? 0);
        return last?.stores[layer] ?? states;
      case 'state':
        return states;
    }
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.target !== surface || !state?.meta) {
      return;
    }
    if (onCursorKey(keyName(event)) || moveCamera(keyName(event))) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  /** @param {string} key @returns {boolean} whether the key was one of these */
  function onCursorKey(key) {
    const at = state?.page;
    if (key === 'Enter' && at) {
      inspect();
      return true;
    }
    const region = at?.region ?? 0;
    const page = at?.page ?? 0;
    const wanted = moveCursor(key, {
      page,
      last: pages.pages(region) - 1,
      columns: blockOf(camera.layout, region)?.block.columns ?? 512,
      rows: camera.rowsOnScreen,
      nextDifferent: (direction) => pages.nextDifferent(region, page, direction),
    });
    if (wanted === null) {
      return false;
    }
    const regions = state?.meta?.regions.length ?? 0;
    if (key === 'ArrowDown' && wanted === page && at && region + 1 < regions) {
      go({ region: region + 1, page: 0 });
    } else if (key === 'ArrowUp' && wanted === page && region > 0) {
      go({ region: region - 1, page: pages.pages(region - 1) - 1 });
    } else {
      go({ region, page: at ? wanted : 0 });
    }
    return true;
  }

  /** @param {PageRef} page */
  function go(page) {
    actions.selectPage(page);
    camera.reveal(page, false);
    repaint();
  }

  /** What stays where it is while keys zoom: the page under the pointer, or the selected one for who is in the grid. */
  function zoomPoint() {
    const selected = camera.onScreen(state?.page ?? null);
    const [first, second] = document.activeElement === surface ? [selected, pointer] : [pointer, selected];
    return first ?? second ?? { x: canvas.width / 2, y: canvas.height / 2 };
  }

  /** @param {number} steps */
  function zoom(steps) {
    const { x, y } = zoomPoint();
    camera.zoomSteps(steps, x, y);
    if (state?.page && document.activeElement === surface) {
      camera.reveal(state.page, false);
    }
  }

  /** @param {string} key @returns {boolean} */
  function moveCamera(key) {
    const stride = 64 * canvas.ratio;
    const moves = /** @type {Record<string, () => void>} */ ({
      W: () => zoom(1),
      S: () => zoom(-1),
      '+': () => zoom(1),
      '-': () => zoom(-1),
      A: () => camera.pan(-stride, 0),
      D: () => camera.pan(stride, 0),
      'Shift+W': () => camera.pan(0, -stride),
      'Shift+S': () => camera.pan(0, stride),
      F: () => camera.fit(),
    });
    if (!moves[key]) {
      return false;
    }
    moves[key]();
    repaint();
    return true;
  }
  surface.addEventListener('keydown', onKey, { signal });
  surface.addEventListener('focus', () => state?.page && say(), { signal });

  function say() {
    if (state?.page && state.meta) {
      setText(spoken, sayPage(state.page, pages, state.meta.regions, waitingText(state.page)));
    }
  }

  let sizes = '';
  let inCells = false;
  let preparing = 0;
  /** @type {PageRef | null} */
  let lastPage = null;
  let view = '';

  return {
    surface,
    camera,

    /** @param {string} key W, A, S, D, with Shift, or F @returns {boolean} */
    move: (key) => moveCamera(key),
    fit: fitAll,
    reveal(/** @type {PageRef} */ page, closer = false) {
      camera.reveal(page, closer);
      repaint();
    },
    revealRegion(/** @type {number} */ region) {
      camera.revealRegion(region);
      repaint();
    },
    repaint,

    /** @param {ViewState} next */
    update(next) {
      state = next;
      pages = paintedIn(next);
      const regions = next.meta?.regions ?? [];
      const nextSizes = regions.map(({ pages: count }) => count).join();
      if (nextSizes !== sizes) {
        sizes = nextSizes;
        camera.setRegions(regions);
        painted = '';
      }
      if (states.isCells !== inCells) {
        inCells = states.isCells;
        camera.setWhole(inCells);
        tool.showWhole(inCells);
        painted = '';
      }
      lookAround();
      tool.showLayer(next.layer);
      empty.update(next);
      const colours = palette();
      const key = [
        next.layer, pages.version, colours.version, next.page?.region, next.page?.page, next.moment?.seq,
        next.moment?.queue.entries.length, next.lens, regions.length,
      ].join();
      if (key !== painted && canvas.width > 1 && next.lens === 'space') {
        painted = key;
        paint(next, colours);
      }
      if (!samePage(next.page, lastPage)) {
        lastPage = next.page;
        if (document.activeElement === surface) {
          say();
        }
      }
      if (hovered) {
        fillTooltip();
      }
      const late = LAYERS[next.layer].of === 'last' && last !== null && next.moment !== null && last.momentOf(next.layer) !== next.moment.seq;
      const told = last?.momentOf(next.layer) ?? -1;
      legend.update(pages, colours.version, camera.zoom < SCREEN_FROM, legendEntries(), late ? `${told < 0 ? '' : `as of event ${formatCount(told)}, `}being read` : '');
    },
  };

  /** @param {ViewState} next @param {import('./palette.js').Palette} colours */
  function paint(next, colours) {
    const { context, width, height, ratio } = canvas;
    const size = Math.max(1, camera.zoom);
    const stampKey = `${colours.version} ${size} ${ratio}`;
    if (!stamps || stampsFor !== stampKey) {
      stamps = makeStamps(colours, size, ratio);
      stampsFor = stampKey;
    }
    const scroll = { x: camera.x, y: camera.y };
    raster.paint(context, width, height, camera.layout, scroll, pages, stamps, colours.paper);
    const overlay = { context, layout: camera.layout, scroll, width, height, ratio, palette: colours };
    drawRulers(overlay);
    if (next.layer === 'guest') {
      drawLeaves(overlay, next.meta?.regions ?? [], pages);
    }
    drawNumbers(overlay, pages, moreOf(next));
    const waiting = next.layer === 'fault' ? (next.moment?.queue.entries ?? []).filter(isPlaced) : [];
    drawHalves(overlay, waiting, pages);
    const classOf = (/** @type {(typeof waiting)[number]} */ entry) => paintOf(next.layer, stateOfWaiting(entry, pages));
    drawMarks(overlay, waiting, classOf);
    const event = next.moment?.event;
    if (event && event.region !== null && event.pages === 1 && !samePage(next.page, { region: event.region, page: event.page })) {
      drawOutline(overlay, { region: event.region, page: event.page }, colours.ink, 1);
    }
    if (event && event.region !== null && event.pages > 1 && ((event.before ^ event.after) & PageBit.STAGE2) !== 0 && isOfKernel(next.meta?.origin)) {
      drawRange(overlay, event.region, event.page, event.pages, colours.ink, 2);
    }
    if (next.page) {
      drawOutline(overlay, next.page, colours.accent, 2);
    }
    drawHeaders(overlay, next.meta?.regions ?? []);
    map.paint(overlay, camera, pages, waiting, classOf);
    tool.showZoom(camera.zoom >= 1 ? camera.zoom / ratio : camera.zoom);
    tellView(scroll.y, height);
    prepareLater();
  }

  /** Pages are asked for where cells would be seen to be cells, and where somebody looks at one. */
  function lookAround() {
    if (!state || !states.isCells) {
      return;
    }
    const close = state.lens === 'space' && canvas.width > 1 && camera.zoom >= LOOKED_FROM;
    const around = close ? tilesOnScreen(camera.layout, camera, canvas.width, canvas.height) : [];
    const single = [state.page, hovered].flatMap((page) => (page ? [{ region: page.region, tile: Math.floor(page.page / TILE_PAGES) }] : []));
    const tiles = new Map([...single, ...around].map((tile) => [`${tile.region}:${tile.tile}`, tile]));
    actions.lookAt([...tiles.values()]);
    if (pages !== states) {
      pages.lookAt([...tiles.values()]);
    }
  }

  /** While nothing else is to do, what other zooms will show is made ready. */
  function prepareLater() {
    if (preparing === 0) {
      preparing = requestIdleCallback((deadline) => {
        preparing = 0;
        if (!signal.aborted && pages.prepare(512, () => deadline.timeRemaining() > 2)) {
          prepareLater();
        }
      });
    }
  }

  /** @param {number} top @param {number} height */
  function tellView(top, height) {
    const [first] = visibleRanges(camera.layout, top, top + height);
    const key = first ? `${first.region} ${first.first} ${first.count}` : '';
    if (first && key !== view) {
      view = key;
      actions.showPages(first);
    }
  }
}

/** Every page in its place. @type {import('../model/lens-registry.js').Lens<import('./lenses.js').CreateLens>} */
export const spaceLens = {
  id: 'space',
  name: 'Space',
  key: '1',
  about: 'Every page in its place',
  style: 'space-lens.css',
  showsLanes: false,
  create(parts) {
    const space = createSpaceLens(parts.panel, parts);
    return { ...space, focus: () => space.surface.focus() };
  },
};
