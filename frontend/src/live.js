// @ts-check
import { assert } from './base/assert.js';
import { messageOf } from './explorer/loaders.js';
import { attach, attachments, detach, listPolicies, listRuns, startGuest } from './stream/run-api.js';
import { startWatch, stopWatch, uffdProcesses, watches } from './stream/watch-api.js';
import { createLivePage } from './views/live-page.js';
import { nextTheme, watchTheme } from './views/theme.js';

const root = document.getElementById('app');
assert(root, 'the page has no #app');

const REFRESH_MS = 700;
/** Finding processes looks at every descriptor of this machine: not at every refresh. */
const PROCESSES_MS = 3000;

const life = new AbortController();
const page = createLivePage(root, {
  async start(guest) {
    const { id } = await startGuest(guest);
    location.assign(`/explore/${encodeURIComponent(id)}`);
  },
  async attach(wanted) {
    await attach(wanted);
    await refresh();
  },
  watch: (pid, rateHz) => void startWatch(pid, rateHz).then(({ id }) => location.assign(`/explore/${encodeURIComponent(id)}`), failed),
  stopWatch: (id) => void stopWatch(id).then(refresh, failed),
  detach: (id) => void detach(id).then(refresh, failed),
  toggleTheme: () => void nextTheme(),
  messageOf,
});

listPolicies().then((policies) => page.setPolicies(policies), failed);

/** @param {unknown} error */
function failed(error) {
  page.fail(error);
}

/** @type {import('./model/watching.js').FoundProcesses} */
let processes = { processes: [], hidden: 0, cut: false };
let processesDueMs = 0;

async function refresh() {
  if (performance.now() >= processesDueMs) {
    processes = await uffdProcesses();
    processesDueMs = performance.now() + PROCESSES_MS;
  }
  page.show((await listRuns()).filter(({ engine }) => engine === 'live'), await attachments(), processes, await watches());
}

async function keepUp() {
  try {
    if (!document.hidden) {
      await refresh();
    }
  } catch (error) {
    page.fail(error);
  } finally {
    window.setTimeout(() => void keepUp(), REFRESH_MS);
  }
}

watchTheme(() => {}, life.signal);
void keepUp();
