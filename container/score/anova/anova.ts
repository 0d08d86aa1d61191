import { KeplerError } from '../../contract/errors.ts';
import type { Params } from '../../contract/template.ts';
import { mean, sumOf } from '../../helpers/metrics/sums.ts';
import { numbers } from '../columns.ts';
import { chiSquareSf } from '../../numeric/distributions/chi-square.ts';
import { fisherSf } from '../../numeric/distributions/fisher-f.ts';
import { studentTwoSided } from '../../numeric/distributions/student-t.ts';
import { dot, orthogonalize } from '../least-squares.ts';
import { choice, options } from '../params.ts';
import type { ScoreMethod, ScoreTable, Warn } from '../types.ts';
import { designOf } from './design.ts';
import type { Design } from './design.ts';
import { parseFormula } from './formula.ts';
import { fitLinear } from './linear-fit.ts';
import type { LinearFit, Robust } from './linear-fit.ts';
import { waldStatistic } from './wald.ts';

type Test = 'F' | 'Chisq' | 'Cp' | 'none';
type Row = readonly (string | number | null)[];

/** Part of the interval that a coefficient's two limits leave out. */
const BEYOND = 0.05;

export const anova: ScoreMethod = {
  name: 'anova',
  description: 'Analysis of variance of a linear model that a formula describes',
  params: options(
    {
      formula: { type: 'string', description: 'The model: target ~ terms, such as "y ~ x + C(group)"' },
      type: {
        type: 'integer',
        description: 'Type of the sums of squares',
        default: 1,
        minimum: 1,
        maximum: 3,
      },
      test: choice('The test of each term', ['F', 'Chisq', 'Cp', 'none'], 'F'),
      robust: choice('Covariance that allows for changing variance, with type=2 and 3', [
        'HC0',
        'HC1',
        'HC2',
        'HC3',
      ]),
      scale: {
        type: 'number',
        description: "Variance of the residuals for test=Chisq and Cp; else the model's own",
        exclusiveMinimum: 0,
      },
      output: choice('What is told', ['anova', 'model_accuracy', 'coefficients'], 'anova'),
    },
    ['formula'],
  ),
  fields: { kind: 'named', fieldsOf: ({ formula }) => parseFormula(String(formula)).fields },
  run({ a }, params, warn) {
    const formula = parseFormula(String(params.formula));
    const table = new Map(a.map((column) => [column.name, column]));
    const target = numbers(a[0]);
    const design = designOf(formula, table, target.length);
    const fit = fitLinear(design, target);
    if (params.output === 'coefficients') return coefficientsOf(design, fit);
    if (params.output === 'model_accuracy') return accuracyOf(design, fit, target);
    return tableOf(design, fit, params, warn);
  },
};

/** What one term does: degrees of freedom, sum of squares, F. */
interface Effect {
  readonly name: string;
  readonly freedom: number;
  readonly squares: number;
  readonly f: number;
}

function tableOf(design: Design, fit: LinearFit, params: Params, warn: Warn): ScoreTable {
  const { type, test } = params as { type: number; test: Test };
  if (test === 'Cp' && type !== 1)
    throw new KeplerError(
      'invalid_arguments',
      'anova: test=Cp compares models that grow term by term, which is type=1. Leave type out, or take test=F.',
    );
  if (type === 1 && params.robust !== undefined)
    warn(
      'anova: robust has no effect on type=1, whose sums of squares are those of the model itself. Use type=2 or type=3.',
    );
  const variance = fit.squares / fit.freedom;
  const scale = params.scale === undefined ? variance : Number(params.scale);
  const effects =
    type === 1 ? inTurn(design, fit) : apart(design, fit, type, params.robust as Robust | undefined);
  const inFront = (effect: Omit<Effect, 'f'>): Row =>
    type === 1
      ? [effect.name, effect.freedom, effect.squares, effect.squares / effect.freedom]
      : [effect.name, effect.squares, effect.freedom];
  let [left, used] = [fit.squares + sumOf(effects.length, (i) => effects[i].squares), design.columns.length];
  for (const { freedom } of effects) used -= freedom;
  const tested = (effect: Effect): Row => {
    left -= effect.squares;
    used += effect.freedom;
    if (test === 'F') return [effect.f, fisherSf(effect.f, effect.freedom, fit.freedom)];
    const statistic = effect.squares / scale;
    if (test === 'Chisq') return [statistic, chiSquareSf(statistic, effect.freedom)];
    return test === 'Cp' ? [left + 2 * scale * used] : [];
  };
  const rest = { name: 'Residual', freedom: fit.freedom, squares: fit.squares };
  const told = { F: ['F', 'PR(>F)'], Chisq: ['Chisq', 'PR(>Chisq)'], Cp: ['Cp'], none: [] }[test];
  return {
    fields: ['Field', ...(type === 1 ? ['df', 'sum_sq', 'mean_sq'] : ['sum_sq', 'df']), ...told],
    rows: [
      ...effects.map((effect) => [...inFront(effect), ...tested(effect)]),
      [...inFront(rest), ...told.map(() => null)],
    ],
  };
}

/** Type 1: what each term takes from what those before it have left. */
function inTurn(design: Design, fit: LinearFit): Effect[] {
  return design.terms
    .filter(({ factors }) => factors.length > 0)
    .map(({ name, from, to }) => {
      const shares = fit.effects.subarray(from, to);
      const squares = dot(shares, shares);
      return { name, freedom: to - from, squares, f: squares / (to - from) / (fit.squares / fit.freedom) };
    });
}

/**
 * Type 2: each term beside all others but those that contain it; type 3: beside all others, the intercept too. Sums of
 * squares are reckoned back from F, as statsmodels does, also where the covariance is robust.
 */
function apart(design: Design, fit: LinearFit, type: number, robust: Robust | undefined): Effect[] {
  const covariance = fit.covariance(robust);
  const among = design.terms.filter(({ factors }) => type === 3 || factors.length > 0);
  return among.map((term) => {
    const columns = range(term);
    const containing =
      type === 3
        ? []
        : among.filter(
            (other) =>
              other.factors.length > term.factors.length &&
              term.factors.every(({ text }) => other.factors.some((factor) => factor.text === text)),
          );
    const freedom = columns.length;
    const f = waldStatistic(fit.coefficients, covariance, columns, containing.flatMap(range)) / freedom;
    return { name: term.name, freedom, squares: (f * freedom * fit.squares) / fit.freedom, f };
  });
}

function range({ from, to }: { readonly from: number; readonly to: number }): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

function coefficientsOf(design: Design, fit: LinearFit): ScoreTable {
  const covariance = fit.covariance();
  const reach = studentQuantile(BEYOND, fit.freedom);
  return {
    fields: ['Field', 'coef', 'standard error', 't-Stat', 'p-value', 'lower 95%', 'upper 95%'],
    rows: design.names.map((name, k) => {
      const coefficient = fit.coefficients[k];
      const error = Math.sqrt(covariance[k][k]);
      const t = coefficient / error;
      return [
        name,
        coefficient,
        error,
        t,
        studentTwoSided(t, fit.freedom),
        coefficient - reach * error,
        coefficient + reach * error,
      ];
    }),
  };
}

/** The t that is exceeded on both sides with this chance, by halving. */
function studentQuantile(chance: number, freedom: number): number {
  let [low, high] = [0, 1];
  while (studentTwoSided(high, freedom) > chance) high *= 2;
  for (let turn = 0; turn < 80; turn++) {
    const middle = (low + high) / 2;
    if (studentTwoSided(middle, freedom) > chance) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function accuracyOf(design: Design, fit: LinearFit, target: Float64Array): ScoreTable {
  const rows = target.length;
  const constant = holdsConstant(design) ? 1 : 0;
  const centre = constant ? mean(target) : 0;
  const total = sumOf(rows, (i) => (target[i] - centre) ** 2);
  const freedom = design.columns.length - constant;
  const share = 1 - fit.squares / total;
  const f = (total - fit.squares) / freedom / (fit.squares / fit.freedom);
  const likelihood = (-rows / 2) * (Math.log(2 * Math.PI) + Math.log(fit.squares / rows) + 1);
  return {
    fields: [
      'R-squared',
      'Adj. R-squared',
      'F-statistic',
      'Prob (F-statistic)',
      'Log-Likelihood',
      'AIC',
      'BIC',
      'No. Observations',
      'Df Residuals',
      'Df Model',
    ],
    rows: [
      [
        share,
        1 - ((rows - constant) / fit.freedom) * (1 - share),
        f,
        fisherSf(f, freedom, fit.freedom),
        likelihood,
        -2 * likelihood + 2 * (freedom + constant),
        -2 * likelihood + Math.log(rows) * (freedom + constant),
        rows,
        fit.freedom,
        freedom,
      ],
    ],
  };
}

/** Whether a constant is a combination of the columns, as where all levels of a category have one. */
function holdsConstant({ columns, terms }: Design): boolean {
  if (terms.some(({ factors }) => factors.length === 0)) return true;
  const ones = new Float64Array(columns[0].length).fill(1);
  return orthogonalize([...columns, ones]).rank === columns.length;
}
