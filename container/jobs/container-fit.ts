/** A fit in a container of DSDL: the container trains and answers, and the version says which one, and as what. */
import type { Message } from '../contract/requests.ts';
import { KeplerError } from '../contract/errors.ts';
import { plural } from '../contract/plural.ts';
import type { Column } from '../contract/table.ts';
import type { ClassTarget, OutputColumn, Params, Target, TemplateKind } from '../contract/template.ts';
import { classTarget } from '../table/target.ts';
import { describeMissing, selectFields } from '../table/select-fields.ts';
import { rawFeatures } from '../table/prepare-raw.ts';
import { nameOutputs, scatterOutputs } from '../table/scatter.ts';
import { withoutNulls } from '../templates/dsdl/container-template.ts';
import type { ContainerTemplate } from '../templates/dsdl/container-template.ts';
import type { ContainerModel } from '../templates/dsdl/rows-out.ts';
import { evaluateFit } from './evaluate.ts';
import type { FitJob, FitResult } from './fit-job.ts';
import { storeVersion } from './store-version.ts';

/** Distinct whole numbers up to which a target of numbers counts as one of classes, where all answers are among them. */
const MOST_NUMBER_CLASSES = 20;

/** @throws KeplerError of the data, the container or the registry; then no version was made */
export async function fitInContainer(
  job: FitJob,
  template: ContainerTemplate,
  params: Params,
): Promise<FitResult> {
  const { spec, table, control, teller } = job;
  const messages: Message[] = [];
  const warn = (text: string) => void messages.push({ level: 'WARN', text });
  const { algo, mode, container, ...options } = params as Record<string, string>;
  const features = featuresOf(job, warn);
  const targets = spec.targets.map((name) => targetColumn(job, name));
  const all = rawFeatures([...targets, ...features], table.rows);
  const { table: complete, places } = withoutNulls(all);
  if (complete.rows === 0) {
    throw new KeplerError(
      'no_valid_rows',
      `No row has a value in each of the fields used: ${all.names.map((name) => `"${name}"`).join(', ')}.`,
    );
  }
  sayWhatWasLeftOut(table.rows - complete.rows, table.rows, messages);
  const model: ContainerModel = {
    algorithm: template.name,
    algo,
    modelName: spec.into?.name ?? 'default',
    options,
    features: features.map(({ name }) => name),
    targets: spec.targets,
  };
  teller.stage(`fitting in the container ${container}`);
  const started = performance.now();
  const done = template.fitThere(model, container, complete, mode === 'stage', warn);
  control.check();
  const metrics = {
    rows: table.rows,
    trained_rows: complete.rows,
    features: features.length,
    train_ms: performance.now() - started,
  };
  const mask = maskOf(places, table.rows);
  if ('staged' in done) {
    messages.push({ level: 'INFO', text: `The container "${container}": ${done.staged}` });
    return { messages, metrics, outputs: [], complete: mask };
  }
  const plain = places ? scatterOutputs(done.outputs, places, table.rows) : done.outputs;
  const names = nameOutputs(
    plain.map(({ name }) => name),
    spec.as,
    template.rename,
  );
  const outputs = plain.map((output, k) => ({ ...output, name: names[k] }));
  if (!spec.into) return { messages, metrics, outputs, complete: mask };
  const { kind, target, answers } = measuredAs(targets[0], done.outputs, places, job.settings.maxClasses);
  const measured = {
    on: 'training',
    places: undefined,
    features: complete,
    ...(target && { target }),
  } as const;
  const typed = { ...template, kind };
  const version = await storeVersion(job, typed, undefined, {
    state: done.state,
    params,
    preparation: {
      raw: true,
      columns: [],
      fields: features.map(({ name, kind: type }) => ({ name, kind: type })),
    },
    ...(target && { target }),
    trainedRows: complete.rows,
    ...evaluateFit(typed, done.state, params, answers, measured, undefined),
  });
  return { messages, metrics, version, outputs, complete: mask };
}

/** The fields to learn from; those without any value are left out, as MLTK does. */
function featuresOf({ spec, table }: FitJob, warn: (text: string) => void): Column[] {
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  const names = table.fieldNames ?? [...byName.keys()];
  const selected = selectFields(spec.fields, [...byName.keys()]);
  if (selected.missing.length > 0) {
    warn(`Some fields are missing and were left out: ${describeMissing(selected.missing, names)}.`);
  }
  const columns = selected.names
    .filter((name) => !spec.targets.includes(name))
    .map((name) => byName.get(name) as Column);
  const empty = columns.filter((column) => isEmpty(column, table.rows));
  if (empty.length > 0) {
    warn(`Fields without any value were left out: ${empty.map(({ name }) => `"${name}"`).join(', ')}.`);
  }
  const kept = columns.filter((column) => !empty.includes(column));
  if (kept.length > 0) return kept;
  throw new KeplerError(
    'no_features',
    'No field is left to learn from. Name at least one field that the search results have.',
  );
}

function isEmpty(column: Column, rows: number): boolean {
  for (let row = 0; row < rows; row++) {
    if (column.kind === 'number' ? !Number.isNaN(column.values[row]) : column.codes[row] >= 0) return false;
  }
  return true;
}

function targetColumn({ table }: FitJob, name: string): Column {
  const column = table.columns.find((one) => one.name === name);
  if (column) return column;
  const names = table.fieldNames ?? table.columns.map((one) => one.name);
  throw new KeplerError(
    'target_missing',
    `The field to predict, ${describeMissing([name], names)}, is not in the search results. Check its spelling and that the search keeps it.`,
  );
}

function sayWhatWasLeftOut(left: number, rows: number, messages: Message[]): void {
  if (left === 0) return;
  messages.push({
    level: 'INFO',
    text: `${left} of ${rows} rows ${plural(left, 'was', 'were')} not sent to the container for a null in one of the fields used; ${plural(left, 'its', 'their')} new fields are empty.`,
  });
}

function maskOf(places: Uint32Array | undefined, rows: number): Uint8Array {
  if (!places) return new Uint8Array(rows).fill(1);
  const mask = new Uint8Array(rows);
  for (const row of places) mask[row] = 1;
  return mask;
}

interface Measured {
  readonly kind: TemplateKind;
  readonly target?: Target;
  /** Of the rows that were sent. */
  readonly answers: readonly OutputColumn[];
}

/** What the container's model turns out to be, from its answers: it does not say so itself. */
function measuredAs(
  column: Column | undefined,
  answers: readonly OutputColumn[],
  places: Uint32Array | undefined,
  maxClasses: number,
): Measured {
  const [answer] = answers;
  if (!column || !answer) return { kind: 'transformer', answers };
  const asClasses = column.kind === 'text' || answerIsAmongFew(column.values, answer, places);
  if (asClasses) {
    const target = classesOrNone(column, places, maxClasses);
    if (target) return { kind: 'classifier', ...labelled(target, answers) };
  } else if (column.kind === 'number' && answer.kind === 'number') {
    const values = places ? Float64Array.from(places, (row) => column.values[row]) : column.values;
    return { kind: 'regressor', target: { kind: 'number', name: column.name, values }, answers };
  }
  return { kind: 'transformer', answers };
}

function answerIsAmongFew(
  values: Float64Array,
  answer: OutputColumn,
  places: Uint32Array | undefined,
): boolean {
  if (answer.kind !== 'number') return false;
  const classes = new Set<number>();
  const rows = places?.length ?? values.length;
  for (let n = 0; n < rows; n++) {
    const value = values[places ? places[n] : n];
    if (!Number.isInteger(value)) return false;
    classes.add(value);
    if (classes.size > MOST_NUMBER_CLASSES) return false;
  }
  return answer.values.every((value) => classes.has(value));
}

/** A target of one value, or of very many, is no measure. */
function classesOrNone(
  column: Column,
  places: Uint32Array | undefined,
  maxClasses: number,
): ClassTarget | undefined {
  try {
    return classTarget(column, places, maxClasses);
  } catch (error) {
    if (error instanceof KeplerError && error.code !== 'internal') return undefined;
    throw error;
  }
}

/** The first answer as labels, and a target that knows each of them. */
function labelled(target: ClassTarget, answers: readonly OutputColumn[]): Omit<Measured, 'kind'> {
  const [answer, ...others] = answers;
  const said = (row: number) =>
    answer.kind === 'text'
      ? (answer.values[row] ?? '')
      : answer.kind === 'number'
        ? String(answer.values[row])
        : '';
  const classes = [...target.classes];
  const place = new Map(classes.map((label, code) => [label, code]));
  const codes = Int32Array.from(target.codes, (_, row) => {
    const label = said(row);
    const known = place.get(label);
    if (known !== undefined) return known;
    place.set(label, classes.length);
    return classes.push(label) - 1;
  });
  return {
    target: { ...target, classes },
    answers: [{ name: answer.name, kind: 'label', codes, labels: classes }, ...others],
  };
}
