import test from 'node:test';
import { deepEqual, equal, rejects } from 'node:assert/strict';
import { createLastPlace } from '../../../src/explorer/last-place.js';

/** Places that are arrived at when told. */
function places() {
  const visits = [];
  const place = createLastPlace(({ at }) => new Promise((arrived, lost) => visits.push({ at, arrived: () => arrived({ at }), lost })));
  const settled = () => new Promise((done) => setImmediate(done));
  return { place, visits: () => visits.map(({ at }) => at), async arrive() {
    visits.at(-1).arrived();
    await settled();
  }, async lose() {
    visits.at(-1).lost(new Error('gone'));
    await settled();
  } };
}

test('what was passed meanwhile is left out', async () => {
  const { place, visits, arrive } = places();
  let there = false;
  place.go({ at: 1 });
  place.go({ at: 2 });
  place.go({ at: 3 }).then(() => (there = true));
  await arrive();
  deepEqual(visits(), [1, 3]);
  equal(there, false);
  await arrive();
  equal(there, true);
  place.go({ at: 4 });
  deepEqual(visits(), [1, 3, 4]);
});

test('to look again does not turn back who is on the way', async () => {
  const { place, visits, arrive } = places();
  place.again({ at: 7 });
  await arrive();
  place.go({ at: 8 });
  place.again({ at: 0 });
  await arrive();
  await arrive();
  deepEqual(visits(), [7, 8, 8]);
});

test('where it cannot go it does not stay', async () => {
  const { place, visits, arrive, lose } = places();
  place.go({ at: 1 });
  await arrive();
  const lost = rejects(place.go({ at: 2 }), /gone/);
  await lose();
  await lost;
  place.again({ at: 0 });
  deepEqual(visits(), [1, 2, 1]);
});
