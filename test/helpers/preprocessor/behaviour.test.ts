import {
  clipOutliers,
  datetimeFeatures,
  encodeCategorical,
  featureNames,
  handleMissing,
  inverseTransform,
  preprocessor,
  scale,
  standardPreprocessing,
  tableOf,
  textFeatures,
  transform,
} from '../../../container/helpers/preprocessor/index.ts';
import type { PlainColumn, PreparedTable, Step } from '../../../container/helpers/preprocessor/index.ts';
import { decodeState, encodeState } from '../../../container/registry/state-codec.ts';

/** By name, NaN as null. */
function plain(table: PreparedTable): Record<string, (number | null)[]> {
  return Object.fromEntries(
    table.names.map((name, i) => [name, Array.from(table.columns[i], (v) => (Number.isNaN(v) ? null : v))]),
  );
}

function fit(steps: readonly Step[], columns: Record<string, PlainColumn>, target?: PlainColumn) {
  return preprocessor(steps).fit(tableOf(columns), { target: target as (string | null)[] });
}

describe('rows', () => {
  test('with a null are left out by drop, at fit and at scoring, and places say which are left', () => {
    const { table, state, target } = fit(
      [handleMissing({ strategy: 'drop' }), encodeCategorical({ method: 'ordinal' })],
      { a: [1, null, 3, 4], b: ['x', 'y', null, 'z'] },
      ['p', 'q', 'r', 's'],
    );
    expect(plain(table)).toEqual({ a: [1, 4], b: [0, 1] });
    expect(table.places).toEqual(Uint32Array.of(0, 3));
    expect(target).toEqual({
      kind: 'classes',
      name: 'target',
      classes: ['p', 'q', 'r', 's'],
      codes: Int32Array.of(0, 3),
    });
    const scored = transform(state, tableOf({ a: [null, 7], b: ['x', 'new'] }));
    expect(scored.places).toEqual(Uint32Array.of(1));
    expect(plain(scored)).toEqual({ a: [7], b: [-1] });
  });

  test('without a target are left out of the fit, with a warning', () => {
    const { table, target, warnings } = fit([scale({ method: 'minmax' })], { a: [1, 2, 3], y: [5, null, 7] });
    expect(table.rows).toBe(3);
    expect(target).toBeUndefined();
    expect(warnings.join()).toContain('"y" still holds nulls');
    const named = preprocessor([scale({ method: 'minmax' })]).fit(
      tableOf({ a: [1, 2, 5], y: [5, null, 7] }),
      {
        target: 'y',
      },
    );
    expect(plain(named.table)).toEqual({ a: [0, 1] });
    expect(named.table.places).toEqual(Uint32Array.of(0, 2));
    expect(named.target).toEqual({ kind: 'number', name: 'y', values: Float64Array.of(5, 7) });
    expect(named.warnings).toEqual(['1 row was left out: the target, "y", is null there.']);
  });
});

describe('at scoring', () => {
  const { state } = fit([handleMissing(), encodeCategorical({ columns: ['code', 'site'] })], {
    load: [1, 2, 6],
    code: [200, 404, 200],
    site: ['a', 'b', 'a'],
  });

  test('columns may come in another order, and others among them', () => {
    const table = tableOf({ extra: [9], site: ['b'], code: [404], load: [null] });
    expect(plain(transform(state, table))).toEqual({
      load: [3],
      'code=200': [0],
      'code=404': [1],
      'site=a': [0],
      'site=b': [1],
    });
  });

  test('a number that has become text, and text that has become numbers, are read as at fit', () => {
    const warnings: string[] = [];
    const table = tableOf({ load: ['5', 'n/a'], code: ['200', '404'], site: [1, 2] });
    expect(plain(transform(state, table, { warn: (text) => warnings.push(text) }))).toEqual({
      load: [5, 3],
      'code=200': [1, 0],
      'code=404': [0, 1],
      'site=a': [0, 0],
      'site=b': [0, 0],
    });
    expect(warnings).toEqual(['1 value of "load", a number at fit, is no number and counts as null.']);
  });

  test('a column that is not there is named', () => {
    const table = tableOf({ load: [1], code: [200], sites: ['a'] });
    expect(() => transform(state, table)).toThrow(/fitted on the field "site".*there is "sites"/);
  });

  test('a search without rows gives none', () => {
    expect(transform(state, tableOf({ load: [], code: [], site: [] })).rows).toBe(0);
  });
});

describe('what the fit has not met', () => {
  const columns = { city: ['Oslo', 'Kyiv', 'Oslo', 'Lima'] };
  const fresh = tableOf({ city: ['Rome', null, 'Kyiv'] });
  const scored = (step: Step) => {
    const warnings: string[] = [];
    const { state } = fit([step], columns, [1, 2, 3, 6]);
    return { table: plain(transform(state, fresh, { warn: (text) => warnings.push(text) })), warnings };
  };

  test('is all zeros', () => {
    expect(scored(encodeCategorical()).table).toEqual({
      'city=Kyiv': [0, 0, 1],
      'city=Lima': [0, 0, 0],
      'city=Oslo': [0, 0, 0],
    });
  });

  test('or is told of', () => {
    expect(scored(encodeCategorical({ handleUnknown: 'warn' })).warnings).toEqual([
      '2 values of "city", as "Rome", were not met at fit and count as none of its categories.',
    ]);
  });

  test('or is as the infrequent ones are', () => {
    const step = encodeCategorical({ handleUnknown: 'infrequent_if_exist', minFrequency: 2 });
    expect(scored(step).table).toEqual({ 'city=Oslo': [0, 0, 0], 'city=(infrequent)': [1, 1, 1] });
  });

  test.each(['onehot', 'ordinal'] as const)('or is refused, naming value, column and row: %s', (method) => {
    expect(() => scored(encodeCategorical({ method, handleUnknown: 'error' }))).toThrow(
      /"city" of row 1 is "Rome", which the fit has not met/,
    );
  });

  test('has a number of its own, no frequency, the mean of the target', () => {
    expect(scored(encodeCategorical({ method: 'ordinal' })).table).toEqual({ city: [-1, -1, 0] });
    expect(scored(encodeCategorical({ method: 'frequency' })).table).toEqual({ city: [0, 0, 0.25] });
    expect(scored(encodeCategorical({ method: 'frequency', normalize: false })).table).toEqual({
      city: [0, 0, 1],
    });
    const step = encodeCategorical({ method: 'target', smooth: 0, cv: 2 });
    expect(scored(step).table).toEqual({ city: [3, 3, 2] });
  });

  test('null is a category where the fit met one', () => {
    const { table, state } = fit([encodeCategorical()], { city: ['a', null, 'a'] });
    expect(plain(table)).toEqual({ 'city=a': [1, 0, 1], 'city=(null)': [0, 1, 0] });
    const back = inverseTransform(state, table).columns[0];
    expect(back.values).toEqual(['a', null, 'a']);
  });
});

describe('the way back', () => {
  test('leads through all steps that have one, null and order included', () => {
    const columns = {
      a: [1, null, 3, 10],
      city: ['x', 'y', null, 'x'],
      b: [5, 6, 7, 8],
      size: ['s', 'm', 'm', 'l'],
    };
    const { table, state } = fit(
      [
        handleMissing({ strategy: 'mean', addIndicator: true }),
        scale({ columns: ['a'], method: 'robust' }),
        scale({ columns: ['b'], method: 'power', standardize: false }),
        encodeCategorical({ columns: ['city'], drop: 'first' }),
        encodeCategorical({ columns: ['size'], method: 'ordinal' }),
      ],
      columns,
    );
    expect(featureNames(state)).toEqual(['a', 'city=y', 'city=(null)', 'b', 'size', 'missingindicator_a']);
    const back = inverseTransform(state, table);
    expect(back.columns.map(({ name }) => name)).toEqual(['a', 'city', 'b', 'size']);
    back.columns.forEach(({ name, values }) => {
      const want = columns[name as keyof typeof columns];
      Array.from(values as ArrayLike<number | string | null>).forEach((value, row) => {
        if (typeof want[row] === 'number') expect(value).toBeCloseTo(want[row], 9);
        else expect(value).toBe(name === 'a' ? NaN : want[row]);
      });
    });
  });

  test.each<[Step, RegExp]>([
    [
      encodeCategorical({ method: 'frequency' }),
      /no way back through encodeCategorical \(frequency\) \(host\)/,
    ],
    [encodeCategorical({ method: 'target', cv: 2 }), /encodeCategorical \(target\)/],
    [textFeatures(), /textFeatures \(hashing\)/],
    [textFeatures({ method: 'tfidf', tokenPattern: '\\w+' }), /textFeatures \(tfidf\)/],
    [textFeatures({ method: 'statistics' }), /textFeatures \(statistics\)/],
    [datetimeFeatures({ columns: ['host'] }), /datetimeFeatures/],
  ])('is refused, naming the step, where there is none: %#', (step, message) => {
    const { table, state } = fit([step], { host: ['a', 'b', 'a', 'b'] }, [1, 2, 3, 4]);
    expect(() => inverseTransform(state, table)).toThrow(message);
  });

  test('takes all columns that transform made', () => {
    const { state } = fit([scale()], { a: [1, 2], b: [3, 4] });
    expect(() => inverseTransform(state, tableOf({ a: [0] }))).toThrow('"b" is not there');
  });
});

test('a state goes through the codec to the bit and holds plain data alone', () => {
  const columns = {
    n: [1, null, 3, 4, 5, 6],
    t: ['a', 'b', 'a', null, 'c', 'a'],
    _time: [0, 1e9, 2e9, null, 3e9, 4e9],
    words: ['x y', 'y z', '', 'zz yy', 'aa bb', 'zz'],
  };
  const { state, table } = fit(
    [
      datetimeFeatures({ timeZone: 'Europe/Zurich', cyclic: true }),
      handleMissing({ strategy: 'knn', nNeighbors: 2 }),
      clipOutliers({ method: 'zscore' }),
      scale({ method: 'quantile', outputDistribution: 'normal', columns: ['n'] }),
      textFeatures({ columns: ['words'], method: 'tfidf', keep: true }),
      textFeatures({ columns: ['words'], nFeatures: 4, analyzer: 'char', keep: true }),
      textFeatures({ columns: ['words'], method: 'statistics' }),
      encodeCategorical(),
    ],
    columns,
  );
  const stored = decodeState(encodeState(state)) as typeof state;
  expect(stored).toEqual(state);
  expect(transform(stored, tableOf(columns))).toEqual({
    rows: table.rows,
    names: table.names,
    columns: table.columns,
  });
});

describe('standardPreprocessing', () => {
  const rows = 200;
  const columns = {
    _time: Array.from({ length: rows }, (_, i) => 1.7e9 + i * 3600),
    load: Array.from({ length: rows }, (_, i) => (i % 7 === 0 ? null : i)),
    host: Array.from({ length: rows }, (_, i) => `host${i % 80}`),
    message: Array.from({ length: rows }, (_, i) => `error ${i % 3} at ${i}`),
    y: Array.from({ length: rows }, (_, i) => (i % 2 ? 'up' : 'down')),
  };

  test('prepares mixed rows, and what it learned prepares others', () => {
    const { table, state, target, warnings } = standardPreprocessing(tableOf(columns), {
      target: 'y',
      text: ['message'],
      textFeatures: 8,
      maxCategories: 10,
      addIndicator: true,
      outliers: 'iqr',
    });
    expect(warnings).toEqual([]);
    expect(target?.kind).toBe('classes');
    expect(table.names.filter((name) => name.startsWith('_time'))).toEqual(
      ['hour', 'weekday', 'month'].flatMap((part) => [`_time_${part}_sin`, `_time_${part}_cos`]),
    );
    expect(table.names.filter((name) => name.startsWith('host='))).toHaveLength(10);
    expect(table.names).toContain('host=(infrequent)');
    expect(table.names.filter((name) => name.startsWith('message_hashed_'))).toHaveLength(8);
    expect(table.names).toContain('missingindicator_load');
    expect(table.columns.every((column) => column.every(Number.isFinite))).toBe(true);
    const load = table.columns[table.names.indexOf('load')];
    expect(load.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 9);
    const fresh = tableOf({ _time: [null], load: [null], host: ['unheard of'], message: [null] });
    const scored = transform(state, fresh);
    expect(scored.names).toEqual(table.names);
    expect(scored.columns[table.names.indexOf('host=(infrequent)')][0]).toBe(1);
    expect(scored.columns.every((column) => column.every(Number.isFinite))).toBe(true);
  });

  test.each(['ordinal', 'target', 'frequency'] as const)('encodes by %s', (encode) => {
    const options = { target: 'y', encode, exclude: ['message'], scale: false, datetime: false } as const;
    const { table } = standardPreprocessing(tableOf(columns), options);
    expect(table.names).toEqual(['_time', 'load', 'host']);
  });

  test('takes a table of numbers as it takes a raw one', () => {
    const numeric = {
      rows: 3,
      names: ['a', 'b'],
      columns: [Float64Array.of(1, 2, 3), Float64Array.of(4, NaN, 6)],
    };
    const { table, state } = standardPreprocessing(numeric);
    expect(table.names).toEqual(['a', 'b']);
    expect(transform(state, numeric).columns).toEqual(table.columns);
  });

  test('takes columns as codes into their texts too', () => {
    const coded = {
      rows: 3,
      columns: [
        { kind: 'text' as const, name: 't', codes: Int32Array.of(1, -1, 0), levels: ['b', 'a', 'unused'] },
      ],
    };
    expect(plain(standardPreprocessing(coded).table)).toEqual({
      't=a': [1, 0, 0],
      't=b': [0, 0, 1],
      't=(null)': [0, 1, 0],
    });
  });
});

describe('the same seed deals the same parts', () => {
  const columns = { host: Array.from({ length: 60 }, (_, i) => `h${i % 6}`) };
  const y = Array.from({ length: 60 }, (_, i) => i * i);
  const made = (seed: number) =>
    plain(fit([encodeCategorical({ method: 'target', seed })], columns, y).table).host;

  test('and another seed others', () => {
    expect(made(1)).toEqual(made(1));
    expect(made(1)).not.toEqual(made(2));
  });

  test('so that no row sees its own target', () => {
    // Each row alone in its category: what is encoded is the mean of the other parts, never its own value.
    const alone = { host: columns.host.map((_, i) => `h${i}`) };
    const { table } = fit([encodeCategorical({ method: 'target', smooth: 0 })], alone, y);
    const distinct = new Set(table.columns[0]);
    expect(distinct.size).toBe(5);
  });
});

describe('what cannot be is refused, naming step and column', () => {
  const columns = { load: [1, 2, 3], host: ['a', 'b', null] };
  test.each<[string, () => unknown, RegExp]>([
    [
      'an option that there is none of',
      () => scale({ withmean: false } as never),
      /scale \(standard\) has no option "withmean"; did you mean "withMean"/,
    ],
    ['an option of another method', () => scale({ clip: true } as never), /has no option "clip"/],
    [
      'a method that there is none of',
      () => scale({ method: 'robst' as never }),
      /method is "robst"; did you mean "robust"/,
    ],
    ['a strategy', () => handleMissing({ strategy: 'meen' as never }), /did you mean "mean"/],
    [
      'a range upside down',
      () => scale({ method: 'minmax', featureRange: [1, 0] }),
      /featureRange is \[1,0\].*lower one first/,
    ],
    ['percentiles beyond 100', () => scale({ method: 'robust', quantileRange: [5, 105] }), /from 0 to 100/],
    ['a time zone', () => datetimeFeatures({ timeZone: 'Mars/Phobos' }), /no time zone "Mars\/Phobos"/],
    ['a part of times', () => datetimeFeatures({ features: ['hours' as never] }), /did you mean "hour"/],
    ['a regular expression', () => textFeatures({ tokenPattern: '(' }), /no regular expression/],
    ['runs of words', () => textFeatures({ ngramRange: [2, 1] }), /ngramRange is \[2,1\]/],
    ['steps that are none', () => preprocessor(['scale' as never]), /takes a list of steps/],
    [
      'a kind of step',
      () => preprocessor([{ kind: 'scale/log', options: {} }]),
      /no preprocessing step "scale\/log"/,
    ],
    [
      'a column that is not there',
      () => fit([scale({ columns: ['laod'] })], columns),
      /scale \(standard\): there is no column "laod"; did you mean "load"/,
    ],
    [
      'text where numbers are needed',
      () => fit([scale({ columns: 'all' })], columns),
      /scale \(standard\): "host" holds text such as "a"/,
    ],
    [
      'text that has no mean',
      () => fit([handleMissing({ columns: 'all' })], columns),
      /"host" holds text, which has no mean/,
    ],
    ['text that is left', () => fit([scale()], columns), /After the last step "host" still holds text/],
    [
      'a target that is missing',
      () => fit([encodeCategorical({ method: 'target' })], columns),
      /fit\(table, \{ target \}\)/,
    ],
    [
      'a target of another length',
      () => fit([scale()], { a: [1, 2] }, [1, 2, 3]),
      /target has 3 values for 2 rows/,
    ],
    [
      'parts that are too many',
      () => fit([encodeCategorical({ method: 'target' })], columns, [1, 2, 3]),
      /5 parts \(cv\) cannot be made of 3 rows/,
    ],
    ['an infinite value', () => fit([scale()], { load: [1, Infinity] }), /"load" of row 2 is Infinity/],
    [
      'what is not positive, for Box-Cox',
      () => fit([scale({ method: 'power', transformation: 'box-cox' })], { load: [1, 0, 2] }),
      /positive numbers alone, but "load" holds 0/,
    ],
    [
      'text as filler of numbers',
      () => fit([handleMissing({ strategy: 'constant', fillValue: 'none', columns: ['load'] })], columns),
      /fillValue is "none", but "load" holds numbers/,
    ],
    ['no rows', () => fit([scale()], { load: [] }), /no rows to learn/],
    ['columns of unequal length', () => tableOf({ a: [1], b: [1, 2] }), /"b" has 2 values, but "a" has 1/],
    [
      'a name that is taken',
      () => fit([encodeCategorical()], { host: ['a'], 'host=a': [1] }),
      /would make a column "host=a"/,
    ],
    [
      'texts without terms',
      () => fit([textFeatures({ method: 'tfidf' })], { host: ['a', 'b'] }),
      /no term of "host" is left/,
    ],
    [
      'more columns than fit',
      () => fit([textFeatures({ nFeatures: 2 ** 20 })], { host: new Array(300).fill('a') }),
      /1048576 columns of 300 rows for "host" would take 2\.3 GiB/,
    ],
    ['a state that is none', () => transform({} as never, tableOf({})), /no fitted preprocessing/],
  ])('%s', (_, run, message) => {
    expect(run).toThrow(message);
  });
});

test('the power of many rows is that of greatest likelihood, whatever a sample says', () => {
  const rows = 60_000;
  const values = Float64Array.from({ length: rows }, (_, i) =>
    Math.exp(2 * Math.sin(i * 1.7) + (i % 997) / 997),
  );
  const lambdaOf = (column: Float64Array) => {
    const { state } = preprocessor([scale({ method: 'power' })]).fit({
      rows: column.length,
      names: ['x'],
      columns: [column],
    });
    return (state.steps[0].fitted.lambdas as Float64Array)[0];
  };
  const loss = (lambda: number) => {
    const transformed = values.map((x) => ((1 + x) ** lambda - 1) / lambda);
    const mean = transformed.reduce((sum, x) => sum + x, 0) / rows;
    const variance = transformed.reduce((sum, x) => sum + (x - mean) ** 2, 0) / rows;
    const logs = values.reduce((sum, x) => sum + Math.log1p(x), 0);
    return Math.log(variance) / 2 - ((lambda - 1) * logs) / rows;
  };
  const found = lambdaOf(values);
  expect(loss(found)).toBeLessThan(loss(found - 1e-4));
  expect(loss(found)).toBeLessThan(loss(found + 1e-4));
});
