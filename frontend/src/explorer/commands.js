// @ts-check
import { CommandRegistry } from '../model/commands.js';
import { LAYERS, nextLayer } from '../model/paint.js';
import { areaOf } from '../model/fault-filter.js';
import { goesOnFrom } from '../model/run-status.js';
import { shownQuery } from '../model/view-state.js';

/** @typedef {[id: string, name: string, keys: string[], run: () => void, available?: () => boolean]} Entry */

/**
 * What commands need beyond the actions of views.
 *
 * @typedef {object} Shell
 * @property {() => import('../model/view-state.js').ViewState} state
 * @property {import('../views/actions.js').Actions} actions
 * @property {(kind: '/' | '>' | ':', text?: string) => void} openOmnibox
 * @property {(key: string) => void} moveView W, A, S, D or F, in the lens that is shown
 * @property {(direction: 1 | -1) => void} followCause -1 to the cause, 1 to the first effect
 * @property {(on: boolean) => void} follow the end of a growing recording
 * @property {(side: 'left' | 'right' | 'bottom') => void} toggleSide
 * @property {(shown?: boolean) => void} toggleBreakpoints shows the breakpoints, or the page again
 * @property {() => void} toggleKernel shows the kernel view, or the page again
 * @property {() => void} enterLens
 * @property {() => void} clear leaves the presentation, else the selection
 * @property {(on?: boolean) => void} present shows nothing but picture, narration and transport, or all again
 * @property {() => void} save offers every form that the recording can be saved in
 * @property {() => void} askRegions
 * @property {() => void} why draws the fault that what is pointed at belongs to
 */

/**
 * Every command of the explorer. Keys, palette and key sheet all come from here.
 *
 * @param {Shell} shell
 * @param {import('../model/lens-registry.js').LensRegistry<unknown>} lenses
 * @returns {CommandRegistry}
 */
export function createCommands(shell, lenses) {
  const { state, actions } = shell;
  const registry = new CommandRegistry();
  /**
   * @param {string} group
   * @param {Entry[]} list
   */
  const group = (group, list) => {
    for (const [id, name, keys, run, available] of list) {
      registry.add({ id, name, group, keys, run, available });
    }
  };
  const seq = () => state().moment?.seq ?? 0;
  const events = () => state().meta?.events ?? 0;
  const notFirst = () => seq() > 0;
  const notLast = () => seq() < events() || goesOnFrom(state().run, seq(), events());
  /** Without a predicate there is nothing to go on to: it is asked for. */
  const goOn = (/** @type {1 | -1} */ direction) => {
    const { hits } = state();
    if (hits && !hits.error) {
      actions.findNext(direction);
    } else {
      shell.openOmnibox(':', hits?.query ?? '');
    }
  };
  /** Without a predicate there is nothing to break at: it is asked for. */
  const breakAtHits = () => {
    const { hits, breakpoints } = state();
    if (!hits || hits.error) {
      shell.toggleBreakpoints(true);
    } else if (breakpoints.some(({ query }) => query === hits.query)) {
      actions.removeBreakpoint(hits.query);
    } else {
      actions.addBreakpoint(hits.query);
    }
  };
  const narrow = () => (state().page ? 'page' : 'actor');
  const canNarrow = () => state().page !== null || state().actor !== null;
  const lane = () => (state().actor === null ? 'event' : 'actor');

  group('Time', [
    ['play', 'Play or pause', ['Space'], () => actions.togglePlay()],
    ['step.forward', 'Step forward', ['ArrowRight'], () => actions.step(1), notLast],
    ['step.back', 'Step back', ['ArrowLeft'], () => actions.step(-1), notFirst],
    ['fault.next', 'Next fault', ['Shift+ArrowRight'], () => actions.step(1, 'fault'), notLast],
    ['fault.previous', 'Previous fault', ['Shift+ArrowLeft'], () => actions.step(-1, 'fault'), notFirst],
    ['same.next', 'Next event of the selected page or thread', ['Alt+ArrowRight'], () => actions.step(1, narrow()), canNarrow],
    ['same.previous', 'Previous event of the selected page or thread', ['Alt+ArrowLeft'], () => actions.step(-1, narrow()), canNarrow],
    ['lane.next', 'Next event in the selected lane', ['.'], () => actions.step(1, lane()), notLast],
    ['lane.previous', 'Previous event in the selected lane', [','], () => actions.step(-1, lane()), notFirst],
    ['first', 'First moment', ['Home'], () => actions.seek(0), notFirst],
    ['last', 'Last moment', ['End'], () => actions.seek(events()), notLast],
    ['faster', 'Play faster', ['+'], () => actions.setSpeed(state().speed * 2)],
    ['slower', 'Play slower', ['-'], () => actions.setSpeed(state().speed / 2)],
    ['follow', 'Return to the end and follow it', ['L'], () => shell.follow(true), () => !(state().meta?.complete ?? true)],
  ]);
  group('Why', [
    ['why', 'Why? The fault behind what is selected, step by step', ['E'], () => shell.why(), () => state().page !== null || notFirst()],
    ['cause', 'Go to the cause of this event', ['['], () => shell.followCause(-1), () => (state().moment?.event?.cause ?? 0) > 0],
    ['effect', 'Go to the first effect of this event', [']'], () => shell.followCause(1), notFirst],
  ]);
  group('Find', [
    ['search', 'Search for a page, address, moment, region or thread', ['/'], () => shell.openOmnibox('/')],
    ['commands', 'Run a command', ['>'], () => shell.openOmnibox('>')],
    ['predicate', 'Find events by a predicate', [':'], () => shell.openOmnibox(':', state().hits?.query ?? '')],
    ['hit.next', 'Continue to the next hit', ['F5'], () => goOn(1)],
    ['hit.previous', 'Reverse-continue to the previous hit', ['Shift+F5'], () => goOn(-1)],
    ['break.next', 'Continue to the next breakpoint; at the end a run goes on', ['F8'], () => actions.continueTo(1)],
    ['break.previous', 'Reverse-continue to the previous breakpoint', ['Shift+F8'], () => actions.continueTo(-1)],
    ['break.hits', 'Break where the predicate of the search holds, or no more', ['B'], breakAtHits],
    ['break.list', 'Breakpoints: show or hide', ['Shift+B'], () => shell.toggleBreakpoints()],
    ['area.mark', 'Set A here, or B where A is set: the time, the events and the faults between', ['T'], () => actions.markTime()],
    ['area.drop', 'Drop A and B, or the selected area, and its filter', ['Shift+T'], () => actions.selectArea(null), () => state().mark !== null || areaOf(shownQuery(state())) !== null],
    ['hits.clear', 'Forget the predicate and its hits', [], () => actions.clearHits(), () => state().hits !== null],
  ]);
  group('Look', [
    ...lenses.all().map(({ id, name, key }) => /** @type {Entry} */ ([`lens.${id}`, `${name} lens`, [key], () => actions.setLens(id)])),
    ['enter', 'Move the keyboard into the lens', ['G'], () => shell.enterLens()],
    ['zoom.in', 'Zoom in, about the pointer or the moment', ['W'], () => shell.moveView('W')],
    ['zoom.out', 'Zoom out, about the pointer or the moment', ['S'], () => shell.moveView('S')],
    ['pan.left', 'Move left (in time, earlier)', ['A'], () => shell.moveView('A')],
    ['pan.right', 'Move right (in time, later)', ['D'], () => shell.moveView('D')],
    ['pan.up', 'Move up', ['Shift+W'], () => shell.moveView('Shift+W')],
    ['pan.down', 'Move down', ['Shift+S'], () => shell.moveView('Shift+S')],
    ['fit', 'Fit everything', ['F'], () => shell.moveView('F')],
    ['side.kernel', 'Kernel view: the functions that the kernel is in', ['K'], () => shell.toggleKernel()],
    ['layer.next', 'Next layer of the grid', ['V'], () => actions.setLayer(nextLayer(state().layer, 1))],
    ['layer.previous', 'Previous layer of the grid', ['Shift+V'], () => actions.setLayer(nextLayer(state().layer, -1))],
    ...Object.values(LAYERS).map(({ id, title }) => /** @type {Entry} */ ([`layer.${id}`, `Layer: ${title}`, [], () => actions.setLayer(id)])),
    ['table.events', 'Table of events', [], () => actions.setTable('events')],
    ['table.faults', 'Table of faults', [], () => actions.setTable('faults')],
    ['table.pages', 'Table of pages', [], () => actions.setTable('pages')],
    ['table.regions', 'Table of regions', [], () => actions.setTable('regions')],
  ]);
  group('This page', [
    ['clear', 'Clear the selection', ['Escape'], () => shell.clear()],
    ['compare', 'Side by side with another recording; of a fork, with its parent', ['Shift+Y'], () => actions.compare()],
    ['share', 'Copy a link to this moment and selection', [], () => actions.share()],
    ['save', 'Save as…', [], () => shell.save()],
    ['regions', 'Set regions by hand', [], () => shell.askRegions()],
    ['side.left', 'Show or hide regions and queue', ['Q'], () => shell.toggleSide('left')],
    ['side.right', 'Show or hide the inspector', ['I'], () => shell.toggleSide('right')],
    ['side.bottom', 'Show or hide the lanes', ['N'], () => shell.toggleSide('bottom')],
    ['present', 'Presentation: picture, narration and transport only', ['Shift+P'], () => shell.present()],
    ['theme', 'Light, dark or as the system says', [], () => actions.toggleTheme()],
    ['keys', 'Keys and commands', ['?'], () => actions.showKeys()],
  ]);
  return registry;
}
