// @ts-check
import { askEach } from './base/ask-each.js';
import { assert } from './base/assert.js';
import { messageOf } from './explorer/loaders.js';
import { explorerOf } from './model/addresses.js';
import { isUnderWay } from './model/run-status.js';
import { withPictures } from './model/pictures.js';
import { listRecordings } from './stream/api.js';
import { attach, attachments, detach, listPolicies, listRuns, startGuest } from './stream/run-api.js';
import { startWatch, stopWatch, uffdProcesses, watches } from './stream/watch-api.js';
import { createLivePage } from './views/live-page.js';
import { readPalette } from './views/palette.js';
import { nextTheme, watchTheme } from './views/theme.js';

const root = document.getElementById('app');
assert(root, 'the page has no #app');

const REFRESH_MS = 700;
/** Finding processes looks at every descriptor of this machine: not at every refresh. */
const PROCESSES_MS = 3000;

const life = new AbortController();
let colours = readPalette(document.body);
/** @type {import('./model/pictures.js').Pictures} */
let pictures = new Map();
const page = createLivePage(root, {
  async start(guest) {
    const { id } = await startGuest(guest);
    location.assign(explorerOf(id));
  },
  async attach(wanted) {
    await attach(wanted);
    page.succeeded();
    await refresh();
  },
  watch: (pid, rateHz) => void startWatch(pid, rateHz).then(({ id }) => location.assign(explorerOf(id)), failed),
  stopWatch: (id) => void stopWatch(id).then(refresh, failed),
  detach: (id) => void detach(id).then(refresh, failed),
  toggleTheme() {
    nextTheme();
    recolour();
  },
  pictureOf: (id) => pictures.get(id) ?? null,
  palette: () => colours,
  messageOf,
});

listPolicies().then((policies) => page.setPolicies(policies), failed);

/** @param {unknown} error */
function failed(error) {
  page.fail(error);
}

/**
 * @type {{
 *   runs: import('./model/run-status.js').RunStatus[],
 *   attachments: import('./model/attachment.js').AttachmentView[],
 *   processes: import('./model/watching.js').FoundProcesses,
 *   watches: import('./model/watching.js').WatchStatus[],
 *   recordings: import('./model/messages.js').RecordingInfo[],
 * }}
 */
let shown = { runs: [], attachments: [], processes: { processes: [], hidden: 0, cut: false }, watches: [], recordings: [] };
let processesDueMs = 0;

async function refresh() {
  const due = performance.now() >= processesDueMs;
  if (due) {
    processesDueMs = performance.now() + PROCESSES_MS;
  }
  const processes = due ? uffdProcesses : () => Promise.resolve(shown.processes);
  // Recordings are asked for once something is over that there is no picture of yet.
  const recordings = due && over().some((id) => !pictures.has(id)) ? listRecordings : () => Promise.resolve(shown.recordings);
  const { answers, errors } = await askEach({ runs: listRuns, attachments, processes, watches, recordings }, shown);
  if (answers.recordings !== shown.recordings) {
    pictures = withPictures(pictures, over(), answers.recordings);
  }
  shown = answers;
  show();
  if (errors.length > 0) {
    page.fail(errors[0], true);
  }
}

/** What ran live, or was watched, and is over. */
function over() {
  return [...liveRuns().filter((run) => !isUnderWay(run)), ...shown.watches.filter((watch) => watch.over)].map(({ id }) => id);
}

function liveRuns() {
  return shown.runs.filter(({ engine }) => engine === 'live');
}

function show() {
  page.show(liveRuns(), shown.attachments, shown.processes, shown.watches);
}

function recolour() {
  colours = readPalette(document.body);
  show();
}

async function keepUp() {
  try {
    if (!document.hidden) {
      await refresh();
    }
  } catch (error) {
    page.fail(error, true);
  } finally {
    window.setTimeout(() => void keepUp(), REFRESH_MS);
  }
}

watchTheme(recolour, life.signal);
void keepUp();
