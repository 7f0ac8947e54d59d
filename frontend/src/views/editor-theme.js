// @ts-check
import { EditorView } from '../codemirror.js';

const POPUP = { border: '1px solid var(--fs-line-strong)', borderRadius: 'var(--fs-radius)', color: 'var(--fs-ink)', background: 'var(--fs-raised)', boxShadow: '0 6px 20px var(--fs-shadow)' };

/**
 * The editor in this program's tokens, which know light and dark themselves. It stands here and not in a style
 * sheet because the editor's own styles lie in no layer, and win over all that does.
 */
export const EDITOR_THEME = EditorView.theme({
  '&': { height: '100%', color: 'var(--fs-ink)', backgroundColor: 'var(--fs-paper)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { font: '13px/20px var(--fs-mono)', scrollbarWidth: 'thin' },
  '.cm-content': { padding: 'var(--fs-space-2) 0 var(--fs-space-8)', caretColor: 'var(--fs-ink)' },
  '.cm-line': { padding: '0 var(--fs-space-3)' },
  '.cm-cursor': { borderLeftColor: 'var(--fs-ink)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': { background: 'color-mix(in oklab, var(--fs-accent) 30%, transparent)' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in oklab, var(--fs-hover) 60%, transparent)' },
  '.cm-gutters': { borderRight: '1px solid var(--fs-line)', color: 'var(--fs-quiet)', backgroundColor: 'var(--fs-panel)' },
  '.cm-activeLineGutter': { color: 'var(--fs-ink)', backgroundColor: 'var(--fs-hover)' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '36px' },
  '.cm-selectionMatch': { backgroundColor: 'var(--fs-selected)' },
  '.cm-searchMatch': { backgroundColor: 'color-mix(in oklab, var(--fs-warn) 35%, transparent)' },
  '.cm-searchMatch-selected': { outline: '1px solid var(--fs-warn)' },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--fs-selected)', outline: '1px solid var(--fs-line-strong)' },
  '&.cm-focused .cm-nonmatchingBracket': { color: 'var(--fs-bad)', backgroundColor: 'transparent' },
  '.cm-lintRange-error': { backgroundImage: 'none', textDecoration: 'underline wavy var(--fs-bad)', textUnderlineOffset: '3px', backgroundColor: 'color-mix(in oklab, var(--fs-bad) 9%, transparent)' },
  '.cm-lintPoint-error:after': { borderBottomColor: 'var(--fs-bad)' },
  '.cm-lint-marker-error': { content: '""', width: '8px', height: '8px', margin: '6px 4px', borderRadius: '50%', background: 'var(--fs-bad)' },
  '.cm-gutter-lint': { width: '16px' },
  '.cm-gutter-lint .cm-gutterElement': { padding: '0' },
  '.cm-tooltip': POPUP,
  '.cm-diagnostic': { maxWidth: '60ch', padding: 'var(--fs-space-1) var(--fs-space-2)', font: '12px/18px var(--fs-font)' },
  '.cm-diagnostic-error': { borderLeft: '4px solid var(--fs-bad)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { font: '12px/20px var(--fs-mono)', maxHeight: '260px', scrollbarWidth: 'thin' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '1px var(--fs-space-3) 1px var(--fs-space-2)' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { color: 'var(--fs-ink)', background: 'var(--fs-selected)' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.cm-tooltip.cm-completionInfo': { ...POPUP, maxWidth: '44ch', padding: 'var(--fs-space-1) var(--fs-space-2)', font: '12px/18px var(--fs-font)' },
  '.cm-panels': { color: 'var(--fs-ink)', backgroundColor: 'var(--fs-panel)' },
  '.cm-panels.cm-panels-top': { borderBottom: '1px solid var(--fs-line)' },
  '.cm-panels.cm-panels-bottom': { borderTop: '1px solid var(--fs-line)' },
  '.cm-panel.cm-search': { padding: 'var(--fs-space-1) var(--fs-space-3)', font: '12px/20px var(--fs-font)' },
  '.cm-panel.cm-search label, .cm-textfield, .cm-button': { fontSize: '12px' },
  '.cm-panel.cm-search input[type=checkbox]': { margin: '0 4px 0 8px', verticalAlign: 'middle', accentColor: 'var(--fs-accent)' },
  '.cm-textfield': { border: '1px solid var(--fs-line-strong)', borderRadius: 'var(--fs-radius)', color: 'var(--fs-ink)', background: 'var(--fs-paper)' },
  '.cm-button': { border: '1px solid var(--fs-line-strong)', borderRadius: 'var(--fs-radius)', color: 'var(--fs-ink)', backgroundColor: 'var(--fs-raised)', backgroundImage: 'none' },
  '.cm-button:active': { backgroundImage: 'none', backgroundColor: 'var(--fs-hover)' },
  '.cm-panel.cm-search [name=close], .cm-panel.cm-panel-lint [name=close]': { color: 'var(--fs-ink)' },
  '.cm-panel.cm-panel-lint ul [aria-selected]': { color: 'var(--fs-ink)', backgroundColor: 'var(--fs-selected)' },
});
