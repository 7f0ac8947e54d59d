import test from 'node:test';
import { deepEqual, equal, ok, throws } from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { applyFrame, decodeFrame, FrameError } from '../../../src/model/frames.js';
import { PageStore } from '../../../src/model/page-store.js';
import { forEachSeed } from '../seeds.js';

const WIRE = resolve(dirname(fileURLToPath(import.meta.url)), '../../../../src/test/resources/wire');
const names = readdirSync(WIRE).filter((name) => name.endsWith('.bin'));

const bytesOf = (name) => {
  const file = readFileSync(join(WIRE, name));
  return file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength);
};
const plain = (frame) => {
  if (frame.type === 'SNAP') {
    return { ...frame, runs: frame.runs.toArray() };
  }
  if (frame.type === 'DELTA') {
    return { ...frame, groups: frame.groups.map(({ region, runs }) => ({ region, runs: runs.toArray() })) };
  }
  if (frame.type === 'CELLS') {
    return { ...frame, groups: frame.groups.map(({ region, cells }) => ({ region, cells: cells.toArray() })) };
  }
  return frame;
};

test('there are golden frames', () => ok(names.length >= 4));

for (const name of names) {
  test(`golden frame ${name} says what its description says`, () => {
    const wanted = JSON.parse(readFileSync(join(WIRE, name.replace('.bin', '.json')), 'utf8'));
    deepEqual(plain(decodeFrame(bytesOf(name))), wanted);
  });

  test(`golden frame ${name}, cut anywhere, is refused and nothing else`, () => {
    const whole = bytesOf(name);
    for (let length = 0; length < whole.byteLength; length++) {
      throws(() => decodeFrame(whole.slice(0, length)), FrameError, `${length} bytes`);
    }
  });
}

test('damaged frames throw a FrameError or are well formed, never anything else', () => {
  forEachSeed(400, (random) => {
    const bytes = new Uint8Array(bytesOf(names[Math.floor(random() * names.length)]).slice(0));
    for (let i = 0; i < 3; i++) {
      bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
    }
    try {
      decodeFrame(bytes.buffer);
    } catch (error) {
      ok(error instanceof FrameError, String(error));
    }
  });
});

test('another version is named', () => {
  const bytes = new Uint8Array(bytesOf('delta.bin').slice(0));
  bytes[2] = 9;
  throws(() => decodeFrame(bytes.buffer), /version 9, this page reads 2/);
});

test('an event record has 32 bytes in the order of the trace format', () => {
  const view = new DataView(new ArrayBuffer(24 + 32));
  view.setUint16(0, 0x5346, true);
  view.setUint8(2, 2);
  view.setUint8(3, 3);
  view.setUint32(8, 500, true);
  view.setUint32(16, 500, true);
  view.setUint32(24, 1284, true);
  view.setUint32(32, 0x1a3, true);
  view.setUint32(36, 2, true);
  view.setUint32(40, 3, true);
  view.setUint16(44, 1, true);
  view.setUint16(46, 0x101, true);
  view.setUint32(48, 2 ** 28 - 2 ** 13, true);
  [3, 0, 9, 17].forEach((byte, i) => view.setUint8(52 + i, byte));
  const frame = decodeFrame(view.buffer);
  equal(frame.type, 'EVENTS');
  deepEqual(frame.events, [
    {
      seq: 500, timeNs: 1284, kind: 3, detail: 0, flags: 9, region: 0, page: 0x1a3, pages: 2,
      actor: 0xffff, before: 1, after: 0x101, errno: 17, cause: 497,
    },
  ]);
});

test('applying: a snapshot with reset forgets, a delta adds', () => {
  const pages = new PageStore();
  pages.setRegions([10, 0, 0, 200_000]);
  pages.setStates([2 ** 20, 2 ** 20 + 4]);
  pages.set(0, 0, 10, 2);
  applyFrame(decodeFrame(bytesOf('snap-rle.bin')), pages);
  equal(pages.get(0, 5), 0);
  equal(pages.get(3, 4200), 259);
  equal(pages.get(3, 4396), 2 ** 20 + 4);
  equal(pages.get(3, 90_000), 1);
});
