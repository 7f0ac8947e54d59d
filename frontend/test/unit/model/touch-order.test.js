import test from 'node:test';
import { deepEqual, equal } from 'node:assert/strict';
import { ORDER_PARTS, Paint } from '../../../src/model/paint.js';
import { TouchOrder } from '../../../src/model/touch-order.js';
import { forEachSeed } from '../seeds.js';

test('what is shown is the order up to the moment, however one came there', () => {
  forEachSeed(40, (random) => {
    const sizes = [1 + Math.floor(random() * 300_000), 50];
    const order = new TouchOrder();
    order.begin(1);
    if (random() < 0.5) {
      order.setRegions(sizes);
    }
    const touches = [];
    let seq = 0;
    for (let i = 0; i < 60; i++) {
      seq += 1 + Math.floor(random() * 5);
      const region = random() < 0.7 ? 0 : 1;
      const page = Math.floor(random() ** 3 * sizes[region]);
      touches.push({ seq, region, page, pages: Math.min(sizes[region] - page, 1 + Math.floor(random() * 4)) });
    }
    const cut = Math.floor(random() * touches.length);
    order.add(touches.slice(0, cut), 1 + (touches[cut - 1]?.seq ?? 0));
    order.moveTo(Math.floor(random() * seq));
    order.add(touches.slice(cut), seq + 1);
    order.setRegions(sizes);
    const plain = [];
    for (const { seq: at, region, page, pages } of touches) {
      for (let each = page; each < page + pages; each++) {
        if (!plain.some((known) => known.region === region && known.page === each)) {
          plain.push({ at, region, page: each });
        }
      }
    }
    for (let i = 0; i < 8; i++) {
      const moment = Math.floor(random() * (seq + 2));
      order.moveTo(moment);
      plain.forEach(({ at, region, page }, index) => {
        const told = at <= moment;
        equal(order.orderOf({ region, page }), told ? index + 1 : 0);
        equal(order.pages.get(region, page), told ? 1 + Math.floor((ORDER_PARTS * index) / plain.length) : 0);
      });
      const counts = order.pages.totals();
      equal(counts[Paint.UNKNOWN], sizes[0] + sizes[1] - plain.filter(({ at }) => at <= moment).length);
      equal(counts.reduce((a, b) => a + b), sizes[0] + sizes[1]);
    }
  });
});

test('of another recording nothing is known', () => {
  const order = new TouchOrder();
  order.begin(1);
  order.setRegions([10]);
  order.add([{ seq: 3, region: 0, page: 2, pages: 2 }], 7);
  order.moveTo(5);
  deepEqual([order.orderOf({ region: 0, page: 3 }), order.next], [2, 7]);
  order.begin(1);
  equal(order.next, 7);
  order.begin(2);
  deepEqual([order.orderOf({ region: 0, page: 3 }), order.next, order.pages.get(0, 3)], [0, 1, 0]);
});
