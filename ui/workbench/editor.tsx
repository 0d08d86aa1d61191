import { linter, forceLinting, type Diagnostic } from '@codemirror/lint';
import { EditorState, type Text } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { useEffect, useRef, useState, type ReactElement } from 'react';
import type { Problem } from '../../container/contract/workbench.ts';
import { t } from '../i18n/index.ts';
import { editorExtensions } from './editor-setup.ts';

/** A pause in typing after which the source is checked. */
const CHECK_AFTER_MS = 350;

export interface EditorProps {
  readonly file: string;
  /** What the editor begins with; it begins anew when `revision` changes. */
  readonly text: string;
  readonly revision: number;
  /** Problems that were found otherwise, by a run; they stand until the text is changed. */
  readonly found: readonly Problem[];
  readonly check: (text: string) => Promise<readonly Problem[]>;
  readonly onChange: (text: string) => void;
  readonly onSave: () => void;
  readonly onRun: () => void;
  /** A line to go to; again with each new object. */
  readonly goTo: { readonly line: number } | undefined;
}

/** The source, checked as one types. */
export function Editor(props: EditorProps): ReactElement {
  const { file, revision, found, goTo } = props;
  const [element, setElement] = useState<HTMLElement | null>(null);
  const [view, setView] = useState<EditorView | null>(null);
  // The editor lives longer than what it was last drawn with.
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    if (!element) return undefined;
    const created = new EditorView({
      parent: element,
      state: EditorState.create({
        doc: latest.current.text,
        extensions: [
          editorExtensions(file, {
            save: () => latest.current.onSave(),
            run: () => latest.current.onRun(),
          }),
          linter(
            async ({ state: { doc } }) => {
              const problems = await latest.current.check(doc.toString());
              return [...problems, ...latest.current.found].map((problem) => diagnosticOf(problem, doc));
            },
            { delay: CHECK_AFTER_MS },
          ),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    setView(created);
    return () => {
      created.destroy();
      setView(null);
    };
  }, [element, file, revision]);

  useEffect(() => {
    if (view) forceLinting(view);
  }, [view, found]);

  useEffect(() => {
    if (!view || !goTo) return;
    const { from } = view.state.doc.line(Math.min(Math.max(1, goTo.line), view.state.doc.lines));
    view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) });
    view.focus();
  }, [view, goTo]);

  return (
    <>
      <div ref={setElement} className="w-editor" />
      <p id="editor-keys" className="k-hidden">
        {t('Tab indents; press Escape, then Tab, to leave the editor.')}
      </p>
    </>
  );
}

/** Lines and columns from 1 as places in the text; what has no place stands at its beginning. */
function diagnosticOf(
  { line = 1, column, endLine, endColumn, severity, message }: Problem,
  doc: Text,
): Diagnostic {
  const place = (at: number, of: number | undefined, otherwise: 'from' | 'to'): number => {
    const found = doc.line(Math.min(Math.max(1, at), doc.lines));
    return of === undefined ? found[otherwise] : Math.min(found.from + Math.max(0, of - 1), found.to);
  };
  const from = place(line, column, 'from');
  const to = Math.max(from, place(endLine ?? line, endColumn, 'to'));
  return { from, to, severity, message };
}
