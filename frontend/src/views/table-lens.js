// @ts-check
import { formatCount, plural } from '../base/format.js';
import { BlockCache } from '../model/block-cache.js';
import { samePage } from '../model/page-ref.js';
import { isPlaced, kindCode } from '../model/vocabulary.js';
import { NONE } from '../model/vocabulary.generated.js';
import { el, setText } from './dom.js';
import { createFaultTable } from './fault-table.js';
import { errorBox } from './omnibox.js';
import { createHint } from './pane.js';
import { eventColumns, faultColumns, pageColumns, regionColumns } from './table-columns.js';
import { createVirtualRows } from './virtual-rows.js';

/** @typedef {import('../model/view-state.js').ViewState} ViewState */
/** @typedef {import('../model/deep-link.js').TableId} TableId */
/** @typedef {import('../model/frames.js').EventRecord} EventRecord */
/** @typedef {import('../model/page-ref.js').PageRef} PageRef */

const BLOCK = 1024;

const ROW = 22;

/** @type {[TableId, string][]} */
const TABLES = [['events', 'Events'], ['faults', 'Faults'], ['pages', 'Pages'], ['regions', 'Regions']];

/**
 * Everything as rows: the same selection and the same moment as the grid and the lanes, and the way
 * in for a screen reader.
 *
 * @param {HTMLElement} root
 * @param {object} options
 * @param {import('./actions.js').Actions} options.actions
 * @param {import('./actions.js').Rows} options.rows
 * @param {import('../model/page-store.js').PageStore} options.pages
 * @param {AbortSignal} options.signal
 */
export function createTableLens(root, { actions, rows, pages, signal }) {
  const note = el('span', { class: 'fs-tables__note', role: 'status' });
  const filter = el('input', {
    class: 'fs-tables__filter',
    type: 'search',
    placeholder: 'only where … (predicate)',
    'aria-label': 'Show only where a predicate holds',
    spellcheck: 'false',
    autocomplete: 'off',
  });
  const touched = el('input', { type: 'checkbox', checked: true });
  const onlyTouched = el('label', {}, touched, ' only pages that are not absent');
  const tabs = el('div', { role: 'tablist', 'aria-label': 'Tables' });
  tabs.style.display = 'contents';
  for (const [id, name] of TABLES) {
    const tab = el('button', { type: 'button', class: 'fs-tables__tab', role: 'tab', id: `table-${id}`, text: name, 'aria-controls': 'table-panel' });
    tab.addEventListener('click', () => actions.setTable(id));
    tabs.append(tab);
  }
  const missing = el('p', { class: 'fs-tables__missing', hidden: true });
  const place = el('div', { id: 'table-panel', role: 'tabpanel' });
  place.style.minHeight = '0';
  root.append(createHint('table', 'Everything as rows. Arrow keys walk through them; the selection and the moment are the same as in the other lenses.'), el('div', { class: 'fs-tables' }, el('div', { class: 'fs-tables__bar' }, tabs, note, filter, onlyTouched), missing, place));

  /** @type {ViewState | null} */
  let state = null;
  /** @type {TableId | null} */
  let open = null;
  /** @type {{draw: () => void, reveal: (index: number) => void, dispose: () => void, table: HTMLElement} | null} */
  let table = null;
  /** What faults wait for: what their columns are. */
  let origin = /** @type {string | null | undefined} */ (null);
  let shownSeq = -1;
  let drawn = /** @type {unknown[]} */ ([]);
  let touchedVersion = -1;
  let touchedPages = /** @type {PageRef[]} */ ([]);

  const tell = (/** @type {string} */ text) => {
    setText(note, text);
    note.title = text;
  };
  /** @param {string[]} names of the columns that there is no room for */
  const without = (names) => {
    missing.hidden = names.length === 0;
    setText(missing, `No room for ${names.join(', ')}: make the window or the middle wider.`);
  };
  const redraw = () => table?.draw();
  const failed = (/** @type {unknown} */ error) => tell(error instanceof Error ? error.message : String(error));
  const events = new BlockCache(BLOCK, 32, (block) => rows.events(block * BLOCK + 1, Math.min(BLOCK, eventCount() - block * BLOCK)), redraw, failed);
  const faults = createFaultTable({
    rows,
    filter: (query) => actions.findAll(query),
    changed: () => {
      setNote();
      redraw();
    },
    sortedAnew: () => table?.reveal(0),
    failed,
    signal,
  });
  place.before(faults.sums);
  const observer = new ResizeObserver(() => faults.fit(root.clientHeight));
  observer.observe(root);
  signal.addEventListener('abort', () => observer.disconnect());
  const eventCount = () => state?.meta?.events ?? 0;
  const meta = () => state?.meta ?? null;
  const filtered = () => (open === 'events' && state?.hits && !state.hits.error ? state.hits.events : null);

  filter.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') {
      if (filter.value.trim() === '') {
        actions.clearHits();
      } else {
        actions.findAll(filter.value.trim());
      }
    }
  }, { signal });
  filter.addEventListener('search', () => filter.value === '' && actions.clearHits(), { signal });
  touched.addEventListener('change', () => {
    touchedVersion = -1;
    drawn = [];
    if (state) {
      draw(state);
    }
  }, { signal });

  /** @param {EventRecord | import('../model/messages.js').FaultRow} row */
  const pickEvent = (row) => {
    actions.seek(row.seq);
    if (row.region !== NONE && isPlaced(row) && (!('pages' in row) || row.pages > 0)) {
      actions.selectPage({ region: row.region, page: row.page }, true);
    }
  };
  const ofPage = (/** @type {PageRef | null} */ page) => (/** @type {{region: number | null, flags: number, page: number, pages?: number}} */ row) =>
    page !== null && isPlaced(row) && row.region === page.region && row.page <= page.page && page.page < row.page + Math.max(1, row.pages ?? 1);

  /** @param {TableId} id */
  function build(id) {
    table?.dispose();
    open = id;
    for (const tab of tabs.children) {
      tab.setAttribute('aria-selected', String(tab.id === `table-${id}`));
    }
    place.setAttribute('aria-labelledby', `table-${id}`);
    filter.hidden = id !== 'events' && id !== 'faults';
    faults.sums.hidden = id !== 'faults';
    onlyTouched.hidden = id !== 'pages';
    switch (id) {
      case 'events':
        table = createVirtualRows(place, 'Events', eventColumns(meta), {
          count: () => filtered()?.length ?? eventCount(),
          at: (index) => {
            const hits = filtered();
            return hits ? (hits[index] ? recordOf(hits[index]) : null) : events.at(index);
          },
          need: (first, last) => filtered() ?? events.need(first, Math.min(last, eventCount())),
          selected: (event) => event.pages > 0 && ofPage(state?.page ?? null)(event),
          now: (event) => event.seq === state?.moment?.seq,
          pick: pickEvent,
          event: (event) => event.seq,
        }, ROW, undefined, without);
        break;
      case 'faults':
        table = createVirtualRows(place, 'Faults', faultColumns(meta), {
          ...faults.source,
          selected: (fault) => ofPage(state?.page ?? null)(fault),
          now: (fault) => fault.seq === state?.moment?.seq,
          pick: pickEvent,
        }, ROW, faults.sorting, without);
        break;
      case 'pages':
        table = createVirtualRows(place, 'Pages', pageColumns(meta, pages), {
          count: pageCount,
          at: pageAt,
          selected: (page) => samePage(page, state?.page ?? null),
          pick: (page) => actions.selectPage(page),
        }, ROW, undefined, without);
        break;
      case 'regions':
        table = createVirtualRows(place, 'Regions', regionColumns(pages), {
          count: () => state?.meta?.regions.length ?? 0,
          at: (index) => state?.meta?.regions[index] ?? null,
          selected: (region) => region.index === state?.page?.region,
          pick: (region) => actions.selectPage({ region: region.index, page: 0 }),
        }, ROW, undefined, without);
        break;
    }
  }

  function pageCount() {
    if (touched.checked) {
      return touchedList().length;
    }
    return (state?.meta?.regions ?? []).reduce((sum, region) => sum + region.pages, 0);
  }

  /** @param {number} index @returns {PageRef | null} */
  function pageAt(index) {
    if (touched.checked) {
      return touchedList()[index] ?? null;
    }
    let left = index;
    for (const region of state?.meta?.regions ?? []) {
      if (left < region.pages) {
        return { region: region.index, page: left };
      }
      left -= region.pages;
    }
    return null;
  }

  function listedOf() {
    if (!touched.checked) {
      return '';
    }
    return touchedPages.length >= MOST_TOUCHED ? ', the first of them' : pages.isCells ? ' of the tiles that are looked at' : '';
  }

  function touchedList() {
    if (touchedVersion !== pages.version) {
      touchedVersion = pages.version;
      touchedPages = listTouched(pages);
    }
    return touchedPages;
  }

  function setNote() {
    const hits = state?.hits;
    switch (open) {
      case 'events':
        tell(hits && !hits.error ? `${formatCount(hits.events.length)} of ${plural(eventCount(), 'event')}${hits.complete ? '' : hits.searching ? ', searching…' : ', the first of them'}` : plural(eventCount(), 'event'));
        break;
      case 'faults':
        tell(faults.note());
        break;
      case 'pages':
        tell(`${plural(pageCount(), 'page')}${listedOf()}`);
        break;
      case 'regions':
        tell(plural(state?.meta?.regions.length ?? 0, 'region'));
        break;
    }
  }

  /** @param {ViewState} next */
  function draw(next) {
    const inputs = [next.table, next.meta, next.hits, next.page, next.moment?.seq, next.table === 'pages' || next.table === 'regions' ? pages.version : 0];
    if (inputs.every((input, i) => input === drawn[i])) {
      return;
    }
    const isNew = drawn.length === 0;
    const grown = next.meta !== drawn[1];
    drawn = inputs;
    if (grown) {
      // The last block was fetched when there was less.
      events.forget(Math.max(0, eventCount() - BLOCK));
      faults.grow();
    }
    if (document.activeElement !== filter) {
      filter.value = next.hits?.query ?? '';
    }
    if (open === 'faults') {
      faults.show(grown || isNew, next.hits && !next.hits.error ? next.hits.query : '');
    }
    filter.setAttribute('aria-invalid', String(Boolean(next.hits?.error)));
    place.querySelector('.fs-omnibox__error')?.remove();
    if (next.hits?.error && (open === 'events' || open === 'faults')) {
      place.prepend(errorBox(next.hits.query, next.hits.error));
    }
    setNote();
    table?.draw();
    const seq = next.moment?.seq ?? 0;
    if (seq !== shownSeq && seq > 0) {
      shownSeq = seq;
      if (open === 'events') {
        const hits = filtered();
        table?.reveal(hits ? Math.max(0, hits.findLastIndex((event) => event.seq <= seq)) : seq - 1);
      }
    }
  }

  return {
    focus() {
      table?.table.focus();
    },
    /** @param {ViewState} next */
    update(next) {
      state = next;
      if (next.lens !== 'table') {
        return;
      }
      const other = next.meta !== null && next.meta.origin !== origin && next.table === 'faults';
      if (open !== next.table || other) {
        origin = next.meta?.origin;
        faults.setOrigin(origin);
        build(next.table);
        shownSeq = -1;
        drawn = [];
      }
      draw(next);
    },
  };
}

/** Rows of the pages table that are listed; the grid shows all. */
const MOST_TOUCHED = 500_000;

/** @param {import('../model/page-store.js').PageStore} pages @returns {PageRef[]} */
function listTouched(pages) {
  /** @type {PageRef[]} */
  const found = [];
  for (let region = 0; region < pages.regionCount; region++) {
    const count = pages.pages(region);
    let page = pages.nextTouched(region, 0);
    while (page < count && found.length < MOST_TOUCHED) {
      found.push({ region, page });
      page = pages.nextTouched(region, page + 1);
    }
  }
  return found;
}

/** @param {import('../model/messages.js').EventInfo} event @returns {EventRecord} */
function recordOf(event) {
  return {
    ...event,
    kind: kindCode(event.kind),
    region: event.region ?? NONE,
    actor: event.actor ?? NONE,
  };
}

/** Everything as rows. @type {import('../model/lens-registry.js').Lens<import('./lenses.js').CreateLens>} */
export const tableLens = {
  id: 'table',
  name: 'Table',
  key: '3',
  about: 'Everything as rows',
  style: 'table-lens.css',
  showsLanes: false,
  create: (parts) => createTableLens(parts.panel, parts),
};
