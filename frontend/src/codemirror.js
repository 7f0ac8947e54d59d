// @ts-check

/**
 * The parts of CodeMirror that are used. Its webjars hold modules that ask for each other by bare names; the
 * import map of every page says where those are. This file alone imports by such names.
 */

export { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
export { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
export { bracketMatching, HighlightStyle, indentService, indentUnit, StreamLanguage, syntaxHighlighting } from '@codemirror/language';
export { lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
export { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
export { Annotation, Compartment, Transaction } from '@codemirror/state';
export { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from '@codemirror/view';
export { tags } from '@lezer/highlight';
