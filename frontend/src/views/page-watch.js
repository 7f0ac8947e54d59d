// @ts-check
import { formatClock, formatCount, formatExactNs, plural } from '../base/format.js';
import { button, el, fillRows, setText, tellEvent } from './dom.js';

/**
 * A page that is watched: everything that changed it, over the whole recording, with what led to it.
 *
 * @param {object} options
 * @param {import('./actions.js').Actions} options.actions
 */
export function createPageWatch({ actions }) {
  const says = el('p', { class: 'fs-quiet', role: 'status' });
  const trouble = el('p', { class: 'fs-state fs-state--error' });
  const list = el('ol', { class: 'fs-chain fs-watched' });
  const more = button({ label: 'More', name: 'Look further', class: 'fs-button fs-button--line', run: () => actions.watchOn() });
  const details = el('details', {}, el('summary', { text: 'Every change of this page' }), says, trouble, list, more);
  details.addEventListener('toggle', () => actions.watchPage(details.open));
  const root = el('section', { class: 'fs-inspector__part', 'aria-label': 'Watch' }, el('h3', { text: 'Watch' }), details);
  let shown = /** @type {unknown[]} */ ([]);

  const line = (/** @type {string} */ more) =>
    el('button', { type: 'button', class: `fs-chain__link ${more}` }, el('span', { class: 'fs-chain__kind' }), el('span', { class: 'fs-chain__text' }), el('span', { class: 'fs-chain__when' }));
  const make = () => {
    const row = el('li', {}, line(''), line('fs-watched__cause'));
    for (const link of /** @type {HTMLElement[]} */ ([...row.children])) {
      link.addEventListener('click', () => actions.seek(Number(link.dataset.event)));
    }
    return row;
  };
  /** @param {HTMLElement} link @param {import('../model/messages.js').ToldEvent | null} event @param {string} kind @param {number} now */
  function fill(link, event, kind, now) {
    const [what, text, when] = link.children;
    tellEvent(link, event?.seq ?? null);
    setText(what, kind);
    setText(text, event?.text ?? 'The recording does not say what led to it.');
    setText(when, event ? `#${formatCount(event.seq)}` : '');
    link.title = event ? `Go to #${event.seq}, ${formatClock(event.timeNs)} (${formatExactNs(event.timeNs)})` : '';
    /** @type {HTMLButtonElement} */ (link).disabled = event === null;
    link.setAttribute('aria-current', String(event?.seq === now));
  }

  return {
    root,
    /** @param {import('../model/view-state.js').ViewState} state */
    update(state) {
      const inputs = [state.changes, state.moment?.seq];
      if (inputs.every((each, i) => each === shown[i])) {
        return;
      }
      shown = inputs;
      const { status, value, error } = state.changes;
      const changes = value?.changes ?? [];
      trouble.hidden = status !== 'failed';
      setText(trouble, error ?? '');
      setText(says, value === null ? '' : changes.length === 0 && value.complete ? 'Nothing changes it in this recording.' : `${value.complete ? '' : '≥ '}${plural(changes.length, 'change')}`);
      more.hidden = value === null || value.complete;
      fillRows(list, changes, make, (row, { event, cause }) => {
        const [did, because] = /** @type {HTMLElement[]} */ ([...row.children]);
        fill(did, event, event.kind.toLowerCase(), state.moment?.seq ?? -1);
        fill(because, cause, 'because', state.moment?.seq ?? -1);
      });
    },
  };
}
