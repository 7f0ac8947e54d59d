import test from 'node:test';
import { equal, throws } from 'node:assert/strict';
import { TimeScale } from '../../../src/base/time-scale.js';

const scale = new TimeScale(1000, 3000, 100, 300);

test('maps edges, middle and outside', () => {
  equal(scale.toPixel(1000), 100);
  equal(scale.toPixel(2000), 200);
  equal(scale.toPixel(3000), 300);
  equal(scale.toPixel(0), 0);
  equal(scale.toTime(250), 2500);
  equal(scale.nsPerPixel, 10);
});

test('the same time stands at as many device pixels more as there are to one of CSS', () => {
  const device = scale.inPixels(1.5);
  equal(device.toPixel(1500), 1.5 * scale.toPixel(1500));
  equal(device.spanNs, scale.spanNs);
});

test('zooming keeps the time under the pointer where it is', () => {
  const near = scale.zoomed(2, 1500, 10_000);
  equal(near.spanNs, 1000);
  equal(near.toPixel(1500), scale.toPixel(1500));
});

test('never shows time outside the recording', () => {
  const out = scale.zoomed(0.001, 2000, 10_000);
  equal(out.fromNs, 0);
  equal(out.toNs, 10_000);
  equal(scale.moved(-5000, 10_000).fromNs, 0);
  equal(scale.moved(50_000, 10_000).toNs, 10_000);
});

test('stops zooming in at ten nanoseconds', () => {
  equal(scale.zoomed(1e9, 2000, 10_000).spanNs, 10);
});

test('refuses empty stretches', () => {
  throws(() => new TimeScale(5, 5, 0, 10), /empty stretch of time/);
  throws(() => new TimeScale(5, 6, 10, 10), /empty stretch of pixels/);
});
