import { equal } from 'node:assert/strict';
import test from 'node:test';
import { PageBit } from '../../../src/model/vocabulary.generated.js';
import { drawHalves, sayPage } from '../../../src/views/grid-overlay.js';

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
    const block = { region: 0, pages: 16, columns: 16, tiles: 1, tilesAcross: 1 };
    const layout = {
      zoom,
      metrics: { gutter: 0, header: 0 },
      blocks: [{ block, top: 0, cellsTop: 0, bottom: 100, left: 0, width: 16 * zoom }],
    };
    drawHalves({ context, layout, scroll: { x: 0, y: 0 }, ratio: 1, palette: { pages: [], absent: '' } }, [{ region: 0, page: 9 }], pages(state));
    return count;
  };
  equal(drawn(HALF | PageBit.READ, 40), 2);
  equal(drawn(PageBit.CACHED | PageBit.READ, 40), 0);
  equal(drawn(HALF | PageBit.READ, 4), 0);
});
