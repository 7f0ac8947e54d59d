// @ts-check
import { assert } from './base/assert.js';
import { formatHex } from './base/format.js';
import { listenToKeys } from './explorer/keys.js';
import { createLastPlace } from './explorer/last-place.js';
import { lastOf, messageOf } from './explorer/loaders.js';
import { ALIGNMENTS, cellInWords, cellsOf, decodeBeside, encodeBeside, placeName } from './model/beside.js';
import { CommandRegistry } from './model/commands.js';
import { bytesInWords } from './model/page-content.js';
import { canRun, isRunning } from './model/run-status.js';
import { ApiError, listRecordings, RecordingApi } from './stream/api.js';
import { besideOf, differenceOf } from './stream/difference-api.js';
import { commandRun, runStatus } from './stream/run-api.js';
import { factsOf } from './views/beside-grid.js';
import { createDifferencePage } from './views/difference-page.js';
import { readPalette } from './views/palette.js';
import { nextTheme, watchTheme } from './views/theme.js';

/** @typedef {import('./model/difference.js').Side} Side */
/** @typedef {import('./stream/difference-api.js').Position} Position */
/** @typedef {'left' | 'right'} Which */

/** How often a recording that grows is asked how it stands. */
const WATCH_MS = 500;

/** A page that is passed within this time is not asked for. */
const REST_MS = 60;

/** Columns of lanes before their room is known. */
const FIRST_PX = 800;

const WHICH = /** @type {const} */ (['left', 'right']);

const root = document.getElementById('app');
assert(root, 'the page has no #app');
const life = new AbortController();
let link = decodeBeside(location.search);
const ids = { left: link.a, right: link.b };
const apis = { left: new RecordingApi(ids.left), right: new RecordingApi(ids.right) };
let colours = readPalette(document.body);

/** @type {{left: Side, right: Side} | null} */
let both = null;
/** @type {import('./model/beside.js').Beside | null} */
let beside = null;
/** @type {{left: import('./model/messages.js').LanesAnswer | null, right: import('./model/messages.js').LanesAnswer | null}} */
let lanes = { left: null, right: null };
/** @type {{left: import('./model/run-status.js').RunStatus | null, right: import('./model/run-status.js').RunStatus | null}} */
const runs = { left: null, right: null };

const commands = new CommandRegistry();
const steps = () => beside?.steps ?? null;
const goIf = (/** @type {import('./model/beside.js').Place | null | undefined} */ place) => place && go(place);
const first = () => ({ at: 0, nth: link.align === 'time' ? 0 : null });
/** @type {[id: string, name: string, keys: string[], run: () => void][]} */
const LIST = [
  ['first', 'First moment of both', ['Home'], () => go(first())],
  ['fault.back', 'Previous fault of either', ['Shift+ArrowLeft'], () => goIf(steps()?.faultBack)],
  ['step.back', 'Step back', ['ArrowLeft'], () => goIf(steps()?.back)],
  ['step.forward', 'Step', ['ArrowRight'], () => goIf(steps()?.forward)],
  ['fault.forward', 'Next fault of either', ['Shift+ArrowRight'], () => goIf(steps()?.faultForward)],
  ['last', 'Last moment of both', ['End'], () => beside && go({ at: beside.end, nth: null })],
  ['run', 'Run on, or pause', ['R'], () => withKey() && void toggleRun(/** @type {Which} */ (withKey()))],
  ...ALIGNMENTS.map(({ id, name }, i) => /** @type {[string, string, string[], () => void]} */ ([`align.${id}`, `Side by side by ${name.toLowerCase()}`, [String(i + 1)], () => align(id)])),
];
for (const [id, name, keys, run] of LIST) {
  commands.add({ id, name, group: 'Side by side', keys, run });
}

const page = createDifferencePage(root, {
  command: (id) => commands.get(id),
  align,
  go: (at) => go({ at, nth: null }),
  goToMoment: (which, seq) => go(which === 'left' ? { leftSeq: seq } : { rightSeq: seq }),
  seekTime: (which, ns) => void seekTime(which, ns),
  askLanes,
  choosePage,
  chooseRecording: (which, id) => leave(which === 'left' ? id : ids.left, which === 'left' ? ids.right : id),
  toggleRun: (which) => void toggleRun(which),
  swap: () => leave(ids.right, ids.left),
  again: () => void compare(),
  toggleTheme: () => {
    nextTheme();
    recolour();
  },
  palette: () => colours,
  signal: life.signal,
});

function recolour() {
  colours = readPalette(document.body);
  page.recolour();
}

/** @param {string} a @param {string} b */
function leave(a, b) {
  // With nothing beside it yet, one waits at its moment.
  location.assign(encodeBeside(beside ? { ...link, a, b, place: null, seq: null, page: null, range: null } : { ...link, a, b }));
}

/** @param {Which} which @returns {Promise<Side>} */
const sideOf = async (which) => {
  const info = /** @type {Side} */ (/** @type {unknown} */ (await apis[which].info()));
  return { ...info, over: info.complete || runs[which]?.phase === 'done' };
};

/** @param {Which} which @returns {Promise<import('./model/run-status.js').RunStatus | null>} null where nothing runs */
async function runOf(which) {
  try {
    return await runStatus(ids[which]);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) {
      return null;
    }
    throw error;
  }
}

async function begin() {
  const recordings = await listRecordings();
  for (const which of WHICH) {
    page.sides[which].offer(recordings, ids[which]);
  }
  if (ids.left === '' || ids.right === '') {
    page.ask(`Choose the ${ids.left === '' ? 'left' : 'right'} recording.`);
    return;
  }
  await compare();
  if (both) {
    void watch();
  }
}

/** Both as they stand now; where a person had gone to stays. */
async function compare() {
  try {
    await showRuns();
    const [left, right, difference] = await Promise.all([sideOf('left'), sideOf('right'), differenceOf(ids.left, ids.right)]);
    both = { left, right };
    page.showDifference(both, difference);
    await places.again(link.place ?? { leftSeq: Math.min(link.seq ?? difference.same, left.events) });
    await loadLanes();
  } catch (error) {
    page.failed(messageOf(error));
  }
}

async function showRuns() {
  [runs.left, runs.right] = await Promise.all([runOf('left'), runOf('right')]);
  for (const which of WHICH) {
    page.sides[which].showRun(runs[which], which === withKey());
  }
}

/** @returns {Which | null} whose run the key is about: one that stands still before one that runs */
function withKey() {
  return WHICH.find((which) => canRun(runs[which]) && !isRunning(runs[which])) ?? WHICH.find((which) => canRun(runs[which])) ?? null;
}

const places = createLastPlace(position);

/** @param {Position} to */
function go(to) {
  places.go(to).catch((error) => page.failed(messageOf(error)));
}

/** @param {Position} to @returns {Promise<Position>} */
async function position(to) {
  beside = await besideOf(ids.left, ids.right, link.align, to);
  show();
  return { at: beside.at, nth: beside.nth };
}

function show() {
  if (!both || !beside) {
    return;
  }
  keepInSight();
  page.showPosition(both, beside, link.page);
  paintLanes();
  inspect();
  const place = { at: beside.at, nth: beside.nth };
  link = { ...link, place, seq: null };
  root?.setAttribute('data-at', placeName(place));
  writeAddress();
}

let addressTimer = 0;
/** Browsers refuse to change it too often. */
function writeAddress() {
  window.clearTimeout(addressTimer);
  addressTimer = window.setTimeout(() => history.replaceState(null, '', encodeBeside(link)), 200);
}

/** @param {import('./model/beside.js').Align} by the moment of the side that is not over stays */
function align(by) {
  if (!beside || by === link.align) {
    return;
  }
  link = { ...link, align: by };
  go(beside.left.past && !beside.right.past ? { rightSeq: beside.right.seq } : { leftSeq: beside.left.seq });
}

/** @param {Which} which @param {number} ns */
async function seekTime(which, ns) {
  if (link.align === 'time') {
    go({ at: ns, nth: null });
    return;
  }
  try {
    const { last } = await apis[which].stretch(0, ns + 1);
    go(which === 'left' ? { leftSeq: last } : { rightSeq: last });
  } catch (error) {
    page.failed(messageOf(error));
  }
}

function paintLanes() {
  if (both && beside) {
    const nowNs = (/** @type {Which} */ which) => (beside?.align === 'time' ? beside.at : (beside?.[which].timeNs ?? 0));
    page.showLanes(
      { left: { side: both.left, lanes: lanes.left, nowNs: nowNs('left') }, right: { side: both.right, lanes: lanes.right, nowNs: nowNs('right') } },
      link.range,
    );
  }
}

/** A stretch moves along with the position. */
function keepInSight() {
  const { range } = link;
  if (range && beside && link.align === 'time' && (beside.at < range.fromNs || beside.at > range.toNs)) {
    const span = range.toNs - range.fromNs;
    const fromNs = Math.max(0, Math.round(beside.at - span / 3));
    askLanes({ fromNs, toNs: fromNs + span });
  }
}

const askedLanes = lastOf(async (/** @type {void} */ _, signal) => loadLanes(signal), REST_MS);

/** @param {{fromNs: number, toNs: number} | null} range */
function askLanes(range) {
  link = { ...link, range };
  paintLanes();
  askedLanes();
  writeAddress();
}

/** @param {AbortSignal} [signal] */
async function loadLanes(signal) {
  if (!both) {
    return;
  }
  const { fromNs, toNs } = link.range ?? { fromNs: 0, toNs: Math.max(1, both.left.endNs, both.right.endNs) };
  const px = Math.max(1, Math.min(4096, page.lanesWidth() || FIRST_PX));
  try {
    const [left, right] = await Promise.all(WHICH.map((which) => apis[which].lanes(fromNs, toNs, px, signal)));
    lanes = { left, right };
    paintLanes();
  } catch (error) {
    if (!signal?.aborted) {
      page.failed(messageOf(error));
    }
  }
}

/** @param {{region: number, page: number}} chosen */
function choosePage(chosen) {
  link = { ...link, page: chosen };
  if (both && beside) {
    page.showPosition(both, beside, chosen);
  }
  inspect();
  writeAddress();
}

/** Both states of the page that is chosen, as the explorer tells them. */
const inspect = lastOf(async (/** @type {void} */ _, signal) => {
  const chosen = link.page;
  const pair = beside?.pages.regions.find(({ left }) => left === chosen?.region);
  if (!chosen || !beside || !pair || chosen.page >= pair.pages) {
    page.showPage([]);
    return;
  }
  const { pages, left, right } = beside;
  const cell = Math.floor(chosen.page / pages.pagesPerCell);
  const said = `${pair.leftName}: ${cellInWords(pages, cell, cellsOf(pair)[cell])}`;
  const first = pages.pagesPerCell === 1 ? '' : `, page ${formatHex(chosen.page)}`;
  try {
    const [one, other] = await Promise.all([
      apis.left.page(chosen, left.seq, signal),
      apis.right.page({ region: pair.right, page: chosen.page }, right.seq, signal),
    ]);
    const told = (/** @type {Which} */ which, /** @type {import('./model/messages.js').PageAnswer} */ { facts, content }) =>
      `${which}${first}: ${[factsOf(facts), bytesInWords(content)].filter(Boolean).join(' · ')}`;
    page.showPage([said, told('left', one), told('right', other)]);
  } catch (error) {
    if (!signal.aborted) {
      page.failed(messageOf(error));
    }
  }
}, REST_MS);

/** @param {Which} which */
async function toggleRun(which) {
  try {
    await commandRun(ids[which], isRunning(runs[which]) ? { type: 'pause' } : { type: 'go', eventsPerSecond: null });
    await compare();
  } catch (error) {
    page.failed(messageOf(error));
  }
}

/** While a recording is written or read, what is shown of it grows. */
async function watch() {
  while (!life.signal.aborted) {
    await new Promise((resolve) => window.setTimeout(resolve, WATCH_MS));
    if (document.hidden || !both || WHICH.every((which) => both?.[which].complete)) {
      continue;
    }
    try {
      await showRuns();
      const grew = await Promise.all(WHICH.map(async (which) => {
        const { events, over } = await sideOf(which);
        return events !== both?.[which].events || over !== both?.[which].over;
      }));
      if (grew.some(Boolean)) {
        await compare();
      }
    } catch {
      // The next look says whether the server is back; what is asked for by hand says that it is gone.
    }
  }
}

listenToKeys(commands, () => false, life.signal);
watchTheme(recolour, life.signal);
window.addEventListener('pagehide', () => life.abort(), { signal: life.signal });
begin().catch((error) => page.failed(messageOf(error)));
