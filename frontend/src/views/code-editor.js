// @ts-check
import {
  Annotation, autocompletion, bracketMatching, closeBrackets, closeBracketsKeymap, Compartment, completionKeymap, defaultKeymap,
  drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, HighlightStyle, highlightSelectionMatches,
  history, historyKeymap, indentService, indentUnit, keymap, lineNumbers, lintGutter, lintKeymap, search, searchKeymap, setDiagnostics,
  StreamLanguage, syntaxHighlighting, tags, Transaction,
} from '../codemirror.js';
import { completionsAt } from '../model/scenario-completion.js';
import { indentationAfter, offsetOf, problemSpan, tokensOf } from '../model/scenario-text.js';
import { el, setText } from './dom.js';
import { EDITOR_THEME } from './editor-theme.js';

/** @typedef {import('../model/scenario-text.js').Problem} Problem */
/** @typedef {import('../model/scenario-text.js').Token} Token */
/** @typedef {import('../model/scenario-completion.js').ScenarioSchema} ScenarioSchema */

/** A change that nobody typed. */
const given = Annotation.define();

/** Our own tokens: numbers have units, and keys stand in braces as often as in lines. */
const scenarioLanguage = StreamLanguage.define({
  name: 'scenario',
  startState: () => ({ line: '', tokens: /** @type {Token[]} */ ([]) }),
  token(stream, state) {
    if (stream.sol()) {
      state.line = stream.string;
      state.tokens = tokensOf(stream.string);
    }
    const token = state.tokens.shift();
    stream.pos += token?.text.length ?? stream.string.length;
    return token ? { comment: 'comment', key: 'propertyName', text: 'string', number: 'number', mark: 'punctuation', plain: null }[token.kind] : null;
  },
  copyState: ({ line, tokens }) => ({ line, tokens: [...tokens] }),
  languageData: { commentTokens: { line: '#' } },
});

const colours = HighlightStyle.define([
  { tag: tags.comment, class: 'fs-code__comment' },
  { tag: tags.propertyName, class: 'fs-code__key' },
  { tag: tags.string, class: 'fs-code__text' },
  { tag: tags.number, class: 'fs-code__digit' },
  { tag: tags.punctuation, class: 'fs-code__mark' },
]);

/**
 * A scenario's text with colours, line numbers, undo, find, its mistakes in their places, and completion. Tab
 * leaves it.
 *
 * @param {object} options
 * @param {string} options.label
 * @param {string} options.describedBy id of what says its mistakes in words
 * @param {() => ScenarioSchema | null} options.schema null as long as it is not known
 * @param {(text: string) => void} options.changed
 */
export function createCodeEditor({ label, describedBy, schema, changed }) {
  const root = el('div', { class: 'fs-code' });
  const place = el('span', { class: 'fs-code__place' });
  const attributes = new Compartment();
  const attributesWith = (/** @type {boolean} */ wrong) =>
    EditorView.contentAttributes.of({ 'aria-label': label, 'aria-describedby': describedBy, 'aria-invalid': String(wrong), spellcheck: 'false', autocapitalize: 'off' });
  const view = new EditorView({
    parent: root,
    extensions: [
      EditorView.cspNonce.of(/** @type {HTMLScriptElement | null} */ (document.querySelector('script[type=importmap]'))?.nonce ?? ''),
      EDITOR_THEME,
      lineNumbers(),
      lintGutter(),
      history(),
      drawSelection(),
      highlightActiveLine(),
      highlightActiveLineGutter(),
      highlightSelectionMatches(),
      bracketMatching(),
      closeBrackets(),
      search({ top: true }),
      scenarioLanguage,
      syntaxHighlighting(colours),
      indentUnit.of('  '),
      indentService.of((context, pos) => {
        const { text, from } = context.lineAt(pos, -1);
        return indentationAfter(text.slice(0, pos - from));
      }),
      autocompletion({ override: [complete], icons: false }),
      // The page itself has Ctrl Enter.
      keymap.of([...closeBracketsKeymap, ...completionKeymap, ...lintKeymap, ...searchKeymap, ...historyKeymap, ...defaultKeymap.filter(({ key }) => key !== 'Mod-Enter')]),
      attributes.of(attributesWith(false)),
      EditorView.updateListener.of((update) => {
        if (update.docChanged || update.selectionSet) {
          tellPlace();
        }
        if (update.docChanged && !update.transactions.some((each) => each.annotation(given))) {
          changed(update.state.doc.toString());
        }
      }),
    ],
  });
  tellPlace();

  return {
    root,
    place,
    get text() {
      return view.state.doc.toString();
    },
    /** @param {string} text */
    setText(text) {
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: text },
        selection: { anchor: 0 },
        annotations: [given.of(true), Transaction.addToHistory.of(view.state.doc.length > 0)],
      });
    },
    /** @param {Problem[]} found */
    setProblems(found) {
      const text = view.state.doc.toString();
      view.dispatch(
        setDiagnostics(view.state, found.map((problem) => ({ ...rangeOf(text, problem), severity: 'error', message: problem.message }))),
        { effects: attributes.reconfigure(attributesWith(found.length > 0)) },
      );
    },
    /** Puts the caret where something is, and shows it. @param {number} line @param {number} column */
    goTo(line, column) {
      const { from, to } = rangeOf(view.state.doc.toString(), { line, column });
      view.dispatch({ selection: { anchor: from, head: to }, effects: EditorView.scrollIntoView(from, { y: 'center' }) });
      view.focus();
    },
    focus: () => view.focus(),
  };

  function tellPlace() {
    const { head } = view.state.selection.main;
    const line = view.state.doc.lineAt(head);
    setText(place, `Line ${line.number}, column ${head - line.from + 1}`);
  }

  /**
   * @param {import('@codemirror/autocomplete').CompletionContext} context
   * @returns {import('@codemirror/autocomplete').CompletionResult | null}
   */
  function complete(context) {
    const known = schema();
    // Where nothing is written yet, only who asks is told: a list at every line's end is in the way.
    const found = known && (context.explicit || context.matchBefore(/[\w-]+$|[{[,:]\s?$/)) ? completionsAt(known, context.state.doc.toString(), context.pos) : null;
    return found && {
      from: found.from,
      validFor: /^[\w-]*$/,
      options: found.options.map(({ text, kind, about }) => ({
        label: text,
        info: about || undefined,
        apply: kind === 'key' ? `${text}: ` : text,
        type: kind === 'key' ? 'property' : 'constant',
      })),
    };
  }
}

/**
 * @param {string} text
 * @param {{line: number, column: number}} problem
 * @returns {{from: number, to: number}}
 */
function rangeOf(text, { line, column }) {
  const span = problemSpan(text.split('\n')[line - 1] ?? '', column);
  const from = Math.min(offsetOf(text, line, span.from + 1), text.length);
  return { from, to: Math.min(text.length, from + span.to - span.from) };
}
