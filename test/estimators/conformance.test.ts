import type {
  FitInput,
  LinearPlan,
  NumericTable,
  OutputColumn,
  Params,
  ScorePlan,
  State,
  Template,
  TreeEnsemble,
} from '../../container/contract/template.ts';
import type { Preparation } from '../../container/contract/table.ts';
import { KeplerError } from '../../container/contract/errors.ts';
import { CATALOGUE } from '../../container/estimators/catalogue.ts';
import { parseParams } from '../../container/estimators/options.ts';
import { writeModelOnnx } from '../../container/onnx/model.ts';
import { runOnnx } from '../../container/onnx/run.ts';
import { decodeState, encodeState } from '../../container/registry/state-codec.ts';
import { checkModels } from '../onnx/checker.ts';
import { missingPython } from '../onnx/python.ts';
import { classTarget, context, lcg, randomTable, table } from './data.ts';

const noChecker = missingPython('onnx');

/** What the template predicts, made from the features so that there is something to learn. */
function inputFor(template: Template, features: NumericTable, classCount = 3): FitInput {
  if (template.kind === 'transformer' || template.kind === 'clusterer') return { features };
  const noise = lcg(99, features.rows);
  const spread = features.columns[0].reduce((most, x) => Math.max(most, Math.abs(x)), 0) || 1;
  const values = features.columns[0].map((x, i) => (2 * x) / spread + noise[i] / 4);
  if (template.kind === 'regressor') return { features, target: { kind: 'number', name: 'y', values } };
  const sorted = values.toSorted();
  const codes = Int32Array.from(values, (value) => {
    const rank = sorted.findIndex((other) => other >= value);
    return Math.min(classCount - 1, Math.floor((rank * classCount) / sorted.length));
  });
  const names = Array.from({ length: classCount }, (_, k) => `class ${k}`);
  return { features, target: classTarget(names, codes) };
}

/** Options that keep a fit small, for those algorithms that have them. */
function smallOptions(template: Template, features: NumericTable): Record<string, string> {
  const options: Record<string, string> = {};
  if ('n_estimators' in template.params.properties) options.n_estimators = '7';
  if (template.kind === 'clusterer' && 'k' in template.params.properties)
    options.k = String(Math.min(3, features.rows));
  return options;
}

async function fit(
  template: Template,
  input: FitInput,
  options?: Record<string, string>,
  warnings = context(),
) {
  const { features, target } = input;
  const raw = options ?? smallOptions(template, features);
  const params = template.init(parseParams(template.params, raw, template.name), {
    rows: features.rows,
    features: features.columns.length,
    classes: target?.kind === 'classes' ? target.classes.length : undefined,
  });
  return template.fit(params, input, warnings);
}

function copyOf(features: NumericTable): NumericTable {
  return table(
    features.names,
    features.columns.map((column) => column.slice()),
  );
}

/** Cells of all columns as plain values. */
function cells(columns: readonly OutputColumn[]): Record<string, (string | number | null)[]> {
  return Object.fromEntries(
    columns.map((column) => [
      column.name,
      column.kind === 'label'
        ? Array.from(column.codes, (code) => column.labels[code])
        : Array.from<string | number | null>(column.values),
    ]),
  );
}

/** Scores by the plain reading of a plan: what the kernels must compute. */
function scoresOf(plan: ScorePlan, features: NumericTable): Float64Array[] {
  return plan.kind === 'linear' ? linearScores(plan, features) : treeScores(plan, features);
}

function linearScores(plan: LinearPlan, features: NumericTable): Float64Array[] {
  return Array.from({ length: plan.outputs }, (_, k) => {
    const scores = new Float64Array(features.rows).fill(plan.intercepts[k]);
    features.columns.forEach((column, f) => {
      for (let i = 0; i < scores.length; i++) scores[i] += plan.weights[k * plan.features + f] * column[i];
    });
    return scores;
  });
}

function treeScores(plan: TreeEnsemble, features: NumericTable): Float64Array[] {
  const scores = Array.from({ length: plan.outputs }, (_, k) =>
    new Float64Array(features.rows).fill(plan.base[k]),
  );
  for (let i = 0; i < features.rows; i++) {
    plan.roots.forEach((root, t) => {
      let node = root;
      while (plan.feature[node] >= 0) {
        const goesLeft = Math.fround(features.columns[plan.feature[node]][i]) <= plan.threshold[node];
        node = plan.left[node] + (goesLeft ? 0 : 1);
      }
      const leaf = plan.left[node] * plan.leafWidth;
      if (plan.leafWidth === 1) scores[plan.treeOutput?.[t] ?? 0][i] += plan.values[leaf];
      else for (let k = 0; k < plan.leafWidth; k++) scores[k][i] += plan.values[leaf + k];
    });
  }
  return scores;
}

function expectSameCells(
  actual: readonly OutputColumn[],
  expected: readonly OutputColumn[],
  relative: number,
): void {
  const left = cells(actual);
  const right = cells(expected);
  expect(Object.keys(left)).toEqual(Object.keys(right));
  for (const [name, values] of Object.entries(right)) {
    expect(left[name].length).toBe(values.length);
    const wrong = values.filter((value, i) => !close(left[name][i], value, relative));
    expect({ name, wrong }).toEqual({ name, wrong: [] });
  }
}

function close(
  a: string | number | null,
  b: string | number | null,
  relative: number,
  floor = 1e-12,
): boolean {
  if (typeof a !== 'number' || typeof b !== 'number') return a === b;
  return a === b || Math.abs(a - b) <= relative * Math.max(Math.abs(a), Math.abs(b), floor);
}

function numericPreparation(names: readonly string[]): Preparation {
  return {
    fields: names.map((name) => ({ name, kind: 'number' })),
    columns: names.map((name) => ({ name, field: name, kind: 'number' })),
  };
}

/** Writes the model, has it checked, runs it, and compares with `apply`: to 1e-6, of trees, which ONNX adds up in float32, to 1e-5. */
async function expectOnnxEquals(template: Template, state: State, features: NumericTable): Promise<void> {
  const model = writeModelOnnx(template, state, numericPreparation(features.names));
  if (!model) return;
  if (!noChecker) checkModels([model]);
  const relative = template.plan?.(state).kind === 'trees' ? 1e-5 : 1e-6;
  const inputs = Object.fromEntries(features.names.map((name, f) => [name, features.columns[f]]));
  const outputs = await runOnnx(model, inputs);
  const columns = template.apply(state, features, { probabilities: true });
  const numbers = columns.filter((column) => column.kind === 'number');
  const compare = (output: readonly (number | string)[], expected: readonly OutputColumn[]) => {
    const all = Object.values(cells(expected));
    const wrong = output.flatMap((value, at) => {
      const own = all[at % all.length][Math.floor(at / all.length)];
      return close(value, own, relative, relative === 1e-5 ? 1e-6 : 1e-9)
        ? []
        : [`[${at}] ${value} instead of ${own}`];
    });
    expect(output.length).toBe(features.rows * all.length);
    expect(wrong).toEqual([]);
  };
  if (template.kind === 'classifier') {
    expect(Object.keys(outputs).sort()).toEqual(['label', 'probabilities']);
    const labels = columns.filter((column) => column.kind === 'label');
    compare(outputs.label.data, labels);
    compare(outputs.probabilities.data, numbers);
  } else if (template.kind === 'clusterer') {
    compare(outputs.label.data, columns.slice(0, 1));
    if (outputs.distances) compare(outputs.distances.data, columns.slice(1));
  } else {
    expect(Object.keys(outputs)).toEqual(['variable']);
    compare(outputs.variable.data, numbers);
  }
}

describe.each([...CATALOGUE.values()].map((template): [string, Template] => [template.name, template]))(
  '%s',
  (name, template) => {
    test('describes itself and its options, and its defaults are valid', () => {
      expect(CATALOGUE.get(name)).toBe(template);
      expect(template.description).toMatch(/^[A-Z].{15,}\.$/);
      for (const schema of [template.params, template.applyParams, template.summaryParams]) {
        if (!schema) continue;
        expect(schema.additionalProperties).toBe(false);
        for (const [option, { description }] of Object.entries(schema.properties)) {
          expect(`${option}: ${description}`).toMatch(/: .{10,}\.$/);
        }
        const required = schema.required ?? [];
        if (required.length === 0) expect(() => parseParams(schema, {}, name)).not.toThrow();
      }
    });

    test('refuses options that it does not have, all in one message', () => {
      const wrong = Object.keys(template.params.properties).filter(
        (option) => template.params.properties[option].type !== 'string',
      );
      const raw = Object.fromEntries([...wrong, 'no_such_option'].map((option) => [option, '\u0001']));
      const attempt = () => parseParams(template.params, raw, name);
      expect(attempt).toThrow(KeplerError);
      try {
        attempt();
      } catch (error) {
        expect((error as KeplerError).code).toBe('invalid_arguments');
        for (const option of [...wrong, 'no_such_option'])
          expect((error as Error).message).toContain(`"${option}"`);
      }
    });

    test('a second fit equals the first, inputs and options stay as they were, and apply changes nothing', async () => {
      const features = randomTable(11, 120, 4);
      const before = copyOf(features);
      const input = inputFor(template, features);
      const targetBefore = JSON.stringify(input.target);
      const params: Params = Object.freeze(
        template.init(parseParams(template.params, smallOptions(template, features), name), {
          rows: 120,
          features: 4,
          classes: 3,
        }),
      );
      const first = await template.fit(params, input, context());
      const bytes = encodeState(first);
      const applied = cells(template.apply(first, features, {}));
      const second = await template.fit(params, input, context());
      expect(Buffer.compare(encodeState(second), bytes)).toBe(0);
      expect(cells(template.apply(first, features, {}))).toEqual(applied);
      template.summary(first, parseParams(template.summaryParams ?? EMPTY, {}, name));
      expect(Buffer.compare(encodeState(first), bytes)).toBe(0);
      expect(features).toEqual(before);
      expect(JSON.stringify(input.target)).toBe(targetBefore);
    });

    test('a state that was saved and loaded applies as before', async () => {
      const features = randomTable(12, 80, 3);
      const state = await fit(template, inputFor(template, features));
      const loaded = decodeState(encodeState(state));
      const options = { probabilities: true };
      expect(cells(template.apply(loaded, features, options))).toEqual(
        cells(template.apply(state, features, options)),
      );
      const summaryOptions = parseParams(template.summaryParams ?? EMPTY, {}, name);
      expect(template.summary(loaded, summaryOptions)).toEqual(template.summary(state, summaryOptions));
    });

    test('decoded scores of its plan equal apply', async () => {
      const features = randomTable(13, 150, 5);
      for (const classCount of template.kind === 'classifier' ? [2, 3] : [3]) {
        const state = await fit(template, inputFor(template, features, classCount));
        expect(Boolean(template.plan)).toBe(Boolean(template.decode));
        if (!template.plan || !template.decode) return;
        const fresh = randomTable(14, 90, 5);
        const scores = scoresOf(template.plan(state), fresh);
        for (const probabilities of [false, true]) {
          expectSameCells(
            template.decode(state, scores, fresh.rows, { probabilities }),
            template.apply(state, fresh, { probabilities }),
            1e-12,
          );
        }
      }
    });

    test('output has a row for each row, and none for none', async () => {
      const features = randomTable(15, 60, 3);
      const state = await fit(template, inputFor(template, features));
      for (const rows of [60, 1, 0]) {
        const some = { ...features, rows, columns: features.columns.map((column) => column.slice(0, rows)) };
        for (const column of template.apply(state, some, {})) {
          expect(column.kind === 'label' ? column.codes.length : column.values.length).toBe(rows);
        }
      }
    });

    test('the summary has its columns in every row', async () => {
      const features = randomTable(16, 60, 3);
      const state = await fit(template, inputFor(template, features));
      const summary = template.summary(state, parseParams(template.summaryParams ?? EMPTY, {}, name));
      expect(summary.rows.length).toBeGreaterThan(0);
      expect(new Set(summary.fields).size).toBe(summary.fields.length);
      for (const row of summary.rows) expect(row).toHaveLength(summary.fields.length);
    });

    const random = randomTable(17, 100, 6);
    const hard: [string, NumericTable][] = [
      ['one feature', randomTable(18, 50, 1)],
      ['a constant feature', table(['a', 'b'], [random.columns[0], new Float64Array(100).fill(0.1)])],
      [
        'constant features only',
        table(['a', 'b'], [new Float64Array(30).fill(7), new Float64Array(30).fill(-0.1)]),
      ],
      [
        'collinear features',
        table(
          ['a', 'b', 'c'],
          [random.columns[0], random.columns[1], random.columns[0].map((x) => 3 * x - 1)],
        ),
      ],
      ['four rows', randomTable(19, 4, 2)],
      ['more features than rows', randomTable(20, 12, 30)],
      ['300 features', randomTable(21, 60, 300)],
      [
        'huge and tiny scales',
        table(['a', 'b'], [random.columns[0].map((x) => x * 1e12), random.columns[1].map((x) => x * 1e-9)]),
      ],
      ['a large offset', table(['a'], [random.columns[0].map((x) => 1e8 + x)])],
    ];
    test.each(hard)('%s: finite answers', async (_, features) => {
      const state = await fit(template, inputFor(template, features, 2));
      const columns = template.apply(state, features, { probabilities: true });
      for (const column of columns) {
        if (column.kind === 'number') expect(column.values.every(Number.isFinite)).toBe(true);
        if (column.kind === 'label') expect(column.codes.every((code) => code >= 0)).toBe(true);
      }
    });

    test('two clusters or classes far apart are told apart', async () => {
      if (template.kind !== 'classifier' && template.kind !== 'clusterer') return;
      const noise = randomTable(22, 80, 2);
      const features = table(
        noise.names,
        noise.columns.map((column) => column.map((x, i) => x + (i % 2) * 20)),
      );
      const codes = Int32Array.from({ length: 80 }, (_, i) => i % 2);
      const input =
        template.kind === 'classifier' ? { features, target: classTarget(['1', '2'], codes) } : { features };
      const options = smallOptions(template, features);
      if ('k' in options) options.k = '2';
      const state = await fit(template, input, options);
      const found = Object.values(cells(template.apply(state, features, {})))[0];
      expect(new Set(found.filter((_, i) => i % 2 === 0)).size).toBe(1);
      expect(new Set(found).size).toBe(2);
    });

    test('a target that is missing, or has one class only, is an error', async () => {
      if (template.kind !== 'classifier' && template.kind !== 'regressor') return;
      const features = randomTable(23, 20, 2);
      const code = async (input: FitInput) =>
        fit(template, input).then(
          () => 'fitted',
          (error) => (error as KeplerError).code,
        );
      expect(await code({ features })).toBe('target_missing');
      if (template.kind === 'classifier') {
        expect(await code({ features, target: classTarget(['only'], new Int32Array(20)) })).toBe(
          'target_constant',
        );
      }
    });

    test('a fit that was cancelled ends with the reason', async () => {
      const features = randomTable(24, 200, 3);
      const reason = new KeplerError('cancelled', 'The search was cancelled.');
      const stopped = { ...context(), signal: AbortSignal.abort(reason) };
      await expect(fit(template, inputFor(template, features), undefined, stopped)).rejects.toBe(reason);
    });

    test('partial_fit goes on from a state', async () => {
      if (!template.partialFit) return;
      const whole = randomTable(25, 100, 3);
      const part = (from: number, to: number) =>
        table(
          whole.names,
          whole.columns.map((column) => column.slice(from, to)),
        );
      const params = template.init(parseParams(template.params, {}, name), { rows: 40, features: 3 });
      const state = await template.fit(params, inputFor(template, part(0, 40)), context());
      const bytes = encodeState(state);
      const further = await template.partialFit(state, params, inputFor(template, part(40, 100)), context());
      expect(Buffer.compare(encodeState(state), bytes)).toBe(0);
      expect(Buffer.compare(encodeState(further), bytes)).not.toBe(0);
    });

    test(`its ONNX equals apply${noChecker ? ` (onnx.checker skipped: ${noChecker})` : ' and passes onnx.checker'}`, async () => {
      const features = randomTable(26, 150, 4);
      const fresh = randomTable(27, 200, 4);
      for (const classCount of template.kind === 'classifier' ? [2, 3] : [3]) {
        const state = await fit(template, inputFor(template, features, classCount));
        await expectOnnxEquals(template, state, fresh);
        if (!template.plan) continue;
        const plan = template.plan(state);
        if (plan.kind === 'trees') await expectOnnxEquals(template, state, onThresholds(plan, fresh));
      }
    });
  },
);

const EMPTY = { type: 'object', properties: {}, additionalProperties: false } as const;

/** Rows whose values lie exactly on thresholds of the trees, and one double to either side of them. */
function onThresholds(plan: TreeEnsemble, like: NumericTable): NumericTable {
  const columns = like.columns.map((column, f) => {
    const thresholds = Array.from(plan.threshold).filter((_, node) => plan.feature[node] === f);
    if (thresholds.length === 0) return column;
    return column.map((_, i) => {
      const threshold = thresholds[i % thresholds.length];
      const side = (Math.floor(i / thresholds.length) % 3) - 1;
      return threshold * (1 + side * Number.EPSILON);
    });
  });
  return table(like.names, columns);
}
