import { deepEqual, equal } from 'node:assert/strict';
import test from 'node:test';
import { PageBit } from '../../../src/model/vocabulary.generated.js';
import { arrange, place } from '../../../src/base/page-grid.js';
import { drawHalves, drawNumbers, sayPage } from '../../../src/views/grid-overlay.js';

const METRICS = { header: 0, label: 0, gap: 0, tileGap: 0, gutter: 0, least: 0, margin: 0 };
const HALF = PageBit.CACHED | PageBit.PARTIAL;
const pages = (state) => ({ layer: 'fault', get: () => state });

test('a page in words says that it is half written, also where a fault on it waits', () => {
  const regions = [{ name: 'ram' }];
  const say = (state) => sayPage({ region: 0, page: 9 }, pages(state), regions, '');
  equal(say(HALF), 'page 0x9, ram, half written');
  equal(say(HALF | PageBit.READ), 'page 0x9, ram, in flight, half written');
  equal(say(PageBit.CACHED | PageBit.READ), 'page 0x9, ram, in flight');
});

test('only a half-written page has a gauge, and only where there is room', () => {
  const drawn = (state, zoom) => {
    let count = 0;
    const context = { fillRect: () => count++ };
    const layout = place(arrange([{ index: 0, pages: 16 }], 16, 1), zoom, METRICS);
    drawHalves({ context, layout, scroll: { x: 0, y: 0 }, ratio: 1, palette: { pages: [], absent: '' } }, [{ region: 0, page: 9 }], pages(state));
    return count;
  };
  equal(drawn(HALF | PageBit.READ, 40), 2);
  equal(drawn(PageBit.CACHED | PageBit.READ, 40), 0);
  equal(drawn(HALF | PageBit.READ, 4), 0);
});

/** What is written on sixteen pages in a state, at a zoom. */
function written(state, zoom, who = '') {
  const texts = [];
  const context = { fillRect() {}, fillText: (text) => texts.push(text), measureText: (text) => ({ width: 7 * text.length }) };
  const layout = place(arrange([{ index: 0, pages: 16 }], 16, 1), zoom, METRICS);
  const colours = new Array(16).fill('rgb(0 0 0)');
  const palette = { pages: colours, glyphs: colours, absent: 'rgb(0 0 0)', paper: 'rgb(0 0 0)' };
  drawNumbers({ context, layout, scroll: { x: 0, y: 0 }, width: zoom, height: zoom, ratio: 1, palette }, pages(state), () => who);
  return texts;
}

test('the larger a page, the more is written on it, and never a part of a word', () => {
  const state = PageBit.CACHED | PageBit.QUEUED | PageBit.MINOR;
  deepEqual(written(state, 24, 'vCPU 1 waits'), []);
  deepEqual(written(state, 28, 'vCPU 1 waits'), ['?', '0']);
  deepEqual(written(state, 56, 'vCPU 1 waits'), ['?', '0', 'minor']);
  deepEqual(written(state, 96, 'vCPU 1 waits'), ['?', '0', 'minor', 'vCPU 1 waits']);
  deepEqual(written(state, 80, 'vCPU 1 waits'), ['?', '0', 'minor', 'vCPU 1', 'waits']);
  deepEqual(written(state, 96, 'an-actor-with-a-name-that-is-too-long waits'), ['?', '0', 'minor']);
  deepEqual(written(HALF, 96), ['', '0', 'half written']);
  deepEqual(written(PageBit.UNKNOWN, 96), ['', '0', 'unknown']);
});
