import test from 'node:test';
import { deepEqual, equal, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SessionSocket, SUBPROTOCOL } from '../../../src/stream/session-socket.js';

const WIRE = resolve(dirname(fileURLToPath(import.meta.url)), '../../../../src/test/resources/wire');
const EPOCH = 4276993775;

function frame(name = 'snap-rle.bin') {
  const file = readFileSync(resolve(WIRE, name));
  return file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength);
}

/** A server that does what a test says, and a clock that a test moves. */
function world({ ended = null, seq = null } = {}) {
  const sockets = [];
  const timers = [];
  const paints = [];
  const around = {
    open(url, protocol) {
      const socket = { url, protocol, sent: [], readyState: 0, closed: false };
      Object.assign(socket, {
        send: (text) => socket.sent.push(JSON.parse(text)),
        close: () => Object.assign(socket, { closed: true, readyState: 3 }),
        accept: () => {
          socket.readyState = 1;
          socket.onopen?.();
        },
        say: (message) => socket.onmessage?.({ data: message instanceof ArrayBuffer ? message : JSON.stringify(message) }),
        drop: (reason = '') => {
          socket.readyState = 3;
          socket.onclose?.({ reason });
        },
      });
      sockets.push(socket);
      return socket;
    },
    now: () => 1000,
    random: () => 0.5,
    later: (run, ms) => timers.push({ run, ms }),
    cancel() {},
    afterPaint: (run) => paints.push(run),
    whyEnded: async () => ended,
  };
  const client = new SessionSocket('ws://host/ws/sessions/x', seq, around);
  const updates = [];
  const phases = [];
  client.updates.on((update) => updates.push(update));
  client.connection.on(({ phase }) => phases.at(-1) === phase || phases.push(phase));
  const paint = () => paints.splice(0).forEach((run) => run());
  const hello = (more = {}) => ({ type: 'hello', protocol: 1, epoch: EPOCH, resumed: false, recording: {}, ...more });
  const moment = (at) => ({ type: 'moment', seq: at, queue: { pending: 0, read: 0, entries: [] }, actors: [] });
  return { client, sockets, timers, paint, updates, phases, hello, moment };
}

const settle = () => new Promise((done) => setImmediate(done));

test('speaks first, with the protocol and the moment wanted', () => {
  const { client, sockets } = world({ seq: 41 });
  client.connect();
  equal(sockets[0].protocol, SUBPROTOCOL);
  sockets[0].accept();
  deepEqual(sockets[0].sent, [{ type: 'hello', protocol: 1, resume: null, seq: 41 }]);
});

test('frames wait for their moment, and are acknowledged after the paint', () => {
  const { client, sockets, paint, updates, hello, moment, phases } = world();
  client.connect();
  const [socket] = sockets;
  socket.accept();
  socket.say(hello());
  deepEqual(phases, ['connecting']);
  socket.say(frame());
  socket.say(frame('snap-empty.bin'));
  equal(updates.length, 0);
  socket.say(moment(41));
  equal(updates.length, 1);
  equal(updates[0].frames.length, 2);
  deepEqual(phases, ['connecting', 'live']);
  equal(socket.sent.length, 1);
  paint();
  deepEqual(socket.sent[1], { type: 'ack', frames: 2 });
});

test('comes back with epoch and moment, and is stale until the next moment', async () => {
  const { client, sockets, timers, phases, hello, moment } = world();
  client.connect();
  sockets[0].accept();
  sockets[0].say(hello());
  sockets[0].say(moment(7));
  sockets[0].drop();
  await settle();
  deepEqual(phases, ['connecting', 'live', 'stale']);
  equal(timers.length, 1);
  timers[0].run();
  sockets[1].accept();
  deepEqual(sockets[1].sent[0], { type: 'hello', protocol: 1, resume: { epoch: EPOCH, seq: 7 }, seq: 7 });
  sockets[1].say(hello({ resumed: true }));
  equal(phases.at(-1), 'stale');
  sockets[1].say(moment(9));
  equal(phases.at(-1), 'live');
});

test('waits longer each time and says when it tries again', async () => {
  const { client, sockets, timers } = world();
  const retries = [];
  client.connection.on(({ retryAtMs }) => retryAtMs !== null && retries.push(retryAtMs));
  client.connect();
  for (let i = 0; i < 8; i++) {
    sockets[i].drop();
    await settle();
    timers[i].run();
  }
  const waits = timers.map(({ ms }) => ms);
  deepEqual(waits.slice(0, 3), [375, 750, 1500]);
  ok(Math.max(...waits) <= 15_000);
  equal(retries[0], 1375);
});

test('does not knock at a door that is gone', async () => {
  const { client, sockets, timers, phases } = world({ ended: 'This recording was forgotten.' });
  client.connect();
  sockets[0].drop();
  await settle();
  equal(phases.at(-1), 'ended');
  equal(timers.length, 0);
});

test('a frame that cannot be read starts anew with a whole picture, and gives up after four', async () => {
  const { client, sockets, timers, phases, hello } = world();
  client.connect();
  for (let i = 0; i < 4; i++) {
    sockets[i].accept();
    equal(sockets[i].sent[0].resume, null);
    sockets[i].say(hello());
    sockets[i].say(new ArrayBuffer(5));
    ok(sockets[i].closed);
    timers[i]?.run();
  }
  equal(phases.at(-1), 'ended');
});

test('a hidden page asks for nothing', () => {
  const { client, sockets } = world();
  client.connect();
  sockets[0].accept();
  client.setHidden(true);
  client.setHidden(true);
  client.setHidden(false);
  deepEqual(sockets[0].sent.slice(1), [{ type: 'stream', on: false }, { type: 'stream', on: true }]);
});

test('what an old connection still says is not heard', async () => {
  const { client, sockets, timers, updates, hello, moment } = world();
  client.connect();
  sockets[0].accept();
  sockets[0].say(hello());
  sockets[0].drop();
  await settle();
  timers[0].run();
  sockets[0].say(moment(1));
  equal(updates.length, 0);
});
