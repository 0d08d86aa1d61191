import type { ParamsSchema } from '../../container/contract/template.ts';
import { KeplerError } from '../../container/contract/errors.ts';
import { CATALOGUE, findTemplate } from '../../container/estimators/catalogue.ts';
import { parseParams } from '../../container/estimators/options.ts';

const schema: ParamsSchema = {
  type: 'object',
  properties: {
    n_estimators: {
      type: 'integer',
      default: 100,
      minimum: 1,
      maximum: 10000,
      description: 'How many trees.',
    },
    alpha: { type: 'number', exclusiveMinimum: 0, description: 'Strength.' },
    max_depth: { type: ['integer', 'null'], minimum: 1, description: 'Depth.' },
    max_features: { type: ['integer', 'number', 'string', 'null'], description: 'Features.' },
    fit_intercept: { type: 'boolean', default: true, description: 'Intercept.' },
    criterion: { type: 'string', enum: ['gini', 'entropy'], default: 'gini', description: 'Measure.' },
  },
  additionalProperties: false,
};
const parse = (raw: Record<string, string>) => parseParams(schema, raw, 'Forest');

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(KeplerError);
    return `${(error as KeplerError).code}: ${(error as Error).message}`;
  }
  throw new Error('nothing was wrong');
}

test('defaults are filled in, options without one stay away', () => {
  expect(parse({})).toEqual({ n_estimators: 100, fit_intercept: true, criterion: 'gini' });
});

test.each([
  ['1', true],
  ['t', true],
  ['TRUE', true],
  ['y', true],
  ['Yes', true],
  ['enable', true],
  ['enabled', true],
  ['0', false],
  ['f', false],
  ['false', false],
  ['n', false],
  ['no', false],
  ['disable', false],
  ['Disabled', false],
])('%s is a truth value', (text, value) => {
  expect(parse({ fit_intercept: text }).fit_intercept).toBe(value);
});

test.each([
  [{ max_depth: 'none' }, { max_depth: null }],
  [{ max_depth: '7' }, { max_depth: 7 }],
  [{ max_features: 'sqrt' }, { max_features: 'sqrt' }],
  [{ max_features: '0.5' }, { max_features: 0.5 }],
  [{ max_features: '3' }, { max_features: 3 }],
  [{ max_features: 'None' }, { max_features: null }],
  [{ alpha: '1e-3' }, { alpha: 0.001 }],
  [{ alpha: ' .5 ' }, { alpha: 0.5 }],
  [{ n_estimators: '1e2' }, { n_estimators: 100 }],
])('%j becomes %j', (raw, typed) => {
  expect(parse(raw as unknown as Record<string, string>)).toMatchObject(typed);
});

test.each([
  [{ n_estimators: '1.5' }, 'option "n_estimators" must be a whole number from 1 to 10000, not "1.5".'],
  [{ n_estimators: '0' }, 'option "n_estimators" must be a whole number from 1 to 10000, not "0".'],
  [{ n_estimators: '0x10' }, 'option "n_estimators" must be a whole number from 1 to 10000, not "0x10".'],
  [{ n_estimators: '' }, 'option "n_estimators" must be a whole number from 1 to 10000, not "".'],
  [{ alpha: '0' }, 'option "alpha" must be a number above 0, not "0".'],
  [{ alpha: 'NaN' }, 'option "alpha" must be a number above 0, not "NaN".'],
  [{ alpha: '1e999' }, 'option "alpha" must be a number above 0, not "1e999".'],
  [{ max_depth: '0' }, 'option "max_depth" must be a whole number at least 1 or none, not "0".'],
  [
    { criterion: 'ginni' },
    'option "criterion" must be one of gini, entropy, not "ginni". Did you mean "gini"?',
  ],
  [
    { max_dept: '3' },
    'there is no option "max_dept"; did you mean "max_depth"? Allowed are: n_estimators, alpha,',
  ],
  [{ toString: '3' }, 'there is no option "toString".'],
  [
    { max_dept: '3', colour: 'red' },
    'there is no option "max_dept"; did you mean "max_depth"? There is none called "colour". Allowed are: n_estimators,',
  ],
  [
    { alpha: 'x', colour: 'red' },
    'there is no option "colour". Allowed are: n_estimators, alpha, max_depth, max_features, fit_intercept, criterion. Option "alpha" must be a number above 0, not "x".',
  ],
])('%j is refused', (raw, text) => {
  expect(messageOf(() => parse(raw as unknown as Record<string, string>))).toContain(
    `invalid_arguments: Forest: ${text}`,
  );
});

test('every problem stands in one message', () => {
  const message = messageOf(() =>
    parse({ alpha: '-1', colour: 'red', fit_intercept: 'perhaps', n_estimators: '0' }),
  );
  for (const name of ['alpha', 'colour', 'fit_intercept', 'n_estimators'])
    expect(message).toContain(`"${name}"`);
});

test('a required option that is missing is named', () => {
  const needs: ParamsSchema = { ...schema, required: ['alpha'] };
  expect(messageOf(() => parseParams(needs, {}, 'Forest'))).toContain(
    'option "alpha" is required: a number above 0.',
  );
});

test('algorithms are found by exact name; a near miss is told what was meant', () => {
  expect(findTemplate('LinearRegression').name).toBe('LinearRegression');
  expect(messageOf(() => findTemplate('LinearRegresion'))).toContain('Did you mean "LinearRegression"?');
  expect(messageOf(() => findTemplate('kmeans'))).toContain('Did you mean "KMeans"?');
  expect(messageOf(() => findTemplate('DBSCAN'))).toContain('does not have it yet');
  const message = messageOf(() => findTemplate('constructor'));
  expect(message).toMatch(/^unknown_algorithm: There is no algorithm "constructor"\./);
  for (const name of CATALOGUE.keys()) expect(message).toContain(name);
});

test('the catalogue cannot be changed', () => {
  expect(() => (CATALOGUE as Map<string, unknown>).set('Mine', {})).toThrow(TypeError);
  expect(() => Object.assign(CATALOGUE.get('PCA')!, { name: 'x' })).toThrow(TypeError);
});

test('a mistyped option may have meant one that is read elsewhere', () => {
  const typed = () => parseParams(schema, { hold_out: '0.2' }, 'Forest', ['holdout']);
  expect(messageOf(typed)).toContain('there is no option "hold_out"; did you mean "holdout"?');
});

test('what no single range says is told in the same message, before a row is read', () => {
  const forest = CATALOGUE.get('RandomForestClassifier')!.params;
  const wrong = { max_depth: '0', max_features: 'half', min_samples_split: '1', class_weight: 'odd' };
  const message = messageOf(() => parseParams(forest, wrong, 'Forest'));
  for (const option of Object.keys(wrong)) expect(message).toContain(`"${option}" must be`);
  expect(message).toContain('a whole number from 2 or a share below 1, not "1"');
  const right = {
    max_features: 'Sqrt',
    min_samples_split: '0.3',
    min_samples_leaf: '4',
    class_weight: 'a:b:2',
  };
  for (const features of ['none', 'log2', '3', '.5', '1.0', '007'])
    expect(parseParams(forest, { ...right, max_features: features }, 'Forest')).toHaveProperty(
      'max_features',
    );
  for (const features of ['0', '0.0', '1.5', '-1', '1e1', ''])
    expect(() => parseParams(forest, { max_features: features }, 'Forest')).toThrow('max_features');
});
