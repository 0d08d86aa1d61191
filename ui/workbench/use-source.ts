import { useCallback, useEffect, useRef, useState } from 'react';
import type { Problem } from '../../container/contract/workbench.ts';
import { api, ApiFailure } from './api.ts';
import { keep, readKept } from './kept.ts';

/** A file that is open: what the folder holds, and what the editor does. */
export interface OpenSource {
  readonly file: string;
  /** As it was when it was read or saved last. */
  readonly saved: string;
  readonly etag: string;
  readonly text: string;
  /** Rises when the editor is to begin anew with `text`. */
  readonly revision: number;
  /** Unsaved changes of an earlier visit were taken up. */
  readonly restored: boolean;
}

export interface SourceDoor {
  readonly source: OpenSource | undefined;
  readonly dirty: boolean;
  readonly failure: ApiFailure | undefined;
  readonly change: (text: string) => void;
  /** Takes a text in place of the editor's. */
  readonly replace: (text: string) => void;
  /** Saves; with `over` also what somebody else has changed. */
  readonly save: (over?: boolean) => Promise<boolean>;
  /** What the folder holds now, without what was not saved. */
  readonly discard: () => void;
  /** Something else has saved the text. */
  readonly stored: (text: string, etag: string) => void;
}

interface Kept {
  readonly etag: string;
  readonly text: string;
}

const keptOf = (file: string): Kept | undefined => {
  try {
    const kept = readKept(`draft.${file}`);
    return kept === undefined ? undefined : (JSON.parse(kept) as Kept);
  } catch {
    // Not what this page has written.
    return undefined;
  }
};

/** Opens a file; what is not saved survives a page that is closed. */
export function useSource(file: string | undefined): SourceDoor {
  const [source, setSource] = useState<OpenSource>();
  const [failure, setFailure] = useState<ApiFailure>();
  const latest = useRef<OpenSource>();
  latest.current = source;

  const open = useCallback((name: string, drafts: boolean) => {
    setFailure(undefined);
    api.source(name).then(
      ({ text, etag }) => {
        const draft = drafts ? keptOf(name) : undefined;
        const restored = draft !== undefined && draft.text !== text;
        if (!restored) keep(`draft.${name}`, undefined);
        setSource((was) => ({
          file: name,
          saved: text,
          // Of what the draft began with: saving it over a later change is refused.
          etag: restored ? draft.etag : etag,
          text: restored ? draft.text : text,
          revision: (was?.revision ?? 0) + 1,
          restored,
        }));
      },
      (error: ApiFailure) => setFailure(error),
    );
  }, []);

  useEffect(() => {
    setSource(undefined);
    if (file !== undefined) open(file, true);
  }, [file, open]);

  const change = useCallback((text: string) => {
    const now = latest.current;
    if (!now || now.text === text) return;
    keep(
      `draft.${now.file}`,
      text === now.saved ? undefined : JSON.stringify({ etag: now.etag, text } satisfies Kept),
    );
    setSource({ ...now, text });
  }, []);

  const replace = useCallback(
    (text: string) => {
      change(text);
      setSource((now) => now && { ...now, text, revision: now.revision + 1 });
    },
    [change],
  );

  const stored = useCallback((text: string, etag: string) => {
    const now = latest.current;
    if (!now) return;
    setFailure(undefined);
    keep(`draft.${now.file}`, now.text === text ? undefined : JSON.stringify({ etag, text: now.text }));
    setSource({ ...now, saved: text, etag, restored: false });
  }, []);

  const save = useCallback(
    async (over = false) => {
      const now = latest.current;
      if (!now) return false;
      const { text } = now;
      try {
        const etag = over ? (await api.source(now.file)).etag : now.etag;
        stored(text, (await api.save(now.file, { text, etag })).etag);
        return true;
      } catch (error) {
        setFailure(error as ApiFailure);
        return false;
      }
    },
    [stored],
  );

  const discard = useCallback(() => {
    if (latest.current) open(latest.current.file, false);
  }, [open]);

  const dirty = source !== undefined && source.text !== source.saved;
  return { source, dirty, failure, change, replace, save, discard, stored };
}

/** What a check of the text says; where it cannot be asked, nothing. */
export function useCheck(file: string): (text: string) => Promise<readonly Problem[]> {
  const under = useRef<AbortController>();
  return useCallback(
    async (text: string) => {
      under.current?.abort();
      const mine = new AbortController();
      under.current = mine;
      try {
        return (await api.check(file, text, mine.signal)).problems;
      } catch (error) {
        // A later check is under way, or the page's own message says why nothing is answered.
        if (mine.signal.aborted || error instanceof ApiFailure) return [];
        throw error;
      }
    },
    [file],
  );
}
