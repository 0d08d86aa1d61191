import { useCallback, useState } from 'react';
import { useDeed, type Deed } from '../../components/index.ts';
import type { TestResult } from './health.ts';

export interface Test {
  readonly deed: Deed;
  readonly result: TestResult | undefined;
  /** Whether the last test went through without a failure. */
  readonly passed: boolean;
  readonly failed: boolean;
  readonly run: (test: () => Promise<TestResult>, then?: (result: TestResult) => void) => void;
  /** Forgets the result: what was tested has changed. */
  readonly forget: () => void;
}

/** A test of what the form holds, and what came of it. */
export function useTest(): Test {
  const deed = useDeed();
  const [result, setResult] = useState<TestResult>();
  const { run: runDeed, clear } = deed;
  const run = useCallback(
    (test: () => Promise<TestResult>, then?: (result: TestResult) => void) => {
      setResult(undefined);
      runDeed(test, (answer) => {
        setResult(answer);
        then?.(answer);
      });
    },
    [runDeed],
  );
  const forget = useCallback(() => {
    setResult(undefined);
    clear();
  }, [clear]);
  return {
    deed,
    result,
    passed: result !== undefined && result.failedAt === undefined,
    failed: result?.failedAt !== undefined || deed.error !== undefined,
    run,
    forget,
  };
}
