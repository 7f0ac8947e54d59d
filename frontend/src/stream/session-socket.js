// @ts-check
import { Emitter } from '../base/emitter.js';
import { decodeFrame, FrameError } from '../model/frames.js';
import { backoffMs } from './backoff.js';

/** @typedef {import('../model/messages.js').ServerMessage} ServerMessage */
/** @typedef {import('../model/messages.js').MomentMessage} MomentMessage */
/** @typedef {import('../model/messages.js').ClientMessage} ClientMessage */
/** @typedef {import('../model/frames.js').Frame} Frame */
/** @typedef {import('../model/view-state.js').Connection} Connection */

export const SUBPROTOCOL = 'faultscope.v1';

/**
 * What the client needs of its surroundings; tests bring their own.
 *
 * @typedef {object} Surroundings
 * @property {(url: string, protocol: string) => WebSocket} open
 * @property {() => number} now wall clock, milliseconds
 * @property {() => number} random
 * @property {(run: () => void, ms: number) => number} later
 * @property {(id: number) => void} cancel
 * @property {(run: () => void) => void} afterPaint
 * @property {() => Promise<string | null>} whyEnded asks whether coming back is pointless
 */

/**
 * A picture in whole: the changed pages and the moment they belong to.
 *
 * @typedef {{frames: Frame[], moment: MomentMessage}} Update
 */

/**
 * The connection to a session. Comes back by itself, resumes where it was, and says at any time
 * whether what is shown is current.
 *
 * Frames are kept until the moment they belong to arrives, so nothing is ever shown half. They are
 * acknowledged after the next paint: a browser that does not keep up gets fewer, newer pictures.
 */
export class SessionSocket {
  /** @type {Emitter<Update>} */
  updates = new Emitter();
  /** @type {Emitter<ServerMessage>} every message but `moment` */
  messages = new Emitter();
  /** @type {Emitter<Connection>} */
  connection = new Emitter();

  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {Frame[]} */
  #pending = [];
  #received = 0;
  #ackWaits = false;
  #attempt = 0;
  #retry = 0;
  #hidden = false;
  #closed = false;
  /** @type {number | null} */
  #epoch = null;
  /** @type {number | null} */
  #paintedSeq = null;
  /** @type {number | null} */
  #wantedSeq;
  #badFrames = 0;

  /**
   * @param {string} url
   * @param {number | null} seq the moment to show first
   * @param {Surroundings} surroundings
   */
  constructor(url, seq, surroundings) {
    this.url = url;
    this.#wantedSeq = seq;
    this.around = surroundings;
  }

  connect() {
    if (this.#closed) {
      return;
    }
    this.#tell(this.#paintedSeq === null ? 'connecting' : 'stale', null, null);
    const socket = this.around.open(this.url, SUBPROTOCOL);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    this.#pending = [];
    this.#received = 0;
    let opened = false;
    socket.onopen = () => {
      opened = true;
      this.send(this.#helloMessage());
      if (this.#hidden) {
        this.send({ type: 'stream', on: false });
      }
    };
    socket.onmessage = ({ data }) => {
      if (socket !== this.#socket) {
        return;
      }
      if (typeof data === 'string') {
        this.#onText(data);
      } else {
        this.#onBinary(data);
      }
    };
    socket.onclose = ({ reason }) => {
      if (socket === this.#socket) {
        void this.#onClose(opened, reason);
      }
    };
  }

  /** @returns {ClientMessage} */
  #helloMessage() {
    const resume =
      this.#epoch !== null && this.#paintedSeq !== null
        ? { epoch: this.#epoch, seq: this.#paintedSeq }
        : null;
    const seq = this.#paintedSeq ?? this.#wantedSeq;
    return { type: 'hello', protocol: 1, resume, ...(seq === null ? {} : { seq }) };
  }

  /**
   * @param {ClientMessage} message
   * @returns {boolean} false where there is no connection: the message is gone
   */
  send(message) {
    if (this.#socket?.readyState !== 1) {
      return false;
    }
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  /**
   * A hidden page asks for nothing and gets one picture when it is shown again.
   *
   * @param {boolean} hidden
   */
  setHidden(hidden) {
    if (hidden !== this.#hidden) {
      this.#hidden = hidden;
      this.send({ type: 'stream', on: !hidden });
    }
  }

  /** Tries again at once, where the next attempt is still to come. */
  retryNow() {
    if (this.#retry !== 0) {
      this.around.cancel(this.#retry);
      this.#retry = 0;
      this.connect();
    }
  }

  close() {
    this.#closed = true;
    this.around.cancel(this.#retry);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  /** @param {string} text */
  #onText(text) {
    /** @type {ServerMessage} */
    const message = JSON.parse(text);
    if (message.type === 'moment') {
      const frames = this.#pending;
      this.#pending = [];
      this.#paintedSeq = message.seq;
      this.#attempt = 0;
      this.#badFrames = 0;
      this.updates.emit({ frames, moment: message });
      if (this.#phase !== 'live') {
        this.#tell('live', null, null);
      }
      return;
    }
    if (message.type === 'hello') {
      if (message.epoch !== this.#epoch && !message.resumed) {
        this.#paintedSeq = null;
      }
      this.#epoch = message.epoch;
    }
    this.messages.emit(message);
  }

  /** @param {ArrayBuffer} data */
  #onBinary(data) {
    try {
      const frame = decodeFrame(data);
      if (frame.epoch !== this.#epoch) {
        throw new FrameError(`epoch ${frame.epoch}, this session's is ${this.#epoch}`, 4);
      }
      this.#pending.push(frame);
    } catch (error) {
      if (!(error instanceof FrameError)) {
        throw error;
      }
      this.#startAnew(error);
      return;
    }
    this.#received++;
    this.#acknowledgeSoon();
  }

  /** A frame that cannot be read leaves a gap: only a whole picture closes it. */
  #startAnew(/** @type {FrameError} */ error) {
    this.#epoch = null;
    this.#badFrames++;
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    if (this.#badFrames > 3) {
      this.#closed = true;
      this.#tell('ended', null, error.message);
    } else {
      this.#retryLater(error.message);
    }
  }

  #acknowledgeSoon() {
    if (this.#ackWaits) {
      return;
    }
    this.#ackWaits = true;
    const socket = this.#socket;
    this.around.afterPaint(() => {
      this.#ackWaits = false;
      if (socket === this.#socket) {
        this.send({ type: 'ack', frames: this.#received });
      } else if (this.#received > 0) {
        this.#acknowledgeSoon();
      }
    });
  }

  /** @param {boolean} opened @param {string} reason */
  async #onClose(opened, reason) {
    this.#socket = null;
    if (this.#closed) {
      return;
    }
    this.#tell(this.#paintedSeq === null ? 'connecting' : 'stale', null, reason || null);
    if (!opened || this.#attempt > 0) {
      const why = await this.around.whyEnded();
      if (this.#closed || this.#socket) {
        return;
      }
      if (why !== null) {
        this.#closed = true;
        this.#tell('ended', null, why);
        return;
      }
    }
    this.#retryLater(reason || null);
  }

  /** @param {string | null} reason */
  #retryLater(reason) {
    const ms = backoffMs(this.#attempt++, this.around.random);
    this.#tell(this.#paintedSeq === null ? 'connecting' : 'stale', this.around.now() + ms, reason);
    this.#retry = this.around.later(() => {
      this.#retry = 0;
      this.connect();
    }, ms);
  }

  #since = 0;
  /** @type {Connection['phase'] | null} */
  #phase = null;

  /** @param {Connection['phase']} phase @param {number | null} retryAtMs @param {string | null} reason */
  #tell(phase, retryAtMs, reason) {
    if (phase !== this.#phase) {
      this.#phase = phase;
      this.#since = this.around.now();
    }
    this.connection.emit({ phase, sinceMs: this.#since, retryAtMs, reason });
  }
}

/**
 * @param {() => Promise<string | null>} whyEnded
 * @returns {Surroundings}
 */
export function browserSurroundings(whyEnded) {
  return {
    open: (url, protocol) => new WebSocket(url, protocol),
    now: () => Date.now(),
    random: () => Math.random(),
    later: (run, ms) => window.setTimeout(run, ms),
    cancel: (id) => window.clearTimeout(id),
    // A frame's callbacks run before it is painted; a task queued from there runs after.
    afterPaint: (run) => void requestAnimationFrame(() => window.setTimeout(run, 0)),
    whyEnded,
  };
}
