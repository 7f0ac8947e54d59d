// @ts-check
import { el, tellEvent } from './dom.js';

/** Browsers draw nothing beyond some ten million pixels; a longer table scrolls in proportion. */
const MOST_PIXELS = 8_000_000;

/** Between columns and at both ends, CSS pixels: --fs-space-2. */
const GAP = 8;

/** Height of the line with the columns' names, CSS pixels. */
const HEAD = 24;

/**
 * A column of a table.
 *
 * @template T
 * @typedef {object} Column
 * @property {string} name
 * @property {string} width of a grid column
 * @property {boolean} [number] right-aligned digits
 * @property {(item: T) => string} text
 * @property {(item: T) => string} [title]
 * @property {string} [sort] what rows are sorted by from its head
 * @property {string} [meaning] of the column, told at its head
 * @property {number} [gives] whether, and as which, it gives way where there is no room for all: 1 first
 */

/**
 * What rows are sorted by.
 *
 * @typedef {object} Sorting
 * @property {() => string} by
 * @property {(by: string) => void} choose
 */

/**
 * @template T
 * @typedef {object} RowSource
 * @property {() => number} count
 * @property {(index: number) => T | null} at null while it is being fetched
 * @property {(first: number, last: number) => void} [need] says which rows are on screen
 * @property {(item: T) => boolean} selected
 * @property {(item: T) => boolean} [now] whether it is the moment that is shown
 * @property {(item: T, key: string | null) => void} pick
 * @property {(item: T) => number} [event] its sequence number, for rows that are events
 */

/**
 * A table of any length: only the rows on screen exist, a screen reader is told how many there are.
 *
 * @template T
 * @param {HTMLElement} root
 * @param {string} label
 * @param {Column<T>[]} columns
 * @param {RowSource<T>} source
 * @param {number} rowHeight CSS pixels
 * @param {Sorting} [sorting]
 * @param {(names: string[]) => void} [left] told which columns there is no room for
 */
export function createVirtualRows(root, label, columns, source, rowHeight, sorting, left = () => {}) {
  /** Which columns are shown, as they stand in the row. */
  let shownColumns = columns.map(() => true);
  const head = el(
    'div',
    { class: 'fs-table__head', role: 'row', 'aria-rowindex': 1 },
    ...columns.map((column) => headOf(column)),
  );
  const rows = el('div', { class: 'fs-table__rows', role: 'rowgroup' });
  const spacer = el('div');
  // What scrolls is what has the keyboard.
  const table = el('div', { class: 'fs-table', role: 'grid', tabindex: 0, 'aria-label': label, 'aria-readonly': 'true' }, head, rows, spacer);
  root.append(table);

  /** Leaves out columns that give way until the others fit; what does not fit even so scrolls sideways. */
  function fitColumns() {
    const wanted = columnsThatFit(columns, table.clientWidth);
    if (head.style.gridTemplateColumns === '' || wanted.some((shown, i) => shown !== shownColumns[i])) {
      shownColumns = wanted;
      head.style.minWidth = rows.style.minWidth = `${widthOf(columns.filter((_, i) => wanted[i]))}px`;
      [head, .../** @type {Iterable<HTMLElement>} */ (rows.children)].forEach(placeCells);
      left(columns.filter((_, i) => !wanted[i]).map(({ name }) => name));
    }
  }

  /** @param {HTMLElement} row */
  function placeCells(row) {
    row.style.gridTemplateColumns = columns.filter((_, i) => shownColumns[i]).map(({ width }) => width).join(' ');
    /** @type {HTMLElement[]} */ ([...row.children]).forEach((cell, i) => (cell.hidden = !shownColumns[i]));
  }

  /** @param {Column<T>} column */
  function headOf(column) {
    const { sort } = column;
    const cell = el('span', { role: 'columnheader', class: column.number ? 'fs-number' : null, title: column.meaning ?? null });
    if (sort === undefined || !sorting) {
      cell.textContent = column.name;
      return cell;
    }
    const button = el('button', { type: 'button', class: 'fs-table__sort', text: column.name });
    button.addEventListener('click', () => sorting.choose(sort));
    cell.append(button);
    cell.dataset.sort = sort;
    return cell;
  }

  function showSorting() {
    for (const cell of /** @type {Iterable<HTMLElement>} */ (head.children)) {
      if (cell.dataset.sort !== undefined && sorting) {
        const chosen = cell.dataset.sort === sorting.by();
        cell.setAttribute('aria-sort', chosen ? (cell.dataset.sort === 'time' ? 'ascending' : 'descending') : 'none');
      }
    }
  }

  let first = 0;
  let cursor = 0;
  let ignoreScroll = false;

  const visible = () => Math.max(1, Math.floor((table.clientHeight - HEAD) / rowHeight));
  const last = () => Math.max(0, source.count() - visible());

  const fromScroll = () => {
    const room = table.scrollHeight - table.clientHeight;
    return room <= 0 ? 0 : Math.round((table.scrollTop / room) * last());
  };
  const toScroll = () => {
    const room = table.scrollHeight - table.clientHeight;
    const top = last() === 0 ? 0 : (first / last()) * room;
    if (Math.abs(table.scrollTop - top) > 1) {
      ignoreScroll = true;
      table.scrollTop = top;
    }
  };

  table.addEventListener('scroll', () => {
    if (ignoreScroll) {
      ignoreScroll = false;
      return;
    }
    first = fromScroll();
    draw();
  });
  // A wheel moves by rows also where one pixel of the scroll bar stands for thousands of them.
  table.addEventListener(
    'wheel',
    (event) => {
      if (event.ctrlKey || source.count() * rowHeight < MOST_PIXELS) {
        return;
      }
      event.preventDefault();
      scrollTo(first + Math.sign(event.deltaY) * Math.max(1, Math.round(Math.abs(event.deltaY) / rowHeight)));
    },
    { passive: false },
  );
  table.addEventListener('keydown', (event) => {
    if (event.target instanceof HTMLButtonElement) {
      return;
    }
    const end = source.count() - 1;
    const to = {
      ArrowDown: cursor + 1,
      ArrowUp: cursor - 1,
      PageDown: cursor + visible(),
      PageUp: cursor - visible(),
      Home: 0,
      End: end,
    }[event.key];
    if (to !== undefined && !event.altKey && !event.ctrlKey) {
      setCursor(Math.max(0, Math.min(end, to)));
      choose(null);
    } else if (event.key === 'Enter') {
      choose('Enter');
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  });

  /** @param {string | null} key */
  function choose(key) {
    const item = source.at(cursor);
    if (item !== null) {
      source.pick(item, key);
    }
  }

  /** @param {number} index */
  function setCursor(index) {
    cursor = index;
    if (index < first) {
      scrollTo(index);
    } else if (index >= first + visible()) {
      scrollTo(index - visible() + 1);
    } else {
      draw();
    }
  }

  /** @param {number} index */
  function scrollTo(index) {
    first = Math.max(0, Math.min(last(), index));
    toScroll();
    draw();
  }

  function draw() {
    const total = source.count();
    showSorting();
    spacer.style.height = `${Math.min(MOST_PIXELS, total * rowHeight)}px`;
    table.setAttribute('aria-rowcount', String(total + 1));
    first = Math.max(0, Math.min(last(), first));
    const shown = Math.min(visible() + 1, total - first);
    source.need?.(first, first + shown);
    while (rows.children.length > shown) {
      rows.lastElementChild?.remove();
    }
    for (let i = 0; i < shown; i++) {
      const row = /** @type {HTMLElement} */ (rows.children[i]) ?? makeRow();
      fillRow(row, first + i, i);
    }
    table.setAttribute('aria-activedescendant', cursor >= first && cursor < first + shown ? `${table.dataset.id}-${cursor}` : '');
  }

  table.dataset.id = `rows-${label.replace(/\W+/g, '-').toLowerCase()}`;

  function makeRow() {
    const row = el('div', { class: 'fs-table__row', role: 'row' }, ...columns.map((column) => el('span', { role: 'gridcell', class: column.number ? 'fs-number' : null })));
    placeCells(row);
    row.addEventListener('click', () => {
      cursor = Number(row.dataset.index);
      choose('click');
    });
    rows.append(row);
    return row;
  }

  /** @param {HTMLElement} row @param {number} index @param {number} line */
  function fillRow(row, index, line) {
    const item = source.at(index);
    row.dataset.index = String(index);
    row.id = `${table.dataset.id}-${index}`;
    row.style.top = `${line * rowHeight}px`;
    row.setAttribute('aria-rowindex', String(index + 2));
    tellEvent(row, item === null ? null : (source.event?.(item) ?? null));
    row.setAttribute('aria-selected', String(item !== null && source.selected(item)));
    row.classList.toggle('fs-table__row--now', item !== null && (source.now?.(item) ?? false));
    row.classList.toggle('fs-table__row--waiting', item === null);
    columns.forEach((column, i) => {
      const cell = /** @type {HTMLElement} */ (row.children[i]);
      const text = item === null ? (i === 0 ? '…' : '') : column.text(item);
      if (cell.textContent !== text) {
        cell.textContent = text;
      }
      cell.title = item === null ? '' : (column.title?.(item) ?? '');
    });
  }

  fitColumns();
  const observer = new ResizeObserver(() => {
    fitColumns();
    draw();
  });
  observer.observe(table);

  return {
    table,
    draw,
    /** @param {number} index brings a row on screen */
    reveal(index) {
      cursor = index;
      if (index < first || index >= first + visible()) {
        scrollTo(index - Math.floor(visible() / 3));
      } else {
        draw();
      }
    },
    dispose() {
      observer.disconnect();
      table.remove();
    },
  };
}

/** @param {Pick<Column<any>, 'width'>[]} columns @returns {number} how much they need at least, CSS pixels */
export function widthOf(columns) {
  return columns.reduce((sum, { width }) => sum + (parseInt(width.replace('minmax(', ''), 10) || 0) + GAP, GAP);
}

/**
 * @param {Pick<Column<any>, 'width' | 'gives'>[]} columns
 * @param {number} room CSS pixels
 * @returns {boolean[]} which of them are shown
 */
export function columnsThatFit(columns, room) {
  const givers = columns.flatMap(({ gives }) => gives ?? []).sort((a, b) => a - b);
  let limit = 0;
  const shown = () => columns.map(({ gives }) => gives === undefined || gives > limit);
  for (const gives of givers) {
    if (room <= 0 || widthOf(columns.filter((_, i) => shown()[i])) <= room) {
      break;
    }
    limit = gives;
  }
  return shown();
}
