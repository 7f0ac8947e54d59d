import test from 'node:test';
import { deepEqual, equal } from 'node:assert/strict';
import { createLaneTime } from '../../../src/views/lane-time.js';

const LEFT = 120;

function laneTime(range = null) {
  const asked = [];
  const time = createLaneTime({
    range: () => range,
    endNs: () => 9000,
    left: LEFT,
    width: () => 900,
    ask: (next) => {
      range = next;
      asked.push(next);
    },
  });
  return { time, asked, range: () => range, press: (key, pointed = null, now = null) => time.keyed(key, pointed, now)?.() };
}

test('where no stretch is chosen all is shown over the whole plot', () => {
  const { time } = laneTime();
  const scale = time.scale();
  deepEqual([scale.fromNs, scale.toNs, scale.left, scale.right], [0, 9000, LEFT, LEFT + 900]);
});

test('keys zoom about what is pointed at, else about the moment in sight, else about the middle', () => {
  const about = (pointed, now) => {
    const { press, time } = laneTime({ fromNs: 3000, toNs: 6000 });
    press('W', pointed, now);
    const { fromNs, toNs } = time.scale();
    equal(toNs - fromNs, 2000);
    return fromNs;
  };
  equal(about(3000, 6000), 3000);
  equal(about(null, 6000), 4000);
  equal(about(null, 8000), 3500);
  equal(about(null, null), 3500);
});

test('what came to show all is asked for as all', () => {
  const { press, asked } = laneTime({ fromNs: 1000, toNs: 8000 });
  press('S');
  deepEqual(asked, [null]);
  press('W');
  press('F');
  deepEqual(asked.slice(1), [{ fromNs: 1500, toNs: 7500 }, null]);
});

test('A and D move by a sixth, and stay within the recording', () => {
  const { press, range } = laneTime({ fromNs: 1000, toNs: 4000 });
  press('D');
  deepEqual(range(), { fromNs: 1500, toNs: 4500 });
  for (let i = 0; i < 9; i++) {
    press('A');
  }
  deepEqual(range(), { fromNs: 0, toNs: 3000 });
});

test('other keys are not for it', () => {
  equal(laneTime().time.keyed('ArrowLeft', null, null), null);
});

test('a wheel zooms about the pointer, over the names about the left edge', () => {
  const at = (x) => {
    const { time } = laneTime();
    time.gestures.zoom(2, x);
    return time.scale().fromNs;
  };
  equal(at(LEFT + 450), 2250);
  equal(at(3), 0);
});
