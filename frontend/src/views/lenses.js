// @ts-check
import { LensRegistry } from '../model/lens-registry.js';
import { spaceLens } from './space-lens.js';
import { tableLens } from './table-lens.js';
import { timeLens } from './time-lens.js';

/** @typedef {import('../model/view-state.js').ViewState} ViewState */
/** @typedef {import('../model/page-ref.js').PageRef} PageRef */

/**
 * What a lens is made of.
 *
 * @typedef {object} LensParts
 * @property {HTMLElement} panel
 * @property {HTMLElement} tools beside the tabs, shown with it
 * @property {import('./actions.js').Actions} actions
 * @property {import('./actions.js').Rows} rows
 * @property {import('../model/page-store.js').PageStore} pages
 * @property {import('../model/touch-order.js').TouchOrder} touches
 * @property {import('../model/last-events.js').LastEvents} last
 * @property {() => import('./palette.js').Palette} palette
 * @property {() => void} invalidate asks to be painted
 * @property {() => void} inspect moves to the inspector
 * @property {() => void} askRegions lets a person say where memory lies
 * @property {AbortSignal} signal
 */

/**
 * A lens on the page. What it leaves out it cannot do; then the first that can does.
 *
 * @typedef {object} LensView
 * @property {(state: ViewState) => void} update
 * @property {() => void} focus
 * @property {(key: string) => void} [move] W, A, S, D, with Shift, or F
 * @property {(page: PageRef, closer?: boolean) => void} [reveal]
 * @property {(region: number) => void} [revealRegion]
 * @property {() => void} [repaint] the colours are others
 */

/** @typedef {(parts: LensParts) => LensView} CreateLens */

/** Every lens; a new one is one more line. @type {LensRegistry<CreateLens>} */
export const LENSES = new LensRegistry([spaceLens, timeLens, tableLens]);
