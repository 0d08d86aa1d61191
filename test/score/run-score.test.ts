import { KeplerError } from '../../container/contract/errors.ts';
import { checkScore, requiredFields, runScore } from '../../container/score/catalogue.ts';
import { tableOf } from './table-of.ts';

const TABLE = tableOf({
  y: [1, 0, 1, null, 1],
  predicted_a: [1, 0, 0, 1, 1],
  predicted_b: [1, 1, 1, 1, null],
  text: ['1', '0', '1.0', 'x', '0'],
  word: ['a', 'b', 'a', 'b', 'a'],
  empty: [null, null, null, null, null],
  'a "b", c': [1, 2, 3, 4, 5],
});

function run(search: { method: string; a?: string[]; b?: string[]; options?: Record<string, string> }) {
  const warnings: string[] = [];
  const spec = { a: [], b: [], options: {}, ...search };
  return { ...runScore(spec, TABLE, (text) => warnings.push(text)), warnings };
}

function failure(search: Parameters<typeof run>[0]): KeplerError {
  try {
    run(search);
  } catch (error) {
    if (error instanceof KeplerError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

test('rows with a null in a field used are left out, with a warning that counts them', () => {
  const { rows, warnings } = run({ method: 'accuracy_score', a: ['y'], b: ['predicted_a'] });
  expect(rows).toEqual([['y', 'predicted_a', '0.75']]);
  expect(warnings).toEqual([
    expect.stringMatching(/^1 of 5 rows \(20 %\) was left out .*"y", "predicted_a"/),
  ]);
});

test('a glob after against gives a row a field, nulls of all of them left out', () => {
  const { rows, warnings } = run({ method: 'accuracy_score', a: ['y'], b: ['pred*'] });
  expect(rows).toEqual([
    ['y', 'predicted_a', String(2 / 3)],
    ['y', 'predicted_b', String(2 / 3)],
  ]);
  expect(warnings).toEqual([expect.stringContaining('2 of 5 rows (40 %)')]);
});

test('a glob of everything leaves out the fields before against', () => {
  expect(requiredFields({ method: 'accuracy_score', a: ['y'], b: ['*'], options: {} })).toEqual(['y', '*']);
  expect(failure({ method: 'accuracy_score', a: ['y'], b: ['*'] }).code).toBe('no_valid_rows');
});

test('a number equals the text that says it', () => {
  const { rows, fields } = run({ method: 'confusion_matrix', a: ['y'], b: ['text'] });
  expect(fields).toEqual(['Label', 'predicted(0)', 'predicted(1)']);
  expect(rows).toEqual([
    ['actual(0)', '1', '0'],
    ['actual(1)', '1', '2'],
  ]);
});

test('classes of text are sorted by code point, classes of numbers as numbers', () => {
  const sorted = (values: (number | string)[]): readonly string[] =>
    runScore(
      { method: 'confusion_matrix', a: ['v'], b: ['v'], options: {} },
      tableOf({ v: values }),
      () => {},
    ).fields;
  expect(sorted([10, 9, -1, -0])).toEqual([
    'Label',
    'predicted(-1)',
    'predicted(0)',
    'predicted(9)',
    'predicted(10)',
  ]);
  expect(sorted(['b', 'A', '\u{1F600}', '\uFFFD'])).toEqual([
    'Label',
    'predicted(A)',
    'predicted(b)',
    'predicted(\uFFFD)',
    'predicted(\u{1F600})',
  ]);
});

test.each([
  [{ method: 'acuracy_score' }, 'unknown_method', /did you mean "accuracy_score"\? Methods are: .*wilcoxon/],
  [
    { method: 'confusion_matrix', options: { true: 'y', pred: 'predicted_a' } },
    'invalid_arguments',
    /did you mean "score confusion_matrix y against predicted_a"/,
  ],
  [
    { method: 'accuracy_score', a: ['y'], b: ['predicted_a'], options: { normalise: 't' } },
    'invalid_arguments',
    /no option "normalise"; did you mean "normalize"/,
  ],
  [
    { method: 'accuracy_score', a: ['yy'], b: ['predicted_c', 'nothing*'] },
    'invalid_arguments',
    /no field "yy".*no field "predicted_c" \(did you mean "predicted_[ab]"\?\).*no field fits "nothing\*"/,
  ],
  [
    { method: 'r2_score', a: ['y', 'text', 'word'], b: ['y', 'y', 'y'] },
    'not_numeric',
    /"text", "word" hold text/,
  ],
  [{ method: 'accuracy_score', a: ['y'] }, 'invalid_arguments', /1 before and 0 after against/],
  [
    { method: 'accuracy_score', a: ['y', 'text'], b: ['y', 'text', 'word'] },
    'invalid_arguments',
    /as many of each/,
  ],
  [
    { method: 'confusion_matrix', a: ['y'], b: ['predicted_a', 'text'] },
    'invalid_arguments',
    /one field before/,
  ],
  [
    { method: 'confusion_matrix', a: ['y'], b: ['predicted*'] },
    'invalid_arguments',
    /gives 1 before and 2 after/,
  ],
  [{ method: 'describe', a: ['y'], b: ['text'] }, 'invalid_arguments', /no against/],
  [{ method: 'r2_score', a: ['y'], b: ['empty'] }, 'no_valid_rows', /No row has a value in every field used/],
  [{ method: 'ttest_1samp', a: ['y'] }, 'invalid_arguments', /"popmean" is required/],
  [
    { method: 'precision_score', a: ['y'], b: ['predicted_a'], options: { pos_label: '7' } },
    'invalid_arguments',
    /pos_label=7 is no class/,
  ],
  [
    { method: 'precision_score', a: ['text'], b: ['word'] },
    'invalid_arguments',
    /average=binary cannot score/,
  ],
  [{ method: 'roc_auc_score', a: ['word'], b: ['predicted_a'] }, 'invalid_arguments', /Classes are: a, b/],
  [
    { method: 'kstest', a: ['predicted_a'], options: { cdf: 'lognorm' } },
    'invalid_arguments',
    /needs the option "s"/,
  ],
  [
    { method: 'kstest', a: ['predicted_a'], options: { cdf: 'norm', df: '2' } },
    'invalid_arguments',
    /no option "df"/,
  ],
  [{ method: 'adfuller', a: ['a "b", c'] }, 'invalid_arguments', /maxlag=10 is too much for the 5 values/],
  [
    { method: 'silhouette_score', a: ['y'], b: ['y'], options: { metric: 'euclid' } },
    'invalid_arguments',
    /euclid/,
  ],
  [{ method: 'f_oneway', a: ['y'] }, 'invalid_arguments', /two or more fields/],
  [{ method: 'tmean', a: ['y'], options: { lower_limit: '7' } }, 'invalid_data', /within the limits/],
] as const)('%j is refused with %s', (search, code, message) => {
  const error = failure(search as never);
  expect({ code: error.code, message: error.message }).toEqual({
    code,
    message: expect.stringMatching(message),
  });
});

test('more than 100 classes are refused', () => {
  const table = tableOf({
    v: Array.from({ length: 300 }, (_, i) => i),
    w: Array.from({ length: 300 }, (_, i) => `w${i}`),
  });
  for (const [a, b] of [
    ['v', 'v'],
    ['w', 'w'],
    ['v', 'w'],
  ]) {
    expect(() =>
      runScore({ method: 'accuracy_score', a: [a], b: [b], options: {} }, table, () => {}),
    ).toThrow(/300 distinct values; a score of classes takes at most 100/);
  }
});

test('a matrix of distances takes 50 fields', () => {
  const table = tableOf(Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`f${i}`, [i, i + 1]])));
  const spec = { method: 'pairwise_distances', a: ['f0'], b: ['f*'] };
  expect(() => runScore({ ...spec, options: {} }, table, () => {})).toThrow(
    /at most 50 fields.*there are 59/,
  );
  expect(runScore({ ...spec, options: { output: 'list' } }, table, () => {}).rows).toHaveLength(59);
});

test('choices may be written in any letter case', () => {
  const { params } = checkScore({
    method: 'adfuller',
    a: ['y'],
    b: [],
    options: { autolag: 'aic', maxlag: '2' },
  });
  expect(params).toMatchObject({ autolag: 'AIC', maxlag: 2, regression: 'c' });
});

describe('warnings', () => {
  const cases: [string, Parameters<typeof run>[0], RegExp][] = [
    [
      'a share of nothing',
      { method: 'precision_score', a: ['word'], b: ['empty2'], options: { average: 'macro' } },
      /no predicted rows/,
    ],
    [
      'several classes',
      { method: 'roc_auc_score', a: ['three'], b: ['predicted_a'], options: { pos_label: '2' } },
      /3 classes: all but pos_label=2/,
    ],
    ['one class', { method: 'roc_auc_score', a: ['ones'], b: ['predicted_a'] }, /not defined \(NaN\)/],
    ['few rows', { method: 'wilcoxon', a: ['three'], b: ['predicted_a'] }, /5 rows to work on; below 20/],
    ['a constant', { method: 'pearsonr', a: ['ones'], b: ['three'] }, /"ones" is constant/],
    ['few values', { method: 'normaltest', a: ['three'] }, /fewer than 8 values/],
    ['no spread', { method: 'ttest_1samp', a: ['ones'], options: { popmean: '0' } }, /do not vary/],
    ['outside the table', { method: 'kpss', a: ['three'], options: { nlags: '0' } }, /outside the table/],
  ];
  const table = tableOf({
    word: ['a', 'b', 'a', 'b', 'a'],
    empty2: ['a', 'a', 'a', 'a', 'a'],
    three: [1, 2, 3, 1, 2],
    ones: [1, 1, 1, 1, 1],
    predicted_a: [0.1, 0.5, 0.2, 0.9, 0.3],
  });
  test.each(cases)('%s', (_, search, message) => {
    const warnings: string[] = [];
    runScore({ a: [], b: [], options: {}, ...search }, table, (text) => warnings.push(text));
    expect(warnings).toContainEqual(expect.stringMatching(message));
  });
});
