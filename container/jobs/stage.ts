import { KeplerError } from '../contract/errors.ts';
import { plural } from '../contract/plural.ts';
import type { FitSpec, Message, SearchContext } from '../contract/requests.ts';
import type { Column, Table } from '../contract/table.ts';
import { parseParams } from '../estimators/options.ts';
import { assertMayWrite, modelId } from '../registry/access.ts';
import { DatasetStore } from '../registry/datasets/dataset-store.ts';
import type { DatasetField } from '../registry/datasets/types.ts';
import type { ModelId, Principal } from '../registry/types.ts';
import { describeMissing, selectFields } from '../table/select-fields.ts';
import type { TemplateFinder } from '../templates/finder.ts';
import { TEMPLATE_NAME } from '../templates/store.ts';
import type { JobSettings } from './types.ts';

const DAY_MS = 86_400_000;

/**
 * What can be wrong with `mode=stage` before its rows are seen. The template need not be there yet: many stage rows first and
 * write the template on them.
 * @returns warnings: of a template that is not there, and of options that it does not take (yet)
 * @throws KeplerError invalid_arguments, invalid_model_name, forbidden
 */
export function checkStage(spec: FitSpec, templates: TemplateFinder, principal: Principal): string[] {
  const { algorithm, into } = spec;
  const problems: string[] = [];
  if (!into) problems.push('mode=stage needs the name of the data set to make: into <data set>.');
  if (!TEMPLATE_NAME.test(algorithm)) {
    problems.push(
      `"${algorithm}" cannot be a template: its name has letters, digits and _, and does not begin with a digit.`,
    );
  }
  if (spec.fields.length === 0) problems.push('mode=stage needs at least one field to store.');
  if (problems.length > 0) throw new KeplerError('invalid_arguments', problems.join(' '));
  assertMayWrite(datasetId(spec, principal), principal, 'data set');
  return warningsOf(spec, templates);
}

function warningsOf({ algorithm, options }: FitSpec, templates: TemplateFinder): string[] {
  try {
    const { name, params } = templates.find(algorithm);
    parseParams(params, options, name);
    return [];
  } catch (error) {
    if (!(error instanceof KeplerError)) throw error;
    const { code, message } = error;
    if (code === 'unknown_algorithm')
      return [`${message} The rows are staged for a template of this name to come.`];
    if (code === 'invalid_arguments') return [`The options are staged as they are, although: ${message}`];
    throw error;
  }
}

export interface StageJob {
  readonly spec: FitSpec;
  readonly principal: Principal;
  readonly search?: SearchContext;
  readonly table: Table;
  readonly settings: JobSettings;
  readonly templates: TemplateFinder;
}

/**
 * Worker: keeps the rows of the search as the next version of a data set, and trains nothing.
 * @throws KeplerError no_valid_rows, target_missing, no_features, disk_full …; then nothing was kept
 */
export async function runStage(job: StageJob): Promise<Message[]> {
  const { spec, principal, search, settings } = job;
  const messages: Message[] = [];
  const warn = (text: string) => void messages.push({ level: 'WARN', text });
  checkStage(spec, job.templates, principal).forEach(warn);
  const table = stagedTable(job.table, spec, warn);
  const id = datasetId(spec, principal);
  const expiresAt = new Date(Date.now() + settings.datasetDays * DAY_MS).toISOString();
  const { version, rows } = await new DatasetStore(settings.datasetFolder).put(
    id,
    {
      expiresAt,
      user: principal.user,
      app: principal.app,
      sid: search?.sid ?? '',
      search: search?.search,
      earliest: search?.earliest,
      latest: search?.latest,
      fields: table.columns.map((column) => fieldOf(column, spec)),
      template: spec.algorithm,
      options: spec.options,
      spec,
    },
    table,
  );
  const fields = table.columns.length;
  const name = id.namespace === 'app' ? `app:${id.name}` : id.name;
  messages.push({
    level: 'INFO',
    text: `Staged ${rows.toLocaleString('en-US')} ${plural(rows, 'row', 'rows')} of ${fields} ${plural(fields, 'field', 'fields')} as version ${version} of the data set "${name}" for ${spec.algorithm}, kept until ${expiresAt.slice(0, 10)}. See | kepler datasets ${name}`,
  });
  return messages;
}

function datasetId({ into }: FitSpec, principal: Principal): ModelId {
  if (!into) throw new KeplerError('internal', 'A data set without a name was to be staged.');
  return modelId(into, principal);
}

/** The columns that were asked for: target first, then features, then what groups or holds out rows. */
function stagedTable(table: Table, spec: FitSpec, warn: (text: string) => void): Table {
  if (table.rows === 0)
    throw new KeplerError(
      'no_valid_rows',
      'There are no rows to stage. Check the search and its time range.',
    );
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  const names = table.fieldNames ?? [...byName.keys()];
  const lacking = [...spec.targets, ...spec.by].filter((name) => !byName.has(name));
  if (lacking.length > 0) {
    throw new KeplerError(
      'target_missing',
      `The search results lack ${describeMissing(lacking, names)}. Check the spelling and that the search keeps it.`,
    );
  }
  const features = selectFields(spec.fields, [...byName.keys()]);
  if (features.missing.length > 0)
    warn(`Some fields are missing and were left out: ${describeMissing(features.missing, names)}.`);
  if (features.names.length === 0) {
    throw new KeplerError(
      'no_features',
      `No field is left to stage: not in the search results: ${describeMissing(features.missing, names)}. Name at least one field that the search results have.`,
    );
  }
  const also = spec.holdoutBy !== undefined && byName.has(spec.holdoutBy) ? [spec.holdoutBy] : [];
  const wanted = new Set([...spec.targets, ...features.names, ...spec.by, ...also]);
  return { rows: table.rows, columns: [...wanted].map((name) => byName.get(name) as Column) };
}

function fieldOf(column: Column, { targets, by, fields, holdoutBy }: FitSpec): DatasetField {
  const { name, kind } = column;
  const isFeature = selectFields(fields, [name]).names.length > 0;
  const role = targets.includes(name)
    ? 'target'
    : by.includes(name)
      ? 'by'
      : isFeature || name !== holdoutBy
        ? 'feature'
        : 'holdout_by';
  const nulls =
    column.kind === 'number'
      ? column.values.reduce((sum, value) => sum + Number(Number.isNaN(value)), 0)
      : column.codes.reduce((sum, code) => sum + Number(code < 0), 0);
  return { name, kind, role, nulls };
}
