import { CATALOGUE } from '../../container/estimators/catalogue.ts';
import { parseParams } from '../../container/estimators/options.ts';
import type {
  FitInput,
  NumericTable,
  OutputColumn,
  State,
  Template,
  TemplateContext,
} from '../../container/contract/template.ts';

export function contextWith(more: Partial<TemplateContext> = {}): TemplateContext {
  return {
    signal: new AbortController().signal,
    threads: 1,
    warn: () => undefined,
    progress: () => undefined,
    ...more,
  };
}

export function template(name: string): Template {
  const found = CATALOGUE.get(name);
  if (!found) throw new Error(`${name} is not in the catalogue.`);
  return found;
}

/** Fits as the runtime does: options as text, checked by the schema and by `init`. */
export async function fit(
  name: string,
  options: Readonly<Record<string, unknown>>,
  input: FitInput,
  context: TemplateContext = contextWith(),
): Promise<State> {
  const estimator = template(name);
  const raw = Object.fromEntries(Object.entries(options).map(([key, value]) => [key, String(value)]));
  const { features, target } = input;
  const params = estimator.init(parseParams(estimator.params, raw, name), {
    rows: features.rows,
    features: features.columns.length,
    ...(target?.kind === 'classes' && { classes: target.classes.length }),
  });
  return estimator.fit(params, input, context);
}

export function apply(name: string, state: State, features: NumericTable, options = {}): OutputColumn[] {
  return template(name).apply(state, features, options);
}

export function numbersOf(column: OutputColumn | undefined): Float64Array {
  if (column?.kind !== 'number') throw new Error(`Not a column of numbers: ${column?.name}`);
  return column.values;
}

export function codesOf(column: OutputColumn | undefined): Int32Array {
  if (column?.kind !== 'label') throw new Error(`Not a column of labels: ${column?.name}`);
  return column.codes;
}

export function tableOf(columns: readonly Float64Array[]): NumericTable {
  return { rows: columns[0].length, names: columns.map((_, f) => `f${f}`), columns };
}

/** Classes named 0, 1 … in this order. */
export function classesOf(features: NumericTable, codes: Int32Array): FitInput {
  const count = codes.reduce((a, b) => Math.max(a, b), 0) + 1;
  return {
    features,
    target: {
      kind: 'classes',
      name: 'y',
      codes,
      classes: Array.from({ length: count }, (_, k) => String(k)),
    },
  };
}

export function numberOf(features: NumericTable, values: Float64Array): FitInput {
  return { features, target: { kind: 'number', name: 'y', values } };
}
