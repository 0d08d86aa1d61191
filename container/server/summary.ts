import { groupedSummary } from '../contract/groups.ts';
import type { GroupedState } from '../contract/groups.ts';
import type { ResultTable, SummaryRequest } from '../contract/requests.ts';
import type { ParamsSchema } from '../contract/template.ts';
import { parseParams } from '../estimators/options.ts';
import type { Registry } from '../registry/registry.ts';
import { decodeState } from '../registry/state-codec.ts';
import { STATE_FILE } from '../registry/types.ts';
import type { Principal } from '../registry/types.ts';
import type { TemplateFinder } from '../templates/finder.ts';

const NO_OPTIONS: ParamsSchema = { type: 'object', properties: {}, additionalProperties: false };

/** What `summary` prints of a model version. @throws KeplerError */
export async function summarise(
  registry: Registry,
  templates: TemplateFinder,
  request: SummaryRequest,
  principal: Principal,
): Promise<ResultTable> {
  const { id, version } = await registry.resolve(request.model, principal);
  const manifest = await registry.manifest(id, version);
  const template = templates.find(manifest.algorithm, manifest.template?.version);
  const params = parseParams(
    template.summaryParams ?? NO_OPTIONS,
    request.options,
    `summary of ${template.name}`,
  );
  const state = decodeState(await registry.file(id, version, STATE_FILE));
  const { fields, rows } = manifest.by
    ? groupedSummary(template, manifest.by, state as unknown as GroupedState, params)
    : template.summary(state, params);
  return { fields, rows: rows.map((row) => row.map(cell)) };
}

/** The shortest text that reads back as the same number; what is no number is an empty cell. */
function cell(value: string | number | null): string | null {
  if (typeof value !== 'number') return value;
  return Number.isNaN(value) ? null : String(value);
}
