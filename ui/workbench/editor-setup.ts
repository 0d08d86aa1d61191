/** How the editor looks and works: the parts of CodeMirror that the workbench uses, in the theme's own colours. */
import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { javascript } from '@codemirror/lang-javascript';
import { python } from '@codemirror/lang-python';
import {
  HighlightStyle,
  bracketMatching,
  foldGutter,
  foldKeymap,
  indentOnInput,
  syntaxHighlighting,
} from '@codemirror/language';
import { lintGutter, lintKeymap } from '@codemirror/lint';
import { EditorState, type Extension } from '@codemirror/state';
import {
  EditorView,
  drawSelection,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { t } from '../i18n/index.ts';
import { nonce } from './nonce.ts';

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier, tags.operatorKeyword], color: 'var(--k-series-2)' },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: 'var(--k-series-7)' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: 'var(--k-series-1)' },
  { tag: [tags.typeName, tags.className], color: 'var(--k-series-1)' },
  {
    tag: [tags.function(tags.variableName), tags.function(tags.propertyName)],
    color: 'var(--k-text-strong)',
  },
  { tag: tags.comment, color: 'var(--k-text)', fontStyle: 'italic' },
  { tag: tags.invalid, color: 'var(--k-negative)' },
]);

const look = EditorView.theme({
  '&': {
    height: '100%',
    color: 'var(--k-text-strong)',
    backgroundColor: 'var(--k-section)',
    fontSize: '13px',
  },
  '.cm-scroller': { fontFamily: 'var(--k-mono)', lineHeight: '20px' },
  '&.cm-focused': { outline: '2px solid var(--k-focus)', outlineOffset: '-2px' },
  '.cm-content': { caretColor: 'var(--k-text-strong)' },
  '.cm-cursor': { borderLeftColor: 'var(--k-text-strong)' },
  '.cm-gutters': {
    backgroundColor: 'var(--k-section)',
    color: 'var(--k-text)',
    borderRight: '1px solid var(--k-border)',
  },
  '.cm-activeLine': { backgroundColor: 'transparent', boxShadow: 'inset 0 0 0 1px var(--k-border)' },
  '.cm-activeLineGutter': { backgroundColor: 'var(--k-hover)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--k-selected)',
  },
  '.cm-tooltip': {
    border: '1px solid var(--k-border)',
    backgroundColor: 'var(--k-popup)',
    color: 'var(--k-text-strong)',
  },
  '.cm-panels': { backgroundColor: 'var(--k-popup)', color: 'var(--k-text-strong)' },
  '.cm-diagnostic': { fontFamily: 'var(--k-sans)' },
});

/** Words of CodeMirror that are read aloud or shown. */
const phrases = (): Record<string, string> => ({
  'Fold line': t('Fold line'),
  'Unfold line': t('Unfold line'),
  'No diagnostics': t('No problems'),
  Diagnostics: t('Problems'),
  close: t('Close'),
  Completions: t('Completions'),
});

/** Everything but the text and what is done with it. */
export function editorExtensions(file: string, commands: { save(): void; run(): void }): Extension[] {
  return [
    EditorView.cspNonce.of(nonce),
    EditorState.phrases.of(phrases()),
    EditorView.contentAttributes.of({
      'aria-label': t('Source of {file}', { file }),
      'aria-describedby': 'editor-keys',
      tabindex: '0',
    }),
    keymap.of([
      { key: 'Mod-s', preventDefault: true, run: () => (commands.save(), true) },
      { key: 'Mod-Enter', preventDefault: true, run: () => (commands.run(), true) },
    ]),
    lineNumbers(),
    highlightActiveLineGutter(),
    foldGutter(),
    history(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    autocompletion(),
    highlightActiveLine(),
    lintGutter(),
    EditorState.tabSize.of(file.endsWith('.py') ? 4 : 2),
    file.endsWith('.py') ? python() : javascript({ typescript: /\.m?ts$/.test(file) }),
    syntaxHighlighting(colours),
    look,
    keymap.of([
      ...closeBracketsKeymap,
      ...defaultKeymap,
      ...historyKeymap,
      ...foldKeymap,
      ...completionKeymap,
      ...lintKeymap,
      indentWithTab,
    ]),
  ];
}
