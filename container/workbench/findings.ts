import { KeplerError } from '../contract/errors.ts';
import type { FitSpec } from '../contract/requests.ts';
import type { Column, Table } from '../contract/table.ts';
import type { OutputColumn } from '../contract/template.ts';
import type { RunPlot, RunTable } from '../contract/workbench.ts';
import { EVALUATION_FILE, decodeEvaluation } from '../helpers/metrics/evaluation.ts';
import { plotList, plotTable } from '../helpers/metrics/plot-table.ts';
import type { FitResult } from '../jobs/fit-job.ts';
import type { LoadedModel, ModelCache } from '../jobs/model-cache.ts';
import { modelId } from '../registry/access.ts';
import type { Registry } from '../registry/registry.ts';
import type { Principal } from '../registry/types.ts';
import { prepareLike } from '../table/prepare-like.ts';
import { prepareRawLike } from '../table/prepare-raw.ts';
import type { Prepared } from '../table/prepare.ts';
import type { RunFindings } from './run-messages.ts';
import type { Stopwatch } from './stopwatch.ts';

/** Rows that are shown. */
const SHOWN = 100;

/** All that is shown of a run that went well: rows, metrics, summary and pictures of the model that it made. */
export async function findingsOf({
  table,
  spec,
  result,
  registry,
  models,
  principal,
  watch,
}: {
  table: Table;
  spec: FitSpec;
  result: FitResult;
  registry: Registry;
  models: ModelCache;
  principal: Principal;
  watch: Stopwatch;
}): Promise<RunFindings> {
  const { messages, metrics: counts, outputs, complete } = result;
  const version = await result.version;
  const found = {
    messages: messages.map(({ level, text }) => ({ level, text })),
    rows: table.rows,
    trainedRows: counts.trained_rows,
    table: rowsOf(table, outputs, complete),
    made: outputs.length,
  };
  if (!version || !spec.into) return { ...found, timing: watch.timing };
  const id = modelId(spec.into, principal);
  const { manifest, template, state } = await models.load(id, version.version);
  const summary = template.summary(state, {});
  const explained = explain(table, await models.load(id, version.version));
  const { files, metrics, measuredOn, target } = manifest;
  const evaluation = Object.hasOwn(files, EVALUATION_FILE)
    ? decodeEvaluation(await registry.file(id, version.version, EVALUATION_FILE))
    : undefined;
  const plots = plotList(evaluation).rows.map(([name]): RunPlot => {
    const { fields, rows } = plotTable(evaluation, String(name));
    return { name: String(name), table: { fields, rows: rows as RunTable['rows'] } };
  });
  return {
    ...found,
    metrics,
    ...(measuredOn && { measuredOn }),
    ...(target?.classes && { classes: target.classes }),
    summary: { fields: summary.fields, rows: summary.rows.map((row) => row.map(shown)) },
    ...(explained && { explained }),
    plots,
    timing: watch.timing,
  };
}

/** What the template says of the first rows; undefined where it says nothing, or each of them has a null. */
function explain(table: Table, { template, state, manifest }: LoadedModel): RunTable | undefined {
  if (!template.explain) return undefined;
  const prepare = manifest.preparation.raw ? prepareRawLike : prepareLike;
  let prepared: Prepared;
  try {
    prepared = prepare(head(table), manifest, () => undefined);
  } catch (error) {
    if (error instanceof KeplerError && error.code === 'no_valid_rows') return undefined;
    throw error;
  }
  const { features, places } = prepared;
  const outputs = template.explain(state, features, manifest.params);
  return {
    fields: ['#', ...outputs.map(({ name }) => name)],
    rows: Array.from({ length: features.rows }, (_, n) => [
      String((places ? places[n] : n) + 1),
      ...outputs.map((output) => outputCell(output, n)),
    ]),
  };
}

function head({ rows, columns }: Table): Table {
  const count = Math.min(rows, SHOWN);
  return {
    rows: count,
    columns: columns.map((column): Column =>
      column.kind === 'number'
        ? { kind: 'number', name: column.name, values: column.values.slice(0, count) }
        : { ...column, codes: column.codes.slice(0, count) },
    ),
  };
}

/** The first rows, the template's fields behind those of the data. */
function rowsOf({ rows, columns }: Table, outputs: readonly OutputColumn[], complete: Uint8Array): RunTable {
  const count = Math.min(rows, SHOWN);
  return {
    fields: [...columns.map(({ name }) => name), ...outputs.map(({ name }) => name)],
    rows: Array.from({ length: count }, (_, row) => [
      ...columns.map((column) => cellOf(column, row)),
      ...outputs.map((output) => (complete[row] ? outputCell(output, row) : null)),
    ]),
  };
}

function cellOf(column: Column, row: number): string | null {
  if (column.kind === 'number') return shown(column.values[row]);
  return column.codes[row] < 0 ? null : column.levels[column.codes[row]];
}

function outputCell(output: OutputColumn, row: number): string | null {
  if (output.kind === 'number') return shown(output.values[row]);
  if (output.kind === 'text') return output.values[row];
  return output.codes[row] < 0 ? null : output.labels[output.codes[row]];
}

/** Twelve digits of a number: the rest is noise of the last operation. */
function shown(value: string | number | null): string | null {
  if (typeof value !== 'number') return value;
  return Number.isNaN(value) ? null : String(Number(value.toPrecision(12)));
}
