// Runs inside an explorer that is open: does something in every frame and tells how far frames were
// apart. Arguments: what to do (pan, zoom, scrub or look), frames to measure. Answers milliseconds.

const [doing, frames] = [...arguments];
const done = arguments[arguments.length - 1];

const canvas = document.querySelector('.fs-space__surface canvas') ?? document.body;
const scrub = document.querySelector('.fs-scrub input');
const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));

function wheel(how) {
  const box = canvas.getBoundingClientRect();
  const at = { clientX: box.left + box.width / 2, clientY: box.top + box.height / 2 };
  canvas.dispatchEvent(new WheelEvent('wheel', { bubbles: true, cancelable: true, ...at, ...how }));
}

const DEEDS = {
  pan: (i) => wheel({ deltaX: i % 120 < 60 ? 25 : -25, deltaY: 10, shiftKey: true }),
  zoom: (i) => wheel({ deltaY: i % 80 < 40 ? -40 : 40, ctrlKey: true }),
  scrub: (i) => {
    scrub.value = String(Math.floor(((i * 37) % 1000) / 1000 * Number(scrub.max)));
    scrub.dispatchEvent(new Event('input', { bubbles: true }));
  },
  look: () => {},
};

async function run() {
  const apart = [];
  let last = await frame();
  for (let i = 0; i < frames; i++) {
    DEEDS[doing](i);
    const now = await frame();
    apart.push(now - last);
    last = now;
  }
  const sorted = apart.sort((a, b) => a - b);
  const at = (share) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] * 10) / 10;
  return { median: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
}

run().then(done, (error) => done({ error: String(error.stack ?? error) }));
