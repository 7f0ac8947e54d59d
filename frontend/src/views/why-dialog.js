// @ts-check
import { formatClock, formatCount, formatDuration, formatExactNs, plural } from '../base/format.js';
import { arrowOf, gapInWords, handlerInWords, otherInWords, othersInWords, partsInWords } from '../model/fault-story.js';
import { button, el, svg } from './dom.js';

/** @typedef {import('../model/messages.js').FaultStory} FaultStory */
/** @typedef {import('../model/messages.js').StoryStep} StoryStep */
/** @typedef {import('../model/messages.js').ToldStory} ToldStory */
/** @typedef {import('../model/fault-story.js').StoryQuestion} StoryQuestion */

const STEP = '.fs-why__step';

/**
 * The fault behind what is selected, drawn as a sequence between those who took part in it.
 *
 * @param {object} options
 * @param {(question: StoryQuestion) => Promise<ToldStory>} options.ask
 * @param {(seq: number) => void} options.seek
 * @param {(text: string) => void} options.copy
 */
export function createWhyDialog({ ask, seek, copy }) {
  let told = /** @type {ToldStory | null} */ (null);
  let asking = 0;
  /** @param {string} label @param {'text' | 'mermaid' | 'plantuml'} form */
  const copier = (label, form) => button({ name: label, label, run: () => told && copy(told[form]) });
  const copiers = [copier('Copy text', 'text'), copier('Copy Mermaid', 'mermaid'), copier('Copy PlantUML', 'plantuml')];
  const title = el('h2', { id: 'why-title', tabindex: -1, text: 'Why?' });
  const about = el('p', { class: 'fs-why__about' });
  const trouble = el('p', { class: 'fs-why__trouble', role: 'alert' });
  const lanes = el('div', { class: 'fs-why__lanes' });
  const steps = el('ol', { class: 'fs-why__steps' });
  const parts = el('dl', { class: 'fs-why__parts' });
  const meanwhile = el('section', { class: 'fs-why__meanwhile', 'aria-labelledby': 'why-meanwhile' });
  const remarks = el('ul', { class: 'fs-why__remarks' });
  const story = el('div', { class: 'fs-why__story' }, lanes, steps, parts, meanwhile, remarks);
  const dialog = el(
    'dialog',
    { class: 'fs-dialog fs-why', 'aria-labelledby': 'why-title' },
    el(
      'div',
      { class: 'fs-why__head' },
      el('div', { class: 'fs-why__what' }, title, about),
      el('div', { class: 'fs-why__tools' }, ...copiers, button({ name: 'Close (Esc)', label: 'Close', run: () => dialog.close() })),
    ),
    trouble,
    story,
  );
  document.body.append(dialog);
  dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
  steps.addEventListener('keydown', (event) => {
    const all = /** @type {HTMLElement[]} */ ([...steps.querySelectorAll(STEP)]);
    const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (at >= 0 && to !== undefined) {
      all[Math.max(0, Math.min(all.length - 1, to))].focus();
      event.preventDefault();
    }
  });

  /** @param {StoryQuestion} question */
  async function open(question) {
    const own = ++asking;
    told = null;
    title.textContent = 'Why?';
    about.textContent = 'Asking…';
    trouble.textContent = '';
    story.hidden = true;
    copiers.forEach((each) => (each.disabled = true));
    if (!dialog.open) {
      dialog.showModal();
    }
    title.focus();
    try {
      const answer = await ask(question);
      if (own === asking) {
        told = answer;
        show(answer.story);
      }
    } catch (error) {
      if (own === asking) {
        about.textContent = '';
        trouble.textContent = error instanceof Error ? error.message : String(error);
      }
    }
  }

  /** @param {FaultStory} shown */
  function show(shown) {
    title.textContent = `Why? #${formatCount(shown.about)}`;
    about.textContent = shown.title;
    copiers.forEach((each) => (each.disabled = false));
    story.hidden = false;
    story.style.setProperty('--lanes', String(shown.participants.length));
    lanes.replaceChildren(
      el('span'),
      el('div', { class: 'fs-why__diagram' }, ...shown.participants.map(({ role, name }) => el('span', { class: 'fs-why__lane' }, el('b', { text: role }), name ? el('span', { text: name }) : null))),
    );
    steps.replaceChildren(...shown.steps.map((step) => el('li', {}, drawStep(shown, step))));
    parts.replaceChildren(
      ...(shown.parts ? partsInWords(shown.parts) : []).map(({ name, ns, text }) =>
        el('div', {}, el('dt', { text: name }), el('dd', { text, title: ns === null ? null : formatExactNs(ns) })),
      ),
    );
    parts.hidden = shown.parts === null;
    meanwhile.replaceChildren(...(shown.meanwhile ? drawMeanwhile(shown.meanwhile) : []));
    meanwhile.hidden = shown.meanwhile === null;
    remarks.replaceChildren(...shown.remarks.map(({ text, seq }) => el('li', {}, seq === null ? text : storyButton(text, seq))));
    remarks.hidden = shown.remarks.length === 0;
    const at = /** @type {HTMLElement | null} */ (steps.querySelector('[aria-current]'));
    (at ?? title).focus();
  }

  /** @param {string} text @param {number} seq */
  const storyButton = (text, seq) => button({ name: `Tell the story of #${formatCount(seq)}`, label: text, class: 'fs-why__remark', run: () => void open({ seq }) });

  /** @param {import('../model/messages.js').Meanwhile} during */
  function drawMeanwhile({ fromNs, toNs, over, lookedAt, handlers, otherHandlers, others }) {
    const ns = toNs - fromNs;
    const rows = handlers.map((handler) => {
      const { shares, text } = handlerInWords(handler);
      const bar = el('span', { class: 'fs-why__shares', 'aria-hidden': 'true' }, ...shares.map(({ activity, ns: spent }) => {
        const share = el('span', { class: `fs-why__share fs-why__share--${activity}` });
        share.style.flexGrow = String(spent);
        return share;
      }));
      return el('li', {}, el('b', { text: handler.name }), bar, el('span', { text }));
    });
    return [
      el('h3', { id: 'why-meanwhile', text: over ? `Meanwhile (${formatDuration(ns)})` : `Meanwhile (${formatDuration(ns)} so far)`, title: formatExactNs(ns) }),
      el('ul', { class: 'fs-why__handlers' }, ...rows),
      otherHandlers > 0 ? el('p', { text: `and ${plural(otherHandlers, 'more handler')}` }) : null,
      el('p', { text: othersInWords(others) }),
      el('ul', { class: 'fs-why__others' }, ...others.longest.map((other) => el('li', {}, storyButton(otherInWords(other), other.seq)))),
      lookedAt === null ? null : el('p', { text: `Messages, calls and waits are counted as far as #${formatCount(lookedAt)}.` }),
    ].filter((each) => each !== null);
  }

  /** @param {FaultStory} shown @param {StoryStep} step */
  function drawStep(shown, step) {
    const { first, last, way } = arrowOf(shown, step);
    const { seq, timeNs } = step;
    const arrow = el('span', { class: `fs-why__arrow fs-why__arrow--${way}`, 'aria-hidden': 'true' });
    arrow.style.gridColumn = `${first + 1} / ${last + 2}`;
    arrow.style.setProperty('--span', String(last - first + 1));
    if (seq !== null) {
      arrow.append(svg('svg', { viewBox: '0 0 8 8', class: 'fs-why__tip' }, svg('path', { d: way === 'right' ? 'M0 0 8 4 0 8z' : 'M8 0 0 4 8 8z' })));
    }
    arrow.classList.toggle('fs-why__arrow--inferred', step.inferred);
    const middle = (first + last + 1) / 2 / shown.participants.length;
    const side = middle < 0.4 ? 'start' : middle > 0.6 ? 'end' : 'center';
    const label = el('span', { class: `fs-why__label fs-why__label--${side}` }, el('span', { text: step.linked || seq === null ? step.text : `${step.text} (cause not recorded)` }));
    const lines = shown.participants.map((_, column) => {
      const line = el('span', { class: 'fs-why__line' });
      line.style.gridColumn = String(column + 1);
      return line;
    });
    const drawing = el('span', { class: 'fs-why__diagram' }, ...lines, label, arrow);
    const gap = el('span', { class: 'fs-why__gap' }, el('span', { text: gapInWords(step), title: step.gapNs === null ? null : `${formatExactNs(step.gapNs)} after the step before` }));
    if (seq === null || timeNs === null) {
      return el('div', { class: 'fs-why__row fs-why__row--missing' }, gap, drawing);
    }
    gap.append(el('span', { class: 'fs-why__seq', text: `#${formatCount(seq)}` }));
    const row = el(
      'button',
      { type: 'button', class: 'fs-why__row fs-why__step', title: `Go to #${seq}, ${formatClock(timeNs)} (${formatExactNs(timeNs)})${step.inferred ? '; inferred, not in the source' : ''}`, 'aria-current': seq === shown.event ? 'step' : null, 'data-seq': seq },
      gap,
      drawing,
    );
    row.addEventListener('click', () => {
      dialog.close();
      seek(seq);
    });
    return row;
  }

  return {
    get isOpen() {
      return dialog.open;
    },
    /** Asks, and draws the answer. @param {StoryQuestion} question */
    open: (question) => void open(question),
  };
}
