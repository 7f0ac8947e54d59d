// @ts-check
import { formatHex } from '../base/format.js';
import { readWhole } from './hand.js';

/** @typedef {import('./run-status.js').InjectionName} InjectionName */
/** @typedef {import('./run-status.js').RunCommand & {type: 'inject'}} InjectCommand */

/**
 * Something that can be done to a run from outside.
 *
 * @typedef {object} InjectionKind
 * @property {InjectionName} what
 * @property {string} label
 * @property {string} about
 * @property {string[]} actors kinds of actors it can be about
 * @property {string | null} nobody who it is where none is named; null: one must be
 * @property {'none' | 'one' | 'range'} pages
 * @property {boolean} writes whether reading and writing differ
 * @property {(command: InjectCommand, who: string, regionName: (region: number) => string) => string} words
 */

const WORKERS = ['vcpu', 'thread', 'unknown'];

/** @param {InjectCommand} command @param {(region: number) => string} regionName */
const range = ({ region = 0, page = 0, pages = 1 }, regionName) =>
  `${regionName(region)} ${formatHex(page)}${pages > 1 ? `…${formatHex(page + pages - 1)}` : ''}`;

/** @type {readonly InjectionKind[]} */
export const INJECTIONS = [
  {
    what: 'touch', label: 'Touch by a thread', about: 'Somebody else accesses the page: on a page that waits already, a second sleeper for one answer.',
    actors: WORKERS, nobody: 'a new thread', pages: 'one', writes: true,
    words: (command, who, name) => `${who} ${command.write ? 'writes' : 'reads'} ${range(command, name)}`,
  },
  {
    what: 'signal', label: 'Signal', about: 'A signal gets a thread out of the fault; after its handler the access starts anew, and faults anew.',
    actors: WORKERS, nobody: null, pages: 'none', writes: false, words: (_, who) => `Signal to ${who}`,
  },
  {
    what: 'punch-hole', label: 'PUNCH_HOLE', about: 'fallocate takes the pages out of the file: who faulted minor waits for a page that is no more.',
    actors: [], nobody: null, pages: 'range', writes: false, words: (command, _, name) => `PUNCH_HOLE ${range(command, name)}`,
  },
  {
    what: 'dontneed', label: 'MADV_DONTNEED', about: 'Unmaps the pages; a file keeps them, anonymous memory loses them. With EVENT_REMOVE the caller waits until it is read.',
    actors: [], nobody: null, pages: 'range', writes: false, words: (command, _, name) => `MADV_DONTNEED ${range(command, name)}`,
  },
  {
    what: 'remove', label: 'MADV_REMOVE', about: 'Takes the pages out of the file and every page table. With EVENT_REMOVE the caller waits until it is read.',
    actors: [], nobody: null, pages: 'range', writes: false, words: (command, _, name) => `MADV_REMOVE ${range(command, name)}`,
  },
  {
    what: 'kill-handler', label: 'Handler dies', about: 'It answers nothing any more; messages that it had read are lost. The userfaultfd stays open, so who waits waits on.',
    actors: ['handler'], nobody: 'the first handler', pages: 'none', writes: false, words: (_, who) => `${who} dies`,
  },
  {
    what: 'kvm-access', label: 'KVM writes by itself', about: 'KVM writes its clock page through the user mapping: the fault comes from the kernel, and the vCPU sleeps in it.',
    actors: ['vcpu'], nobody: 'the first vCPU', pages: 'one', writes: false, words: (command, who, name) => `KVM writes ${range(command, name)} for ${who}`,
  },
];

/** @param {string} what @returns {InjectionKind} */
export function injectionKind(what) {
  return INJECTIONS.find((each) => each.what === what) ?? INJECTIONS[0];
}

/**
 * @param {InjectionKind} kind
 * @param {import('./messages.js').ActorInfo[]} actors
 * @returns {number[]} indexes of those it can be about
 */
export function actorsFor(kind, actors) {
  return actors.filter((actor) => kind.actors.includes(actor.kind)).map(({ index }) => index);
}

/**
 * @param {{what: string, actor: string, region: string, page: string, pages: string, write: boolean}} draft
 * @returns {InjectCommand | string} or what is wrong
 */
export function injectCommand(draft) {
  const kind = injectionKind(draft.what);
  /** @type {InjectCommand} */
  const command = { type: 'inject', what: kind.what, actor: -1 };
  if (kind.actors.length > 0) {
    if (draft.actor === '') {
      return 'There is nobody yet whom it could be about.';
    }
    command.actor = Number(draft.actor);
  }
  if (kind.pages !== 'none') {
    const page = readWhole(draft.page);
    const pages = kind.pages === 'one' ? 1 : readWhole(draft.pages);
    if (page === null || draft.region === '') {
      return 'First page must be a whole number, as 26 or 0x1a.';
    }
    if (pages === null || pages < 1) {
      return 'Pages must be a whole number from 1 on.';
    }
    command.region = Number(draft.region);
    command.page = page;
    command.pages = pages;
  }
  if (kind.writes) {
    command.write = draft.write;
  }
  return command;
}
