// @ts-check
import { formatBytes, plural } from '../base/format.js';
import { explorerOf } from '../model/addresses.js';
import { attachmentInWords } from '../model/attachment.js';
import { runInWords } from '../model/run-status.js';
import { button, el } from './dom.js';
import { drawThumbnail } from './thumbnail.js';
import { createPageBar } from './top-bar.js';
import { createWatchSection } from './watch-section.js';

/** @typedef {import('../model/run-status.js').RunStatus} RunStatus */
/** @typedef {import('../model/attachment.js').AttachmentView} AttachmentView */
/** @typedef {import('../model/comparison.js').PolicyChoice} PolicyChoice */

/** The list that a policy's field offers. */
const POLICIES = 'live-policies';

/**
 * Start a guest of ours, wait for one of others, see what runs.
 *
 * @param {HTMLElement} root
 * @param {object} options
 * @param {(guest: Record<string, unknown>) => Promise<void>} options.start
 * @param {(attachment: Record<string, unknown>) => Promise<void>} options.attach
 * @param {(id: string) => void} options.detach
 * @param {(pid: number, rateHz: number) => void} options.watch
 * @param {(id: string) => void} options.stopWatch
 * @param {() => void} options.toggleTheme
 * @param {(id: string) => number[][] | null} options.pictureOf a recording that is over
 * @param {() => import('./palette.js').Palette} options.palette
 * @param {(error: unknown) => string} options.messageOf
 */
export function createLivePage(root, { start, attach, detach, watch, stopWatch, toggleTheme, pictureOf, palette, messageOf }) {
  const running = el('ul', { class: 'fs-live-list' });
  const waiting = el('ul', { class: 'fs-live-list' });
  const watching = createWatchSection({ watch, stop: stopWatch, picture });
  const failed = el('p', { class: 'fs-state fs-state--error', role: 'alert', hidden: true });
  let isOfRefresh = false;
  const policies = el('datalist', { id: POLICIES });
  root.replaceChildren(
    el(
      'div',
      { class: 'fs-start' },
      createPageBar('Live', toggleTheme, el('a', { href: '/probe', text: 'This machine' })),
      el(
        'div',
        { class: 'fs-start__body fs-live-page' },
        failed,
        policies,
        guestForm(start, fail),
        attachForm(attach, fail),
        watching.root,
        section('Attachments', waiting),
        section('Live runs', running),
      ),
    ),
  );

  /** @param {string} id @returns {HTMLCanvasElement | null} its pages, where it is over and they are known */
  function picture(id) {
    const rows = pictureOf(id);
    if (!rows) {
      return null;
    }
    // What differs in nothing stays: other colours have another picture.
    const canvas = el('canvas', { class: 'fs-recording__picture', 'aria-hidden': 'true', 'data-colours': palette().version });
    drawThumbnail(canvas, rows, palette());
    return canvas;
  }

  return {
    /** @param {PolicyChoice[]} choices */
    setPolicies(choices) {
      policies.replaceChildren(...choices.map(({ name, about }) => el('option', { value: name, label: about.replaceAll('`', '') })));
    },
    /**
     * @param {RunStatus[]} runs the newest first
     * @param {AttachmentView[]} attachments
     * @param {import('../model/watching.js').FoundProcesses} processes
     * @param {import('../model/watching.js').WatchStatus[]} watches
     */
    show(runs, attachments, processes, watches) {
      watching.show(processes, watches);
      if (isOfRefresh) {
        failed.hidden = true;
      }
      replace(running, runs.map((run) => runEntry(run, picture(run.id))), 'Nothing has run live since Faultscope started.');
      replace(waiting, attachments.toReversed().map((view) => attachmentEntry(view, runs, detach)), 'No peer is waited for.');
    },
    fail,
    /** What a person asked for was done: an earlier failure is past. */
    succeeded() {
      failed.hidden = true;
    },
  };

  /**
   * @param {unknown} error
   * @param {boolean} [ofRefresh] whether it is over with the next refresh; what a person asked for
   *     and did not get stays to be read
   */
  function fail(error, ofRefresh = false) {
    isOfRefresh = ofRefresh;
    failed.hidden = false;
    failed.textContent = messageOf(error);
  }
}

/** Replaces only what differs, so that a selection and the focus stay. */
/** @param {HTMLElement} list @param {HTMLElement[]} entries @param {string} none */
function replace(list, entries, none) {
  const wanted = entries.length > 0 ? entries : [el('li', { class: 'fs-quiet', text: none })];
  wanted.forEach((entry, index) => {
    const old = list.children[index];
    if (!old) {
      list.append(entry);
    } else if (!old.isEqualNode(entry)) {
      old.replaceWith(entry);
    }
  });
  while (list.children.length > wanted.length) {
    list.lastElementChild?.remove();
  }
}

/** @param {(guest: Record<string, unknown>) => Promise<void>} start @param {(error: unknown) => void} fail */
function guestForm(start, fail) {
  return form('Start a guest', 'In a process of its own. Its threads, or real vCPUs, touch every page once.', 'Start', start, fail, [
    select('memory', 'Memory', { 'memfd minor': 'memfd, minor faults', 'memfd missing': 'memfd, missing faults', 'anon missing': 'anonymous, missing faults' }),
    number('mib', 'Size in MiB', 4, 1, 1024),
    select('workload', 'Who touches it', { touch: 'threads', vcpu: 'KVM vCPUs' }),
    number('workers', 'How many', 1, 1, 8),
    select('pattern', 'Order', { sequential: 'sequential', strided: 'strided', random: 'random' }),
    policyField(),
    text('hold', 'Hold', 'empty: every fault; or page >= 16'),
    check('free', 'Run freely, hold nothing'),
    number('watchdogSeconds', 'Watchdog in s (0: never)', 60, 0, 3600),
  ], (fields) => {
    const [backing, mode] = String(fields.memory).split(' ');
    return {
      backing, mode, mib: fields.mib, workload: fields.workload, workers: fields.workers, pattern: fields.pattern,
      policy: fields.policy, hold: fields.free ? null : fields.hold, watchdogSeconds: fields.watchdogSeconds,
    };
  });
}

/** @param {(attachment: Record<string, unknown>) => Promise<void>} attach @param {(error: unknown) => void} fail */
function attachForm(attach, fail) {
  return form('Attach', 'Wait for Firecracker, or for whoever speaks its handshake, and serve its memory.', 'Listen', attach, fail, [
    text('memory', 'Memory file', '/path/snapshot.mem; empty: zeros'),
    text('socket', 'Socket', 'empty: in a folder of ours'),
    policyField(),
    text('hold', 'Hold', 'empty: every fault; or page >= 16'),
    check('free', 'Run freely, hold nothing', true),
    number('watchdogSeconds', 'Watchdog in s (0: never)', 60, 0, 3600),
    number('peers', 'Peers', 1, 1, 8),
    number('acceptSeconds', 'Wait for each, s', 600, 1, 86400),
    number('handshakeSeconds', 'For its message, s', 10, 1, 60),
  ], ({ free, hold, ...fields }) => ({ ...fields, hold: free ? null : hold }));
}

/**
 * @param {string} title
 * @param {string} about
 * @param {string} label
 * @param {(body: Record<string, unknown>) => Promise<void>} submit
 * @param {(error: unknown) => void} fail
 * @param {HTMLLabelElement[]} fields
 * @param {(fields: Record<string, string | number | boolean>) => Record<string, unknown>} body
 */
function form(title, about, label, submit, fail, fields, body) {
  const send = el('button', { class: 'fs-button fs-button--primary', text: label });
  const element = el('form', { class: 'fs-live-form', 'aria-label': title }, el('h2', { text: title }), el('p', { class: 'fs-quiet', text: about }), el('div', { class: 'fs-live-form__fields' }, ...fields), send);
  element.addEventListener('submit', (event) => {
    event.preventDefault();
    /** @type {Record<string, string | number | boolean>} */
    const values = {};
    for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (element.querySelectorAll('[name]'))) {
      values[input.name] = input.type === 'checkbox' ? input.checked : input.type === 'number' ? Number(input.value) : input.value.trim();
    }
    send.disabled = true;
    submit(body(values)).catch(fail).finally(() => {
      send.disabled = false;
    });
  });
  return element;
}

/** @param {string} name @param {string} label @param {Record<string, string>} options */
function select(name, label, options) {
  return el('label', {}, el('span', { text: label }), el('select', { name }, ...Object.entries(options).map(([value, shown]) => el('option', { value, text: shown }))));
}

/** @param {string} name @param {string} label @param {number} value @param {number} min @param {number} max */
function number(name, label, value, min, max) {
  return el('label', {}, el('span', { text: label }), el('input', { type: 'number', name, value, min, max, required: true }));
}

/** @param {string} name @param {string} label @param {string} placeholder */
function text(name, label, placeholder) {
  return el('label', {}, el('span', { text: label }), el('input', { name, placeholder, spellcheck: 'false' }));
}

/** A policy is chosen by name, or written with its settings. */
function policyField() {
  const title = 'A name, or a name with settings: batch:16, batch:before=8,after=7, working-set:recording=ID. The list has every policy.';
  return el('label', { title }, el('span', { text: 'Policy' }), el('input', { name: 'policy', value: 'on-demand', required: true, autocomplete: 'off', spellcheck: 'false', list: POLICIES }));
}

/** @param {string} name @param {string} label @param {boolean} [checked] */
function check(name, label, checked = false) {
  return el('label', { class: 'fs-live-form__check' }, el('input', { type: 'checkbox', name, checked }), el('span', { text: label }));
}

/** @param {string} title @param {HTMLElement} list */
function section(title, list) {
  return el('section', { class: 'fs-start__section' }, el('h2', { text: title }), list);
}

/** @param {RunStatus} status @param {HTMLCanvasElement | null} picture */
function runEntry(status, picture) {
  const peer = status.live?.peer;
  return el(
    'li',
    { class: 'fs-live-entry', 'data-run': status.id, 'data-phase': status.phase },
    picture,
    el('a', { href: explorerOf(status.id), text: status.title }),
    el('p', { class: 'fs-live-entry__state', text: runInWords(status) }),
    peer ? el('p', { class: 'fs-quiet', text: `${peer.name}, pid ${peer.pid}, uid ${peer.uid}, gid ${peer.gid}; ${formatBytes(peer.bytes)} in ${plural(peer.regions, 'region')}` }) : null,
  );
}

/** @param {AttachmentView} view @param {RunStatus[]} runs @param {(id: string) => void} detach */
function attachmentEntry(view, runs, detach) {
  const listens = view.state === 'waiting' || view.state === 'serving';
  return el(
    'li',
    { class: 'fs-live-entry', 'data-attachment': view.id, 'data-phase': view.state },
    el('p', { class: 'fs-live-entry__state', text: `${attachmentInWords(view)} ${view.policy}, ${view.memory || 'zeros'}; ${plural(view.peers, 'peer')}, ${view.acceptSeconds} s each to come, ${view.handshakeSeconds} s for the handshake` }),
    listens ? el('p', { class: 'fs-quiet', text: 'To restore a Firecracker snapshot send to its API socket:' }) : null,
    listens ? el('pre', { class: 'fs-live-entry__request', text: `PUT /snapshot/load\n${view.request}` }) : null,
    ...view.refused.map((why) => el('p', { class: 'fs-quiet', text: `Sent away: ${why}` })),
    ...runs.filter(({ id }) => view.runs.includes(id)).map((run) => el('p', {}, el('a', { href: explorerOf(run.id), text: run.title }), ` · ${runInWords(run)}`)),
    listens ? button({ name: `Stop listening at ${view.socket}`, label: 'Stop', class: 'fs-button fs-button--line', run: () => detach(view.id) }) : null,
  );
}
