// @ts-check
import { formatHex } from '../base/format.js';
import { ROW_LENGTHS, visibleRanges } from '../base/page-grid.js';
import { keyName } from '../base/keyboard.js';
import { LAYERS, paintTable } from '../model/paint.js';
import { guestAddress, samePage } from '../model/page-ref.js';
import { describeState } from '../model/page-state.js';
import { accessWord, faultWord } from '../model/vocabulary.js';
import { actorLabel, isRead, waitingOn } from '../model/view-state.js';
import { createCanvas } from './canvas.js';
import { button, el, setText } from './dom.js';
import { drawHeaders, drawMarks, drawNumbers, drawOutline, drawRulers, sayPage } from './grid-overlay.js';
import { createLegend } from './legend.js';
import { createHint } from './pane.js';
import { PageRaster } from './page-raster.js';
import { SpaceCamera } from './space-camera.js';
import { listenToPointers } from './space-input.js';
import { makeStamps, SCREEN_FROM } from './stamps.js';

/** @typedef {import('../model/view-state.js').ViewState} ViewState */
/** @typedef {import('../model/page-ref.js').PageRef} PageRef */

const HELP =
  'Arrow keys move from page to page, with Ctrl to the next page whose state differs. ' +
  'Home and End go to the ends of the row, Page Up and Page Down by a screen. ' +
  'W and S zoom, A and D move, F fits. Enter opens the inspector. The table lens shows the same as rows.';

/**
 * The page grid.
 *
 * @param {HTMLElement} root
 * @param {object} options
 * @param {import('./actions.js').Actions} options.actions
 * @param {import('../model/page-store.js').PageStore} options.pages
 * @param {() => import('./palette.js').Palette} options.palette
 * @param {() => void} options.invalidate asks to be painted
 * @param {() => void} options.inspect moves to the inspector
 * @param {() => void} options.askRegions lets a person say where memory lies
 * @param {HTMLElement} options.tools
 * @param {AbortSignal} options.signal
 */
export function createSpaceLens(root, { actions, pages, palette, invalidate, inspect, askRegions, tools, signal }) {
  const surface = el('div', {
    class: 'fs-space__surface',
    role: 'application',
    tabindex: 0,
    'aria-label': 'Page grid',
    'aria-roledescription': 'page grid',
    'aria-describedby': 'space-help',
  });
  const spoken = el('p', { class: 'fs-spoken', 'aria-live': 'polite', id: 'space-spoken' });
  const tooltip = el('div', { class: 'fs-tooltip', role: 'tooltip', hidden: true });
  const empty = el('div', { class: 'fs-state fs-space__empty' });
  surface.append(tooltip, empty);
  const box = el('div', { class: 'fs-space' }, surface);
  root.append(createHint('space', 'Every page in its place, row by row; click one to see what it is and why. Wheel zooms, drag moves.'), box, spoken, el('p', { class: 'fs-spoken', id: 'space-help', text: HELP }));
  const legend = createLegend(box);

  const camera = new SpaceCamera();
  const raster = new PageRaster();
  /** @type {import('./stamps.js').Stamps | null} */
  let stamps = null;
  let stampsFor = '';
  /** @type {ViewState | null} */
  let state = null;
  /** @type {PageRef | null} */
  let hovered = null;
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

  const hideTooltip = () => {
    hovered = null;
    tooltip.hidden = true;
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
      const page = camera.pageAt(x, y);
      if (!page) {
        hideTooltip();
        return;
      }
      if (!samePage(page, hovered)) {
        hovered = page;
        fillTooltip();
      }
      tooltip.hidden = false;
      const left = x / canvas.ratio + 14;
      const top = y / canvas.ratio + 14;
      const right = surface.clientWidth - tooltip.offsetWidth - 4;
      const bottom = surface.clientHeight - tooltip.offsetHeight - 4;
      tooltip.style.left = `${left > right ? Math.max(0, left - tooltip.offsetWidth - 24) : left}px`;
      tooltip.style.top = `${top > bottom ? Math.max(0, top - tooltip.offsetHeight - 24) : top}px`;
    },
    leave: hideTooltip,
  };
  listenToPointers(surface, gestures, signal);

  const zoomLabel = el('span', { class: 'fs-number' });
  const layer = createSelect('Layer', Object.values(LAYERS).map(({ id, title }) => [id, title]), (value) =>
    actions.setLayer(/** @type {import('../model/paint.js').LayerId} */ (value)),
  );
  const columns = createSelect(
    'Pages to a row',
    [['auto', 'auto'], ...ROW_LENGTHS.map((n) => /** @type {[string, string]} */ ([`${n}`, `${n}`]))],
    (value) => {
      camera.setColumns(value === 'auto' ? 'auto' : Number(value));
      repaint();
    },
  );
  const fitAll = () => {
    camera.fit();
    repaint();
  };
  tools.append(
    labelled('layer', layer),
    labelled('columns', columns),
    zoomLabel,
    button({ name: 'Fit everything on screen (F)', label: 'fit', run: fitAll }),
  );

  function fillTooltip() {
    if (!state || !hovered) {
      return;
    }
    const { page, region } = hovered;
    const gpa = state.meta?.regions[region] ? guestAddress(state.meta.regions[region], page) : null;
    const facts = describeState(pages.get(region, page));
    tooltip.replaceChildren(
      el('div', { class: 'fs-tooltip__title fs-mono', text: `${formatHex(page)}${gpa ? `  gpa ${gpa}` : ''}` }),
      facts.length > 0 ? facts.join(' · ') : 'absent',
    );
    const waiting = waitingText(hovered);
    if (waiting) {
      tooltip.append(el('div', { text: waiting }));
    }
  }

  /** @param {PageRef} page @returns {string} */
  function waitingText(page) {
    const entry = state && waitingOn(state.moment, page);
    if (!entry || !state) {
      return '';
    }
    const fault = `${faultWord(entry.flags)} fault ${isRead(entry) ? 'read' : 'pending'}`;
    return `${fault}, ${actorLabel(state.meta, entry.actor)}, ${accessWord(entry.flags)}`;
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.target !== surface || !state?.meta) {
      return;
    }
    if (moveCursor(keyName(event)) || moveCamera(keyName(event))) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  /** @param {string} key @returns {boolean} whether the key was one of these */
  function moveCursor(key) {
    const at = state?.page;
    if (key === 'Enter' && at) {
      inspect();
      return true;
    }
    const region = at?.region ?? 0;
    const from = at?.page ?? 0;
    const row = camera.layout.blocks.find(({ block }) => block.region === region)?.block.columns ?? 512;
    const last = pages.pages(region) - 1;
    const targets = /** @type {Record<string, () => number>} */ ({
      ArrowLeft: () => from - 1,
      ArrowRight: () => from + 1,
      ArrowUp: () => (from >= row ? from - row : from),
      ArrowDown: () => (from + row <= last ? from + row : from),
      Home: () => from - (from % row),
      End: () => from - (from % row) + row - 1,
      PageUp: () => from - row * camera.rowsOnScreen,
      PageDown: () => from + row * camera.rowsOnScreen,
      'Ctrl+ArrowRight': () => pages.nextDifferent(region, from, 1),
      'Ctrl+ArrowDown': () => pages.nextDifferent(region, from, 1),
      'Ctrl+ArrowLeft': () => pages.nextDifferent(region, from, -1),
      'Ctrl+ArrowUp': () => pages.nextDifferent(region, from, -1),
    });
    if (!targets[key]) {
      return false;
    }
    const wanted = at ? targets[key]() : 0;
    const count = state?.meta?.regions.length ?? 0;
    if (wanted > last && key === 'ArrowDown' && region + 1 < count) {
      go({ region: region + 1, page: 0 });
    } else {
      go({ region, page: Math.max(0, Math.min(last, wanted)) });
    }
    return true;
  }

  /** @param {PageRef} page */
  function go(page) {
    actions.selectPage(page);
    camera.reveal(page, false);
    repaint();
  }

  /** @param {string} key @returns {boolean} */
  function moveCamera(key) {
    const stride = 64 * canvas.ratio;
    const [x, y] = [canvas.width / 2, canvas.height / 2];
    const moves = /** @type {Record<string, () => void>} */ ({
      W: () => camera.zoomSteps(1, x, y),
      S: () => camera.zoomSteps(-1, x, y),
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
      const regions = next.meta?.regions ?? [];
      const nextSizes = regions.map(({ pages: count }) => count).join();
      if (nextSizes !== sizes) {
        sizes = nextSizes;
        camera.setRegions(regions);
        painted = '';
      }
      layer.value = next.layer;
      fillEmpty(next);
      const colours = palette();
      const key = [
        pages.version, colours.version, next.page?.region, next.page?.page, next.moment?.seq,
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
      if (hovered && !tooltip.hidden) {
        fillTooltip();
      }
      legend.update(pages, colours.version, camera.zoom < SCREEN_FROM);
    },
  };

  /** @param {ViewState} next */
  function fillEmpty(next) {
    const { meta } = next;
    const nothing = meta !== null && meta.regions.length === 0;
    empty.hidden = meta !== null && !nothing;
    if (meta === null) {
      setText(empty, next.connection.phase === 'ended' ? '' : 'Opening the recording…');
    } else if (nothing && empty.dataset.for !== meta.progress.state) {
      empty.dataset.for = meta.progress.state;
      if (meta.progress.state === 'loading') {
        setText(empty, 'No region yet: the file is still being read.');
      } else {
        empty.replaceChildren(
          el('p', { text: 'No memory region was found in this recording: nothing in it says where guest memory lies. The table lens shows its events.' }),
          button({ name: 'Set regions by hand', label: 'Set regions by hand', class: 'fs-button fs-button--primary', run: askRegions }),
        );
      }
    }
  }

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
    drawNumbers(overlay, pages);
    const table = paintTable(next.layer);
    drawMarks(
      overlay,
      next.layer === 'fault' ? (next.moment?.queue.entries ?? []) : [],
      ({ region, page }) => table[pages.get(region, page)],
    );
    const event = next.moment?.event;
    if (event && event.region !== null && event.pages === 1 && !samePage(next.page, { region: event.region, page: event.page })) {
      drawOutline(overlay, { region: event.region, page: event.page }, colours.ink, 1);
    }
    if (next.page) {
      drawOutline(overlay, next.page, colours.accent, 2);
    }
    drawHeaders(overlay, next.meta?.regions ?? []);
    const shown = camera.zoom >= 1 ? camera.zoom / ratio : camera.zoom;
    setText(zoomLabel, shown >= 1 ? `zoom ${Math.round(shown * 10) / 10} px` : `zoom 1/${Math.round(1 / shown)} px`);
    zoomLabel.title = shown >= 1 ? 'pixels of a page' : `one pixel stands for ${1 / shown} × ${1 / shown} pages`;
    tellView(scroll.y, height);
    prepareLater();
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

/**
 * @param {string} name
 * @param {[string, string][]} options
 * @param {(value: string) => void} choose
 * @returns {HTMLSelectElement}
 */
function createSelect(name, options, choose) {
  const select = el('select', { class: 'fs-select', 'aria-label': name });
  select.append(...options.map(([value, text]) => el('option', { value, text })));
  select.addEventListener('change', () => choose(select.value));
  return select;
}

/** @param {string} text @param {HTMLElement} control @returns {HTMLElement} */
function labelled(text, control) {
  return el('label', {}, text, ' ', control);
}
