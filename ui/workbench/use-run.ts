import { useCallback, useEffect, useRef, useState } from 'react';
import type { RunLog, RunRequest, RunResult } from '../../container/contract/workbench.ts';
import { api, listen, type ApiFailure } from './api.ts';

/** A run under way, as far as it has come. */
export interface Running {
  readonly run: string;
  readonly stage: string;
  readonly share: number | undefined;
  readonly logs: readonly RunLog[];
  readonly stopping: boolean;
}

export interface RunDoor {
  readonly running: Running | undefined;
  /** The last runs of the file, the newest first. */
  readonly results: readonly RunResult[];
  readonly failure: ApiFailure | undefined;
  readonly start: (request: RunRequest) => void;
  readonly stop: () => void;
}

/** Runs the open file, and keeps what came of its last two runs. */
export function useRun(file: string | undefined): RunDoor {
  const [running, setRunning] = useState<Running>();
  const [results, setResults] = useState<readonly RunResult[]>([]);
  const [failure, setFailure] = useState<ApiFailure>();
  const leave = useRef<() => void>();

  useEffect(() => {
    setResults([]);
    setFailure(undefined);
    if (file === undefined) return undefined;
    let gone = false;
    api.results(file).then(
      (found) => !gone && setResults((now) => (now.length > 0 ? now : found)),
      () => undefined, // The list of templates, asked all the time, says what is wrong.
    );
    return () => {
      gone = true;
      leave.current?.();
      setRunning(undefined);
    };
  }, [file]);

  const start = useCallback((request: RunRequest) => {
    setFailure(undefined);
    setRunning({ run: '', stage: 'checking the source', share: undefined, logs: [], stopping: false });
    api.run(request).then(
      ({ run }) => {
        setRunning((now) => now && { ...now, run });
        leave.current = listen(run, (event) => {
          if (event.kind === 'end') {
            setRunning(undefined);
            setResults((before) => [event.result, ...before].slice(0, 2));
          } else if (event.kind === 'stage') {
            setRunning((now) => now && { ...now, stage: event.stage, share: event.share });
          } else setRunning((now) => now && { ...now, logs: [...now.logs, event.log] });
        });
      },
      (error: ApiFailure) => {
        setRunning(undefined);
        setFailure(error);
      },
    );
  }, []);

  const stop = useCallback(() => {
    setRunning((now) => {
      if (now && now.run !== '' && !now.stopping) api.stop(now.run).catch(setFailure);
      return now && { ...now, stopping: true };
    });
  }, []);

  return { running, results, failure, start, stop };
}
