import { KeplerError } from '../../contract/errors.ts';
import type { OptionSchema, Params } from '../../contract/template.ts';
import { numbers } from '../columns.ts';
import { decision, decisionField } from '../decision.ts';
import { chiSquareCdf } from '../../numeric/distributions/chi-square.ts';
import { kolmogorovLimitSf, kolmogorovSf } from '../../numeric/distributions/kolmogorov.ts';
import { normalCdf } from '../../numeric/distributions/normal.ts';
import { smirnovSf } from '../../numeric/distributions/smirnov.ts';
import { ALPHA, choice, options } from '../params.ts';
import type { ScoreMethod } from '../types.ts';

const shape = (description: string): OptionSchema => ({ type: 'number', description, exclusiveMinimum: 0 });

export const kstest: ScoreMethod = {
  name: 'kstest',
  description: 'Kolmogorov-Smirnov test: does a field come from a given distribution?',
  params: options(
    {
      cdf: choice('The distribution', ['norm', 'lognorm', 'chi2']),
      loc: { type: 'number', description: 'What is taken from the values', default: 0 },
      scale: {
        type: 'number',
        description: 'What the values are divided by',
        default: 1,
        exclusiveMinimum: 0,
      },
      s: shape('Shape of lognorm: the standard deviation of the logarithm'),
      df: shape('Degrees of freedom of chi2'),
      mode: choice('How the p-value is found', ['approx', 'auto', 'exact', 'asymp'], 'approx'),
      alternative: choice(
        'Which side is tested: less or greater, of the distribution functions',
        ['two-sided', 'less', 'greater'],
        'two-sided',
      ),
      alpha: ALPHA,
    },
    ['cdf'],
  ),
  fields: { kind: 'fields', a: 'numbers', single: true },
  run({ a: [a] }, params) {
    const cdf = distribution(params);
    const sorted = numbers(a).slice().sort();
    const n = sorted.length;
    let [above, below] = [-Infinity, -Infinity];
    sorted.forEach((value, i) => {
      const expected = cdf(value);
      above = Math.max(above, (i + 1) / n - expected);
      below = Math.max(below, expected - i / n);
    });
    const { alternative, mode } = params;
    const statistic =
      alternative === 'greater' ? above : alternative === 'less' ? below : Math.max(above, below);
    const pValue = alternative === 'two-sided' ? twoSided(n, statistic, mode) : smirnovSf(n, statistic);
    const alpha = params.alpha as number;
    const verdict = decision(
      pValue,
      alpha,
      `"${a.name}" comes from the distribution ${params.cdf} (${parameters(params)})`,
    );
    return {
      fields: ['statistic', 'p-value', decisionField(alpha)],
      rows: [[statistic, pValue, verdict]],
    };
  },
};

function twoSided(n: number, statistic: number, mode: unknown): number {
  if (mode === 'asymp') return kolmogorovLimitSf(Math.sqrt(n) * statistic);
  if (mode === 'approx') return Math.min(1, 2 * smirnovSf(n, statistic));
  return kolmogorovSf(n, statistic);
}

/** @throws KeplerError invalid_arguments where the distribution's shape is missing, or another's is given. */
function distribution({ cdf, loc, scale, s, df }: Params): (value: number) => number {
  const needs = { norm: [], lognorm: ['s'], chi2: ['df'] }[cdf as 'norm' | 'lognorm' | 'chi2'] as string[];
  const given = Object.entries({ s, df }).filter(([, value]) => value !== undefined);
  const strange = given.map(([name]) => name).filter((name) => !needs.includes(name));
  const missing = needs.filter((name) => !given.some(([known]) => known === name));
  if (strange.length + missing.length > 0) {
    const problem =
      missing.length > 0 ? `needs the option "${missing[0]}"` : `takes no option "${strange[0]}"`;
    throw new KeplerError(
      'invalid_arguments',
      `kstest: cdf=${cdf} ${problem}. The options are cdf=norm loc= scale=, cdf=lognorm s= loc= scale=, cdf=chi2 df= loc= scale=.`,
    );
  }
  const standard = (value: number): number => (value - (loc as number)) / (scale as number);
  if (cdf === 'norm') return (value) => normalCdf(standard(value));
  if (cdf === 'chi2') return (value) => chiSquareCdf(standard(value), df as number);
  return (value) => {
    const z = standard(value);
    return z > 0 ? normalCdf(Math.log(z) / (s as number)) : 0;
  };
}

function parameters({ s, df, loc, scale }: Params): string {
  return Object.entries({ s, df, loc, scale })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}
