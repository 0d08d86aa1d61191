import { KeplerError } from '../contract/errors.ts';
import type { GroupedState } from '../contract/groups.ts';
import type { Message } from '../contract/requests.ts';
import type { Preparation } from '../contract/table.ts';
import type { OutputColumn, Params, State, Target, Template, TemplateContext } from '../contract/template.ts';
import type { Manifest } from '../registry/types.ts';
import { byCodePoint } from '../table/code-point.ts';
import { GroupScorer } from '../table/group-scorer.ts';
import type { Prepared } from '../table/prepare.ts';
import { levelsOfField } from '../table/prepare-raw.ts';
import { nameOutputs } from '../table/scatter.ts';
import { fitGroups } from './fit-groups.ts';
import type { FitJob, FitResult } from './fit-job.ts';
import { groupRows, rowsByGroup } from './group-rows.ts';
import type { Grouping } from './group-rows.ts';
import { groupedState } from './model-cache.ts';
import type { LoadedModel } from './model-cache.ts';
import { hasAnswer, hasTarget } from './measurable.ts';
import { storeVersion } from './store-version.ts';
import { trainingMetrics } from './training-metrics.ts';

interface Training {
  readonly template: Template;
  readonly params: Params;
  readonly prepared: Prepared;
  /** The version that partial_fit goes on from. */
  readonly before: LoadedModel | undefined;
  readonly context: TemplateContext;
  readonly messages: readonly Message[];
  readonly metrics: Record<string, number>;
}

/** Worker: trains a model a group, scores every row by its group's, and stores all of them as one version. */
export async function finishGrouped(job: FitJob, training: Training): Promise<FitResult> {
  const { spec, memory, control } = job;
  const { template, params, prepared, before, context, messages, metrics } = training;
  const started = performance.now();
  const grouping = groupRows(job.table, spec.by, prepared.complete, (text) => context.warn(text));
  const earlier = before && groupedState(before);
  const fitted = await fitGroups(template, params, prepared, grouping, earlier, context);
  control.check();
  const trainedAt = performance.now();
  job.teller.stage('predicting all rows');
  metrics.groups = fitted.state.groups.length;
  metrics.trained_rows = fitted.trainedRows;
  metrics.train_ms = trainedAt - started;

  if (spec.into) assertSummaryHasRoom(template, spec.by, fitted.state);
  const preparation = withGroups(prepared.preparation, spec.by, fitted.state);
  const scorer = new GroupScorer(memory, template, fitted.state, preparation, spec.by, {}, false, (i) =>
    levelsOfField(prepared, i),
  );
  const plain = scorer.empty(job.table.rows);
  const complete = new Uint8Array(job.table.rows);
  const columns = prepared.fields.map((field) => (field.kind === 'number' ? field.values : field.codes));
  const rows = rowsByGroup(grouping);
  fitted.places.forEach((place, group) => {
    control.check();
    if (place < 0) return;
    scorer.scoreGroup(
      place,
      columns,
      rows.order.subarray(rows.starts[group], rows.starts[group + 1]),
      plain,
      complete,
    );
  });
  const names = nameOutputs(
    plain.map(({ name }) => name),
    spec.as,
    template.rename,
  );
  const outputs = plain.map((output, k) => ({ ...output, name: names[k] }));
  const quality = qualityOf(prepared, grouping, fitted.places, plain);
  metrics.score_ms = performance.now() - trainedAt;
  const version = spec.into
    ? await storeVersion(job, template, before, {
        state: fitted.state as unknown as State,
        params: before ? before.manifest.params : params,
        preparation,
        by: spec.by,
        target: prepared.target,
        trainedRows: fitted.trainedRows,
        metrics: quality,
        evaluation: {
          format: 1,
          measuredOn: 'training',
          rows: fitted.trainedRows,
          note: 'A model of groups has metrics over all groups, and no pictures.',
        },
      })
    : undefined;
  return { messages, metrics, version, outputs, complete };
}

/** @throws KeplerError invalid_arguments where partial_fit names other groups than the model has. */
export function assertSameGroups({ manifest }: LoadedModel, by: readonly string[]): void {
  const had = manifest.by ?? [];
  if (had.length === by.length && had.every((name, i) => name === by[i])) return;
  const quoted = (names: readonly string[]) =>
    names.length > 0 ? `by ${names.map((name) => `"${name}"`).join(', ')}` : 'without by';
  throw new KeplerError(
    'invalid_arguments',
    `partial_fit=t must group the rows as the model "${manifest.id.name}" was fitted: ${quoted(had)}, not ${quoted(by)}.`,
  );
}

/** What a grouped model says of its preparation, without the fields that its rows were grouped by. */
export function apartFromGroups(manifest: Manifest): Pick<Manifest, 'preparation' | 'target'> {
  const { preparation, target, by = [] } = manifest;
  const fields = preparation.fields.filter(({ name }) => !by.includes(name));
  return { preparation: { ...preparation, fields }, ...(target && { target }) };
}

/** The `by` fields are read as text, with the levels that the fitted groups have. */
function withGroups(preparation: Preparation, by: readonly string[], state: GroupedState): Preparation {
  const levels = by.map((_, i) => [...new Set(state.groups.map((key) => key[i]))].sort(byCodePoint));
  return {
    ...preparation,
    fields: [
      ...preparation.fields,
      ...by.map((name, i) => ({ name, kind: 'text' as const, levels: levels[i] })),
    ],
  };
}

/** @throws KeplerError invalid_arguments where a column of `summary` would have the name of a `by` field. */
function assertSummaryHasRoom(template: Template, by: readonly string[], state: GroupedState): void {
  const { fields } = template.summary(state.states[0], {});
  const taken = by.find((name) => fields.includes(name));
  if (taken === undefined) return;
  throw new KeplerError(
    'invalid_arguments',
    `The rows cannot be grouped by a field called "${taken}": summary has a column of that name for ${template.name}. Rename the field before fit.`,
  );
}

/** Over the training rows of the groups that were fitted. */
function qualityOf(
  { target, places }: Prepared,
  { of }: Grouping,
  fitted: Int32Array,
  outputs: readonly OutputColumn[],
): Record<string, number> {
  if (!target || outputs.length === 0) return {};
  const rows = target.kind === 'number' ? target.values.length : target.codes.length;
  const kept: number[] = [];
  for (let n = 0; n < rows; n++) {
    const row = places ? places[n] : n;
    if (of[row] < 0 || fitted[of[row]] < 0) continue;
    if (hasTarget(target, n) && hasAnswer(outputs[0], row)) kept.push(n);
  }
  if (kept.length === rows) return trainingMetrics(target, outputs, places);
  const some: Target =
    target.kind === 'number'
      ? { ...target, values: Float64Array.from(kept, (n) => target.values[n]) }
      : { ...target, codes: Int32Array.from(kept, (n) => target.codes[n]) };
  return trainingMetrics(
    some,
    outputs,
    Uint32Array.from(kept, (n) => (places ? places[n] : n)),
  );
}
