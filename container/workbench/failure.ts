import { KeplerError } from '../contract/errors.ts';
import type { Problem, RunFailure } from '../contract/workbench.ts';

/** What went wrong with a template, with the line of its source where the message names one. */
export function asFailure(error: unknown): RunFailure {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  if (!(error instanceof KeplerError)) return { code: 'internal', message, stack };
  const said = error.details?.stack;
  return withLine({ code: error.code, message, ...(typeof said === 'string' && { stack: said }) });
}

/** Messages about templates begin with the file and, where it is known, the line. */
export function withLine(failure: RunFailure): RunFailure {
  const line = /^The template \S+ [\w ]{1,40}, line (\d+)/.exec(failure.message)?.[1];
  return line === undefined ? failure : { ...failure, line: Number(line) };
}

/** The same, as something to be marked in the source. */
export function problemOf(failure: RunFailure): Problem {
  return {
    severity: 'error',
    message: failure.message,
    ...(failure.line !== undefined && { line: failure.line }),
  };
}
