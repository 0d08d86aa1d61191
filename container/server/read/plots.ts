import type { ResultTable } from '../../contract/requests.ts';
import { EVALUATION_FILE, decodeEvaluation } from '../../helpers/metrics/evaluation.ts';
import { plotList, plotTable } from '../../helpers/metrics/plot-table.ts';
import { flagOf, referenceOf, whoseOf } from './provider.ts';
import type { Question } from './provider.ts';

export function asksForPlots({ options }: Question): boolean {
  return options.plot !== undefined || flagOf(options, 'plots');
}

/** The numbers behind one picture of a version, by default the champion's, or the list of pictures that it has. */
export async function plots({ name, options, services, principal }: Question): Promise<ResultTable> {
  const { registry } = services;
  const { id, version } = await registry.resolve(referenceOf(name ?? ''), principal, whoseOf(options));
  const { files } = await registry.manifest(id, version);
  // A version of before evaluations were kept has none.
  const evaluation = Object.hasOwn(files, EVALUATION_FILE)
    ? decodeEvaluation(await registry.file(id, version, EVALUATION_FILE))
    : undefined;
  return options.plot === undefined ? plotList(evaluation) : plotTable(evaluation, options.plot);
}
