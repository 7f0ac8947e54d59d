// Runs inside a page that this program serves: the real store, codec, pyramid and space lens, with
// sixteen million pages and ten thousand changes a frame, while panning and zooming.
// Arguments: frames to measure, changes of one frame. Answers milliseconds.

const [frames, changes] = [...arguments];
const done = arguments[arguments.length - 1];

const PAGES = 16_777_216;
const STATES = [0, 1, 3, 11, 0x901, 0xa01, 0x0b];

async function run() {
  const [{ PageStore }, { createSpaceLens }, { readPalette }, { applyFrame, decodeFrame }, { initialState }] =
    await Promise.all([
      import('/app/model/page-store.js'),
      import('/app/views/space-lens.js'),
      import('/app/views/palette.js'),
      import('/app/model/frames.js'),
      import('/app/model/view-state.js'),
    ]);
  document.body.replaceChildren();
  const place = document.createElement('div');
  place.className = 'fs-lens';
  place.style.cssText = 'position:fixed;inset:0';
  const tools = document.createElement('div');
  document.body.append(place);

  const pages = new PageStore();
  pages.setRegions([PAGES]);
  let random = 12345;
  const next = () => (random = (Math.imul(random, 1103515245) + 12345) >>> 0) / 2 ** 32;
  const began = performance.now();
  for (let page = 0; page < PAGES; ) {
    const run = 1 + Math.floor(next() * 4000);
    const count = Math.min(run, PAGES - page);
    pages.set(0, page, count, STATES[Math.floor(next() * 4)]);
    page += count;
  }
  const filled = performance.now() - began;

  const palette = readPalette(document.body);
  const actions = { showPages() {}, lookAt() {}, selectPage() {}, setLayer() {} };
  const lens = createSpaceLens(place, {
    actions, pages, palette: () => palette, invalidate() {}, inspect() {}, askRegions() {}, tools, signal: new AbortController().signal,
  });
  const region = { index: 0, name: 'guest-ram', base: '0x0', gpaBase: '0x0', pages: PAGES, backing: 'memfd', modes: 4, inferred: false, initial: 0 };
  const state = {
    ...initialState(),
    meta: { type: 'meta', regions: [region], actors: [], events: 1, endNs: 1, complete: true, notes: 0, states: [], kernel: null, progress: { state: 'complete', bytesRead: 0, bytesTotal: 0, message: null } },
  };
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  await frame();
  await frame();
  lens.update(state);
  // As in use: a moment after a recording has opened, the browser has made other zooms ready.
  for (let idle = 0; idle < 1000 && pages.prepare(512, () => true); idle++) {
    await frame();
  }

  // Encoding is the server's work: frames are made before the clock starts, and told again and again.
  const deltas = Array.from({ length: 48 }, (_, i) => delta(changes, i + 1, next));
  const intervals = [];
  const work = [];
  let last = await frame();
  let seq = 1;
  let direction = 1;
  for (let i = 0; i < frames + 10; i++) {
    const started = performance.now();
    applyFrame(decodeFrame(deltas[seq++ % deltas.length]), pages);
    if (i % 25 === 24) {
      const { zoom } = lens.camera;
      direction = zoom >= 6 ? -1 : zoom <= 1 / 8 ? 1 : direction;
      lens.camera.zoomSteps(direction, 640, 360);
    } else {
      lens.camera.pan(9 * (i % 50 < 25 ? 1 : -1), 7);
    }
    lens.repaint();
    lens.update(state);
    const spent = performance.now() - started;
    const now = await frame();
    if (i >= 10) {
      intervals.push(now - last);
      work.push(spent);
    }
    last = now;
  }
  return { frame: summary(intervals), work: summary(work), fillMs: filled, width: innerWidth, height: innerHeight, pages: PAGES, changes };
}

/** A DELTA frame as the server would send it, changes spread over all pages. */
function delta(count, seq, next) {
  const spread = Math.floor(PAGES / count);
  const bytes = [];
  let end = 0;
  for (let i = 0; i < count; i++) {
    const page = i * spread + Math.floor(next() * spread);
    let distance = page - end;
    while (distance >= 128) {
      bytes.push((distance & 127) | 128);
      distance = Math.floor(distance / 128);
    }
    const state = STATES[Math.floor(next() * STATES.length)];
    bytes.push(distance, 1, state & 255, state >> 8);
    end = page + 1;
  }
  const frame = new ArrayBuffer(36 + bytes.length);
  const view = new DataView(frame);
  view.setUint16(0, 0x5346, true);
  view.setUint8(2, 1);
  view.setUint8(3, 2);
  view.setUint32(8, seq - 1, true);
  view.setUint32(16, seq, true);
  view.setUint16(24, 1, true);
  view.setUint32(32, count, true);
  new Uint8Array(frame, 36).set(bytes);
  return frame;
}

function summary(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] * 10) / 10;
  return { median: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
}

run().then(done, (error) => done({ error: String(error.stack ?? error) }));
