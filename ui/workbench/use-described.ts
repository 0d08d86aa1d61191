import { useEffect, useState } from 'react';
import type { DescribeReply } from '../../container/contract/workbench.ts';
import { api } from './api.ts';

/** A pause in typing after which the template is loaded to learn its options. */
const AFTER_MS = 1200;

/** What the text says of itself: kind and options. While it cannot be loaded, what it said last. */
export function useDescribed(file: string | undefined, text: string | undefined): DescribeReply | undefined {
  const [described, setDescribed] = useState<{ file: string; reply: DescribeReply }>();
  useEffect(() => {
    if (file === undefined || text === undefined) return undefined;
    const abort = new AbortController();
    const timer = setTimeout(
      () => {
        api.describe(file, text, abort.signal).then(
          (reply) => setDescribed({ file, reply }),
          // It is being written: the check says what is wrong, and so does a run.
          () => undefined,
        );
      },
      described?.file === file ? AFTER_MS : 0,
    );
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
    // What was described before decides how long is waited, not whether.
  }, [file, text]);
  return described?.file === file ? described?.reply : undefined;
}
