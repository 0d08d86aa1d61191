import type { TellAs } from '../../../container/contract/requests.ts';
import type { OptionReader } from './grammar.ts';

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
