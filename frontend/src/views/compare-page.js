// @ts-check
import { comparisonCsv, exportName, isOver, oneEngine, progressInWords, ratioRows, resultInWords, summaries } from '../model/comparison.js';
import { createCompareForm } from './compare-form.js';
import { createPolicyTable, createRatioTable, createStallTable } from './compare-tables.js';
import { button, el, setText } from './dom.js';
import { drawingText } from './drawing-export.js';
import { createPageCurves } from './page-curves.js';
import { nameTab } from './page-title.js';
import { saveFile } from './save-file.js';
import { seriesOf } from './series.js';
import { createStallStrips } from './stall-strips.js';
import { createPageBar } from './top-bar.js';

/** @typedef {import('../model/comparison.js').Comparison} Comparison */


/**
 * One scenario under several policies: form, plots, table, files.
 *
 * @param {HTMLElement} root
 * @param {object} options
 * @param {() => void} options.compare
 * @param {() => void} options.cancel
 * @param {(name: string) => void} options.chooseScenario
 * @param {() => void} options.toggleTheme
 * @param {AbortSignal} options.signal
 */
export function createComparePage(root, { compare, cancel, chooseScenario, toggleTheme, signal }) {
  const form = createCompareForm({ compare, cancel, chooseScenario });
  const curves = createPageCurves(signal);
  const strips = createStallStrips();
  const state = el('p', { class: 'fs-compare__state', role: 'status' });
  const progress = el('progress', { class: 'fs-compare__progress', 'aria-label': 'Runs done', hidden: true });
  const says = el('p', { class: 'fs-compare__says' });
  const log = el('input', { type: 'checkbox', checked: true });
  const tables = el('div');
  const empty = el(
    'div',
    { class: 'fs-state fs-compare__empty' },
    el('p', { text: 'A scenario is run once under each policy, on the simulated kernel, on the one of this machine or on both. Then stand here:' }),
    el('ul', {}, ...['when the n-th page was there', 'how long each thread and vCPU waited', 'faults, ioctls and pages moved for nothing, beside a handler that knows the future and one that has everything in place'].map((text) => el('li', { text }))),
    el('p', { text: 'Choose policies at the right and press Compare.' }),
  );
  /** @type {Comparison | null} */
  let shown = null;
  const files = [
    button({ name: 'Every run as a line of a table', label: 'CSV', class: 'fs-button fs-button--line', run: () => save('csv', 'text/csv', comparisonCsv) }),
    button({ name: 'Everything, curves too', label: 'JSON', class: 'fs-button fs-button--line', run: () => save('json', 'application/json', (all) => `${JSON.stringify(all, null, 2)}\n`) }),
    button({ name: 'The first plot as a drawing', label: 'SVG', class: 'fs-button fs-button--line', run: () => save('svg', 'image/svg+xml', () => drawingText(curves.drawing)) }),
  ];
  const results = el(
    'div',
    { class: 'fs-compare__results', hidden: true },
    says,
    el('section', { class: 'fs-start__section' }, el('div', { class: 'fs-compare__head' }, el('h2', { text: 'When the n-th page was there' }), el('label', { class: 'fs-compare__log' }, log, 'logarithmic time')), curves.root),
    el('section', { class: 'fs-start__section' }, el('div', { class: 'fs-compare__head' }, el('h2', { text: 'Stall time of each thread and vCPU' }), el('p', { class: 'fs-quiet', text: 'a stroke each; the bar ends at the longest' })), strips.root),
    el('section', { class: 'fs-start__section' }, el('div', { class: 'fs-compare__head' }, el('h2', { text: 'What each came to' }), el('div', { class: 'fs-compare__files', role: 'group', 'aria-label': 'Save as a file' }, ...files)), tables),
  );
  root.replaceChildren(
    el(
      'div',
      { class: 'fs-start fs-start--full' },
      createPageBar('Handlers compared', toggleTheme),
      el('div', { class: 'fs-editor' }, el('div', { class: 'fs-compare' }, el('div', { class: 'fs-compare__under-way' }, state, progress), empty, results), form.root),
    ),
  );
  log.addEventListener('change', () => shown && draw(shown));

  return {
    form,
    show,
    cancelled() {
      if (shown) {
        show({ ...shown, state: 'CANCELLED', message: 'Cancelled: runs that ended before are shown.' });
      }
    },
  };

  /** @param {Comparison} comparison */
  function show(comparison) {
    const first = shown?.id !== comparison.id;
    const more = first || shown?.runs.length !== comparison.runs.length;
    shown = comparison;
    nameTab(comparison.title, 'Handlers compared');
    setText(state, progressInWords(comparison));
    state.dataset.state = comparison.state;
    progress.hidden = isOver(comparison);
    progress.max = comparison.total;
    progress.value = comparison.done;
    root.dataset.comparison = comparison.state;
    if (more && comparison.runs.length > 0) {
      draw(comparison);
    }
  }

  /** @param {Comparison} comparison */
  function draw(comparison) {
    empty.hidden = true;
    results.hidden = false;
    const series = seriesOf(comparison.policies);
    const all = summaries(comparison);
    const one = oneEngine(comparison);
    const ofOne = summaries(one);
    const rows = ratioRows(comparison);
    setText(says, `${comparison.title}. ${resultInWords(one, ofOne)}`.trim());
    curves.show(one, series, log.checked);
    strips.show(one, series);
    tables.replaceChildren(
      createPolicyTable(comparison, all, series),
      ...(rows.length === 0 ? [] : [createRatioTable(comparison, rows)]),
      createStallTable(one, ofOne),
    );
  }

  /** @param {string} ending @param {string} type @param {(comparison: Comparison) => string} text */
  function save(ending, type, text) {
    if (shown) {
      saveFile(exportName(shown.title, ending), type, text(shown));
    }
  }
}
