// @ts-check
import { formatCount, formatDuration, plural, threeDigits } from '../base/format.js';
import { keyName } from '../base/keyboard.js';
import { faultsInWords } from '../model/fault-count.js';
import { areaOf, withoutArea } from '../model/fault-filter.js';
import { areaBetween, cellInWords, columnNs, columnOf } from '../model/heatmap.js';
import { shownQuery } from '../model/view-state.js';
import { createCanvas } from './canvas.js';
import { el, setText } from './dom.js';
import { areaRows, drawArea, drawCells, drawRowNames, fillLegend, heatRows } from './heatmap-painter.js';
import { listenToLanePointers } from './lane-input.js';
import { drawNow } from './lane-marks.js';
import { drawAxis, LANES } from './lane-painter.js';
import { createHint } from './pane.js';
import { createTextTooltip } from './text-tooltip.js';

/** @typedef {import('../model/view-state.js').ViewState} ViewState */
/** @typedef {import('../model/heatmap.js').Cell} Cell */
/** @typedef {import('../model/heatmap.js').HeatmapOf} HeatmapOf */

/** A cell is about so large, CSS pixels. */
const CELL = { width: 5, height: 7 };
const MOST = { columns: 1024, rows: 256 };
const BOTTOM = 4;

/** @type {[HeatmapOf, string, string][]} */
const KINDS = [
  ['latency', 'Latency', 'How many faults waited how long, by when they were woken'],
  ['address', 'Address', 'How many faults there were on which pages, by when they were queued'],
];

const HELP =
  'Arrow keys go from cell to cell, with Shift they select; Enter selects the cell, Escape drops the selection. ' +
  'W and S zoom, A and D move. What is selected is all that the tables show.';

/**
 * How many faults there were, by time and latency or by time and address, under the lanes' time.
 *
 * @param {HTMLElement} root
 * @param {object} options
 * @param {import('./actions.js').Actions} options.actions
 * @param {() => import('./palette.js').Palette} options.palette
 * @param {() => void} options.invalidate
 * @param {Pick<ReturnType<typeof import('./lane-time.js').createLaneTime>, 'scale' | 'gestures'> & {move: (key: string, aboutNs?: number | null) => boolean, pointAt: (x: number | null) => unknown}} options.time of the lanes above
 * @param {AbortSignal} options.signal
 */
export function createHeatmap(root, { actions, palette, invalidate, time, signal }) {
  const note = el('span', { class: 'fs-pane__note', role: 'status' });
  const kinds = KINDS.map(([of, text, title]) => {
    const pick = el('button', { type: 'button', class: 'fs-heat__kind', text, title, 'data-of': of });
    pick.addEventListener('click', () => actions.setHeatOf(of));
    return pick;
  });
  const bar = el('span', { class: 'fs-heat__bar' });
  const marks = [0, 1, 2].map(() => el('span', { class: 'fs-heat__mark' }));
  const unit = el('span', { title: 'Faults of a cell, which is as wide as this time and as high as a row; the scale is logarithmic and ends at the most that a cell has' });
  const legend = el('span', { class: 'fs-heat__legend', hidden: true }, el('span', { class: 'fs-heat__scale' }, bar, ...marks), unit);
  const head = el(
    'div',
    { class: 'fs-lanes__head' },
    el('h2', { text: 'Faults by' }),
    el('div', { class: 'fs-heat__kinds', role: 'group', 'aria-label': 'Rows of the heatmap' }, ...kinds),
    createHint('heatmap', 'The darker (on a dark page: lighter) a cell, the more faults. Drag to show only the faults of an area, in every view.'),
    note,
    el('div', { class: 'fs-lanes__tools' }, legend),
  );
  const surface = el('div', { class: 'fs-lanes__surface fs-heat__surface', role: 'application', tabindex: 0, 'aria-label': 'Heatmap of faults', 'aria-describedby': 'heatmap-help' });
  const spoken = el('p', { class: 'fs-spoken', 'aria-live': 'polite' });
  const tooltip = createTextTooltip(surface);
  root.append(el('div', { class: 'fs-lanes fs-heat' }, head, surface, spoken, el('p', { class: 'fs-spoken', id: 'heatmap-help', text: HELP })));

  /** @type {ViewState | null} */
  let state = null;
  let painted = /** @type {unknown[]} */ ([]);
  let asked = /** @type {unknown[]} */ ([]);
  /** @type {Cell | null} */
  let cursor = null;
  /** Where a selection began. @type {Cell | null} */
  let anchor = null;
  /** A selection that is being dragged. @type {import('../model/fault-filter.js').Area | null} */
  let dragged = null;

  const canvas = createCanvas(surface, () => {
    painted = [];
    invalidate();
  }, signal);
  const height = () => canvas.height / canvas.ratio - LANES.axis - BOTTOM;
  const answer = () => state?.heat.value ?? null;
  const repaint = () => {
    painted = [];
    invalidate();
  };

  /** @param {number} x @param {number} y CSS pixels @param {boolean} [nearest] @returns {Cell | null} */
  function cellAt(x, y, nearest = false) {
    const map = answer();
    if (!map || (!nearest && (x < LANES.label || y < LANES.axis))) {
      return null;
    }
    const ns = time.scale().toTime(x);
    const column = columnOf(map, nearest ? Math.min(map.toNs - 1, Math.max(map.fromNs, ns)) : ns);
    const rows = heatRows(map, LANES.axis, height(), 1);
    const row = rows.rowAt(nearest ? Math.min(rows.bottom - 1, Math.max(LANES.axis, y)) : y);
    return column < 0 || row === null ? null : { column, row };
  }

  listenToLanePointers(
    surface,
    {
      ...time.gestures,
      scrollBy: () => {},
      select(from, to, done) {
        const map = answer();
        const first = cellAt(from.x, from.y);
        const last = cellAt(to.x, to.y, true);
        dragged = map && first && last ? areaBetween(map, first, last) : null;
        if (done && dragged) {
          anchor = first;
          cursor = last;
          actions.selectArea(dragged);
          dragged = null;
        }
        repaint();
      },
      click({ x, y }) {
        cursor = cellAt(x, y);
        anchor = cursor;
        selectTo(cursor);
      },
      hover(x, y) {
        time.pointAt(x < LANES.label ? null : x);
        hover(x, y);
      },
      leave: () => {
        time.pointAt(null);
        tooltip.hide();
        dragged = null;
        repaint();
      },
    },
    signal,
  );

  /** @param {Cell | null} cell */
  function selectTo(cell) {
    const map = answer();
    const area = map && anchor && cell ? areaBetween(map, anchor, cell) : null;
    if (area) {
      actions.selectArea(area);
    }
    repaint();
  }

  /** @param {number} x @param {number} y */
  function hover(x, y) {
    const map = answer();
    const cell = cellAt(x, y);
    if (!map || !cell) {
      tooltip.hide();
      return;
    }
    tooltip.show(cellInWords(map, cell), x, y);
  }

  /** @type {Record<string, [number, number]>} */
  const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

  /** @param {string} key @returns {boolean} */
  function keyed(key) {
    const map = answer();
    const selects = key.startsWith('Shift+');
    const step = STEPS[selects ? key.slice('Shift+'.length) : key];
    if (!map || map.rows.length === 0) {
      return false;
    }
    if (key === 'Enter' && cursor) {
      anchor = cursor;
      selectTo(cursor);
      return true;
    }
    if (step) {
      const now = state?.moment ? columnOf(map, state.moment.timeNs) : -1;
      const from = cursor ?? { column: Math.max(0, now), row: 0 };
      anchor = selects ? (anchor ?? from) : null;
      const lowest = map.unknown.some((faults) => faults > 0) && !selects ? -1 : 0;
      cursor = cursor === null && !selects ? from : {
        column: Math.max(0, Math.min(map.columns - 1, from.column + step[0])),
        row: Math.max(lowest, Math.min(map.rows.length - 1, from.row + step[1])),
      };
      setText(spoken, cellInWords(map, cursor).join(', '));
      if (selects) {
        selectTo(cursor);
      }
      repaint();
      return true;
    }
    return time.move(key, cursor ? columnNs(map, cursor.column) : undefined);
  }

  surface.addEventListener('keydown', (event) => {
    if (keyed(keyName(event))) {
      event.preventDefault();
      event.stopPropagation();
    }
  }, { signal });
  surface.addEventListener('blur', repaint, { signal });
  surface.addEventListener('focus', repaint, { signal });

  return {
    surface,
    /** @param {ViewState} next */
    update(next) {
      state = next;
      if (canvas.width <= 1 || surface.offsetParent === null) {
        return;
      }
      const { left, right } = time.scale();
      const columns = Math.max(1, Math.min(MOST.columns, Math.floor((right - left) / CELL.width)));
      const rows = Math.max(1, Math.min(MOST.rows, Math.floor(height() / CELL.height)));
      const query = shownQuery(next);
      const area = areaOf(query);
      const question = [next.heatOf, next.range, next.meta?.endNs, next.meta?.events, withoutArea(query), columns, rows];
      if (next.meta && !question.every((part, i) => part === asked[i])) {
        asked = question;
        actions.askHeat(columns, rows);
      }
      const inputs = [next.heat, next.range, next.moment?.timeNs, next.meta, query, palette().version];
      if (!inputs.every((input, i) => input === painted[i])) {
        if (next.heat.value !== (/** @type {any} */ (painted[0])?.value ?? next.heat.value)) {
          // Other cells: the cursor would be at another time.
          cursor = null;
          anchor = null;
        }
        painted = inputs;
        paint(next, area);
      }
    },
  };

  /** @param {ViewState} next @param {import('../model/fault-filter.js').Area | null} area */
  function paint(next, area) {
    const { context, ratio } = canvas;
    const colours = palette();
    for (const pick of kinds) {
      pick.setAttribute('aria-pressed', String(pick.dataset.of === next.heatOf));
    }
    context.fillStyle = colours.paper;
    context.fillRect(0, 0, canvas.width, canvas.height);
    const scale = time.scale().inPixels(ratio);
    drawAxis(context, scale, canvas.height, colours, ratio);
    const map = next.heat.value;
    if (!map) {
      legend.hidden = true;
      setText(note, next.heat.error ?? '');
      return;
    }
    tell(map, next.heat.error);
    fillLegend(legend, bar, marks, map, colours);
    const top = LANES.axis * ratio;
    const rows = heatRows(map, top, height() * ratio, ratio);
    drawCells(context, map, scale, rows, colours);
    drawRowNames(context, map, scale, rows, colours, ratio);
    const shown = dragged ?? area;
    if (shown) {
      drawArea(context, scale, shown, ...areaRows(map, shown, rows, top), colours, ratio);
    }
    if (cursor && document.activeElement === surface) {
      const at = rows.at(cursor.row);
      const left = scale.toPixel(columnNs(map, cursor.column));
      const right = scale.toPixel(columnNs(map, cursor.column + 1));
      context.strokeStyle = colours.ink;
      context.lineWidth = 2 * ratio;
      context.strokeRect(left - ratio, at.top - ratio, right - left + 2 * ratio, at.bottom - at.top + 2 * ratio);
    }
    drawNow(context, scale, next.moment?.timeNs ?? 0, canvas.height, ratio, colours.accent);
  }

  /** @param {import('../model/messages.js').HeatmapAnswer} map @param {string | null} error */
  function tell(map, error) {
    const apart = map.unknown.reduce((sum, faults) => sum + faults, 0);
    const told = map.of === 'latency' ? 'never woken' : 'on pages not told';
    setText(unit, `faults in ${formatDuration((map.toNs - map.fromNs) / map.columns)}, mean ${threeDigits(map.mean)}`);
    setText(note, error ?? `${faultsInWords(map.faults, map.unread)}${apart === 0 ? '' : `, ${formatCount(apart)} ${told}`}`);
    surface.setAttribute('aria-label', `Heatmap of faults by time and ${map.of}: ${plural(map.faults, 'fault')}, at most ${formatCount(map.peak)} in a cell`);
  }
}
