// Runs inside a page that this program serves: one waiting fault among sixteen million pages, everything on
// screen at once. Answers how many pixels have the colour of a missing fault, with and without it.

const done = arguments[arguments.length - 1];

async function run() {
  const [{ PageStore }, { createSpaceLens }, { readPalette }, { initialState }] = await Promise.all([
    import('/app/model/page-store.js'),
    import('/app/views/space-lens.js'),
    import('/app/views/palette.js'),
    import('/app/model/view-state.js'),
  ]);
  const place = document.createElement('div');
  place.className = 'fs-lens';
  place.style.cssText = 'position:fixed;inset:0';
  document.body.replaceChildren(place);
  const pages = new PageStore();
  pages.setRegions([16_777_216]);
  pages.set(0, 0, 16_777_216, 3);
  const palette = readPalette(document.body);
  const lens = createSpaceLens(place, {
    actions: { showPages() {}, selectPage() {}, setLayer() {} },
    pages, palette: () => palette, invalidate() {}, inspect() {}, askRegions() {},
    tools: document.createElement('div'), signal: new AbortController().signal,
  });
  const region = { index: 0, name: 'guest-ram', base: '0x0', gpaBase: '0x0', pages: 16_777_216, backing: 'memfd', modes: 4, inferred: false, initial: 0 };
  const state = {
    ...initialState(),
    meta: { type: 'meta', regions: [region], actors: [], events: 1, endNs: 1, complete: true, notes: 0, states: [], kernel: null, progress: { state: 'complete', bytesRead: 0, bytesTotal: 0, message: null } },
  };
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const red = palette.pages[7].match(/\d+/g).map(Number);
  const count = () => {
    const canvas = place.querySelector('.fs-space__surface canvas');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let found = 0;
    for (let i = 0; i < data.length; i += 4) {
      found += data[i] === red[0] && data[i + 1] === red[1] && data[i + 2] === red[2] ? 1 : 0;
    }
    return found;
  };
  await frame();
  await frame();
  lens.update(state);
  const without = count();
  pages.set(0, 9_876_543, 1, 0x101);
  lens.update(state);
  return { zoom: lens.camera.zoom, without, found: count() };
}

run().then(done, (error) => done({ error: String(error.stack ?? error) }));
