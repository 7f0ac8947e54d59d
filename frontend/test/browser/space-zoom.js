// Runs inside a page that this program serves: the real space lens at every zoom, and its pixels held
// against the states of the pages that they stand for. Answers how many were looked at and which are wrong.

const done = arguments[arguments.length - 1];

/** States that are painted in one colour, and what they are. */
const STATES = [0, 3, 11, 3, 3, 0x2000, 0x13, 0x101, 0x201];

async function run() {
  const [{ PageStore }, { createSpaceLens }, { readPalette }, { initialState }, { paintOf, URGENCY }, grid] = await Promise.all([
    import('/app/model/page-store.js'),
    import('/app/views/space-lens.js'),
    import('/app/views/palette.js'),
    import('/app/model/view-state.js'),
    import('/app/model/paint.js'),
    import('/app/base/page-grid.js'),
  ]);
  const place = document.createElement('div');
  place.className = 'fs-lens';
  place.style.cssText = 'position:fixed;inset:0';
  document.body.replaceChildren(place);
  let random = 4711;
  const next = () => (random = (Math.imul(random, 1103515245) + 12345) >>> 0) / 2 ** 32;

  const sizes = [3000, 40, 700_000];
  const pages = new PageStore();
  pages.setRegions(sizes);
  sizes.forEach((size, region) => {
    for (let page = 0; page < size; ) {
      const count = Math.min(size - page, 1 + Math.floor(next() ** 6 * 3000));
      pages.set(region, page, count, STATES[Math.floor(next() * STATES.length)]);
      page += count;
    }
  });
  const palette = readPalette(document.body);
  const lens = createSpaceLens(place, {
    actions: { showPages() {}, lookAt() {}, selectPage() {}, setLayer() {} },
    pages, palette: () => palette, invalidate() {}, inspect() {}, askRegions() {},
    tools: document.createElement('div'), signal: new AbortController().signal,
  });
  const regions = sizes.map((size, index) => ({ index, name: `ram${index}`, base: '0x0', gpaBase: '0x0', pages: size, backing: 'memfd', modes: 4, inferred: false, initial: 0 }));
  const state = {
    ...initialState(),
    meta: { type: 'meta', regions, actors: [], events: 1, endNs: 1, complete: true, notes: 0, states: [], kernel: null, progress: { state: 'complete', bytesRead: 0, bytesTotal: 0, message: null } },
  };
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  await frame();
  await frame();
  lens.update(state);

  const canvas = place.querySelector('.fs-space__surface canvas');
  const { camera } = lens;
  const classAt = (/** @type {number} */ region, /** @type {number} */ page) => paintOf('fault', pages.get(region, page));
  const checked = {};
  const wrong = [];
  const fitted = camera.zoom;
  for (const zoom of [fitted, ...grid.ZOOMS]) {
    camera.zoomTo(zoom, canvas.width * next(), canvas.height * next());
    lens.repaint();
    lens.update(state);
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const colourAt = (/** @type {number} */ x, /** @type {number} */ y) => data.slice((y * canvas.width + x) * 4, (y * canvas.width + x) * 4 + 3).join();
    let looked = 0;
    for (let i = 0; i < 4000 && looked < 300; i++) {
      // Below the header that stays on screen.
      const at = camera.pageAt(Math.floor(next() * canvas.width), 30 + Math.floor(next() * (canvas.height - 30)));
      if (!at) {
        continue;
      }
      const rect = grid.pageRect(camera.layout, at.region, at.page);
      const [x, y] = [rect.x - camera.x + (zoom >= 3 ? 1 : 0), rect.y - camera.y + (zoom >= 3 ? 1 : 0)];
      if (x < 0 || y < 30 || x >= canvas.width || y >= canvas.height) {
        continue;
      }
      looked++;
      const allowed = zoom >= 1 ? [classAt(at.region, at.page)] : ofSquare(at, zoom);
      const colours = allowed.map((paint) => palette.pages[paint].match(/\d+/g).map(Number).join());
      if (!colours.includes(colourAt(x, y))) {
        wrong.push({ zoom, ...at, allowed, seen: colourAt(x, y) });
      }
    }
    checked[zoom] = looked;
  }
  return { checked: Object.values(checked).reduce((a, b) => a + b), zooms: Object.values(checked).filter((count) => count > 20).length, wrong: wrong.slice(0, 5) };

  /** Classes that may stand for the square a page is in: the most urgent, or the most frequent. */
  function ofSquare({ region, page }, zoom) {
    const { block } = grid.blockOf(camera.layout, region);
    const side = 1 / zoom;
    const tile = Math.floor(page / grid.TILE_PAGES) * grid.TILE_PAGES;
    const row = Math.floor((page - tile) / block.columns / side) * side;
    const column = Math.floor(((page - tile) % block.columns) / side) * side;
    const counts = new Array(16).fill(0);
    for (let r = row; r < row + side; r++) {
      for (let c = column; c < Math.min(block.columns, column + side); c++) {
        const each = r * block.columns + c;
        if (each < grid.TILE_PAGES && tile + each < block.pages) {
          counts[classAt(region, tile + each)]++;
        }
      }
    }
    const there = counts.map((count, paint) => (count > 0 ? paint : -1)).filter((paint) => paint >= 0);
    const urgent = Math.max(...there.map((paint) => URGENCY[paint]));
    const most = Math.max(...counts);
    return there.filter((paint) => (urgent > 0 ? URGENCY[paint] === urgent : counts[paint] === most));
  }
}

run().then(done, (error) => done({ error: String(error.stack ?? error) }));
