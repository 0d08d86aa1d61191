import type { TellAs } from '../../../container/contract/requests.ts';
import type { OptionReader } from './grammar.ts';

/** Options of `fit` and `apply` that say under which names, and where, telemetry tells of the search. */
export const TELL_OPTIONS = ['project', 'use_case', 'index'] as const;

/** Undefined where none of them is given. */
export function readTell(reader: OptionReader): TellAs | undefined {
  const project = reader.text('project');
  const useCase = reader.text('use_case');
  const index = reader.text('index');
  if (project === undefined && useCase === undefined && index === undefined) return undefined;
  return {
    ...(project !== undefined && { project }),
    ...(useCase !== undefined && { useCase }),
    ...(index !== undefined && { index }),
  };
}
