import { parseFormula } from '../../container/score/anova/formula.ts';
import { requiredFields, runScore } from '../../container/score/catalogue.ts';
import { tableOf } from './table-of.ts';

const rows = Array.from({ length: 24 }, (_, i) => i);
const table = tableOf({
  y: rows.map((i) => Math.sin(i) + (i % 3)),
  x: rows.map((i) => Math.cos(3 * i)),
  twice: rows.map((i) => 2 * Math.cos(3 * i)),
  group: rows.map((i) => 'abc'[i % 3]),
  'a field, odd': rows.map((i) => (i % 5) * 0.5),
  many: rows.map((i) => (i < 20 ? `m${i}` : null)),
});
const run = (options: Record<string, string>, warn: (text: string) => void = () => undefined) =>
  runScore({ method: 'anova', a: [], b: [], options }, table, warn);

describe('formulas', () => {
  const termsOf = (formula: string) =>
    parseFormula(formula).terms.map((term) => term.map(({ text }) => text).join(':') || '1');

  test.each([
    ['y ~ a', ['1', 'a']],
    ['y~a+b-1', ['a', 'b']],
    ['y ~ 0 + a', ['a']],
    ['y ~ a*b', ['1', 'a', 'b', 'a:b']],
    ['y ~ a*b - a:b', ['1', 'a', 'b']],
    ['y ~ a/b', ['1', 'a', 'a:b']],
    ['y ~ (a + b + c)**2 - b:a', ['1', 'a', 'b', 'c', 'a:c', 'b:c']],
    ['y ~ a:a + C(b)', ['1', 'a', 'C(b)']],
    [`y ~ 'odd, "name"' + Q("b c"):größe.x`, ['1', 'odd, "name"', 'Q("b c"):größe.x']],
  ])('%s', (formula, terms) => {
    expect(termsOf(formula)).toEqual(terms);
  });

  test.each([
    ['y', /lacks the ~/],
    ['~ x', /has "~" where a field should stand/],
    ['y ~', /ends where a field should stand/],
    ['y ~ x +', /ends where a field should stand/],
    ['y ~ (x + z', /lacks a closing bracket/],
    ['y ~ log(x)', /function log\(…\): compute it into a field with eval/],
    ['y ~ x ? z', /cannot be read from "\? z" on/],
    ['y ~ 1', /has no term after/],
    ['y ~ 2', /holds the number 2/],
    ['y ~ x**z', /whole number from 1 to 10/],
    ['y ~ x z', /has "z" where a sign should stand/],
    ['y ~ x + y', /its target "y" among the terms/],
    ['C(y) ~ x', /a category for a target/],
  ])('%s is refused', (formula, message) => {
    expect(() => parseFormula(formula)).toThrow(message);
    expect(() => requiredFields({ method: 'anova', a: [], b: [], options: { formula } })).toThrow(message);
  });
});

test('only the fields of the formula are needed, and a row with a null in one of them is left out', () => {
  const formula = "y ~ x + 'a field, odd'";
  expect(requiredFields({ method: 'anova', a: [], b: [], options: { formula } })).toEqual([
    'y',
    'x',
    'a field, odd',
  ]);
  const warnings: string[] = [];
  expect(() => run({ formula: 'y ~ many' }, (text) => warnings.push(text))).toThrow(/20 rows are too few/);
  expect(warnings).toEqual([expect.stringMatching(/4 of 24 rows/)]);
});

test.each([
  [{}, /"formula"/],
  [{ formula: 'y ~ z' }, /there is no field "z"/],
  [{ formula: 'group ~ x' }, /"group" holds text/],
  [{ formula: 'y ~ x + twice' }, /"twice" says nothing that the terms before it/],
  [{ formula: 'y ~ x', type: '4' }, /type/],
  [{ formula: 'y ~ x', test: 'Cp', type: '2' }, /needs|which is type=1/],
])('%j is refused with one message', (options, message) => {
  expect(() => run(options as Record<string, string>)).toThrow(message);
});

test('fields beside the formula are refused', () => {
  const options = { formula: 'y ~ x' };
  expect(() => runScore({ method: 'anova', a: ['x'], b: [], options }, table, () => undefined)).toThrow(
    /no field beside the formula/,
  );
});

test('robust without effect is warned of', () => {
  const warnings: string[] = [];
  run({ formula: 'y ~ x + group', robust: 'HC3' }, (text) => warnings.push(text));
  expect(warnings).toEqual([expect.stringMatching(/robust has no effect on type=1/)]);
});
