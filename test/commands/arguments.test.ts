import { parseApply } from '../../splunk_app/src/commands/apply.ts';
import { parseDeletemodel } from '../../splunk_app/src/commands/deletemodel.ts';
import { parseFit } from '../../splunk_app/src/commands/fit-arguments.ts';
import { Problems } from '../../splunk_app/src/commands/grammar.ts';
import { parseSample } from '../../splunk_app/src/commands/sample.ts';
import { parseScore } from '../../splunk_app/src/commands/score.ts';
import { parseSummary } from '../../splunk_app/src/commands/summary.ts';

type Parser<T> = (raw: string | readonly string[], probe: boolean, problems: Problems) => T;

/** What a right search parses to. */
function right<T>(parse: Parser<T>, raw: string | readonly string[], probe = false): NonNullable<T> {
  const problems = new Problems();
  const spec = parse(raw, probe, problems);
  expect(problems.list).toEqual([]);
  return spec!;
}

/** What is said about a wrong one. */
function wrong<T>(parse: Parser<T>, raw: string | readonly string[]): string {
  const problems = new Problems();
  parse(raw, false, problems);
  expect(problems.any).toBe(true);
  return problems.toError('x', 'y').message;
}

const fit = (raw: string | readonly string[]) => right(parseFit, raw);

describe('fit', () => {
  it('reads targets, fields, options and the model, with defaults', () => {
    expect(fit('LinearRegression y from a b* fit_intercept=f into m as p')).toEqual({
      algorithm: 'LinearRegression',
      options: { fit_intercept: 'f' },
      targets: ['y'],
      fields: ['a', 'b*'],
      by: [],
      into: { namespace: 'user', name: 'm' },
      as: 'p',
      apply: true,
      partialFit: false,
      promote: true,
      alias: undefined,
      sampleCount: undefined,
      sampleSeed: undefined,
      kfoldCv: undefined,
      holdout: undefined,
      holdoutBy: undefined,
      holdoutSeed: undefined,
      unseenValue: undefined,
    });
  });

  it('stages rows under a name with mode=stage, and trains with mode=fit as without', () => {
    const staged = fit('MyTemplate mode=stage depth=3 y from x* into rows');
    expect(staged).toMatchObject({ mode: 'stage', options: { depth: '3' }, into: { name: 'rows' } });
    expect(fit('DBSCAN mode=stage x* into rows').mode).toBe('stage');
    expect(fit('LinearRegression mode=fit y from x')).not.toHaveProperty('mode');
    expect(wrong(parseFit, 'MyTemplate mode=stage y from x')).toMatch(/mode=stage needs into <data set>/);
    expect(wrong(parseFit, 'MyTemplate mode=staged y from x into d')).toMatch(/mode.*stage/);
  });

  it('takes project, use case and index of its telemetry, in apply too', () => {
    const tell = { project: 'p 1', useCase: 'churn', index: 'ml' };
    expect(fit('PCA a b project="p 1" use_case=churn index=ml k=1')).toMatchObject({
      tell,
      options: { k: '1' },
    });
    expect(right(parseApply, 'm project="p 1" use_case=churn index=ml')).toMatchObject({ tell, options: {} });
  });

  it('takes options anywhere and the last of two', () => {
    const spec = fit('k=3 KMeans random_state=1 a into m k=4 b random_state = 2');
    expect(spec).toMatchObject({
      algorithm: 'KMeans',
      fields: ['a', 'b'],
      options: { k: '4', random_state: '2' },
    });
  });

  it.each([
    ['a=one b = "two"', { a: 'one', b: 'two' }],
    ['k= 5 j =6', { k: '5', j: '6' }],
    ['class_weight="a:1,b:5"', { class_weight: 'a:1,b:5' }],
    ['threshold="0.01,0.02"', { threshold: '0.01,0.02' }],
    ['threshold=0.01,0.02', { threshold: '0.01,0.02' }],
    ['token_pattern="(?u)\\\\b\\"x\\""', { token_pattern: '(?u)\\b"x"' }],
    ['e=""', { e: '' }],
    ['q=a=b', { q: 'a=b' }],
  ])('reads %s', (text, options) => {
    expect(fit(`KMeans x ${text}`)).toMatchObject({ options, fields: ['x'] });
  });

  it('takes raw_args as splunkd cuts them', () => {
    expect(fit(['KMeans', 'k', '=', '"3"', '"a', 'b"', ',', 'c'])).toMatchObject({
      options: { k: '3' },
      fields: ['a b', 'c'],
    });
  });

  it('knows keywords in any case, and ~', () => {
    const expected = { targets: ['y'], fields: ['x'], into: { namespace: 'app', name: 'm' }, by: ['a', 'b'] };
    expect(fit('LinearRegression y FROM x INTO app:m BY "a, b"')).toMatchObject(expected);
    expect(fit('LinearRegression y~x By a,b Into "app:m"')).toMatchObject(expected);
    expect(fit('LinearRegression y from x by "a,b" into APP:m')).toMatchObject(expected);
  });

  it('takes quoted words as fields, whatever they say', () => {
    expect(fit('KMeans "from" "a=b" "into" "IsOutlier(x)" "say \\"hi\\"" "ünï,code" "*"').fields).toEqual([
      'from',
      'a=b',
      'into',
      'IsOutlier(x)',
      'say "hi"',
      'ünï,code',
      '*',
    ]);
  });

  it('reads the options that every algorithm has', () => {
    expect(
      fit(
        'SGDClassifier y from x apply=f partial_fit=yes promote=0 alias=challenger sample_count=9 sample_seed=0 unseen_value=Skip into m',
      ),
    ).toMatchObject({
      options: {},
      apply: false,
      partialFit: true,
      promote: false,
      alias: 'challenger',
      sampleCount: 9,
      sampleSeed: 0,
      unseenValue: 'skip',
    });
    expect(fit('LinearRegression y from x kfold_cv=5')).toMatchObject({ kfoldCv: 5 });
    expect(
      fit('LinearRegression y from x holdout=0.25 holdout_by=_time holdout_seed=3 into m'),
    ).toMatchObject({
      holdout: 0.25,
      holdoutBy: '_time',
      holdoutSeed: 3,
      options: {},
    });
  });

  it.each([
    ['', /name of an algorithm is missing/],
    ['KMeans', /no field is named/],
    ['LinearRegression from x', /nothing stands before from/],
    ['LinearRegression y from', /no field stands after from/],
    ['LinearRegression y from x from z', /from is given twice/],
    ['LinearRegression y from x into a into b', /into is given twice/],
    ['LinearRegression y from x into', /into needs a name/],
    ['LinearRegression y from x into m@2', /into m@2: a version cannot be chosen/],
    ['LinearRegression y from x into 2m', /"2m" is not a model name/],
    ['LinearRegression y from x into ../m', /is not a model name/],
    ['LinearRegression y from x into global:m', /namespace is app: or user:, not global:/],
    ['LinearRegression y from x kfold_cv=3 into m', /kfold_cv only measures/],
    ['LinearRegression y from x kfold_cv=3 apply=f', /kfold_cv answers with its measures/],
    ['LinearRegression y from x kfold_cv=1', /kfold_cv=1 must be a whole number of at least 2/],
    ['LinearRegression y from x holdout=20', /holdout=20 must be a number above 0 and below 1/],
    ['LinearRegression y from x holdout=0', /holdout=0 must be a number above 0/],
    ['LinearRegression y from x partial_fit=t', /partial_fit=t needs into/],
    ['LinearRegression y from x apply=maybe', /apply=maybe must be true or false/],
    ['LinearRegression y from x unseen_value=skipp', /one of default, skip, stop. Did you mean skip\?/],
    ['LinearRegression y from x promote=f', /promote=f needs into/],
    ['LinearRegression y from x alias=a-b into m', /alias=a-b is no alias/],
    ['LinearRegression y from y', /y is both target and feature/],
    ['LinearRegression y* from x', /must be one field, not a glob/],
    ['LinearRegression y from "x', /^x: The quote that opens at "x is never closed\. Usage/],
    ['LinearRegression y from x into m alias=champion promote=f', /contradict each other/],
    ['KMeans a ""', /field name is empty/],
    ['KMeans a [search x]', /was not run as a subsearch/],
    ['DBSCAN a b into m', /DBSCAN makes no model/],
    ['LocalOutlierFactor a minpts=3', /it is called n_neighbors/],
    ['DBSCAN a minpts=3', /it is called min_samples/],
  ])('fit %s', (raw, message) => {
    expect(wrong(parseFit, raw)).toMatch(message);
  });

  it('takes a target in quotes as it is written, a star and all', () => {
    expect(fit('LinearRegression "st*r" from x*')).toMatchObject({ targets: ['st*r'], fields: ['x*'] });
  });

  it('keeps what is reported here from being reported again in the runtime', () => {
    const problems = new Problems();
    const spec = parseFit('KMeans a n_clusters=3 random_stat=1 model=2', false, problems);
    expect(problems.list).toHaveLength(1);
    // Near to one of fit's own, and yet a template may have it.
    expect(spec.options).toEqual({ random_stat: '1', model: '2' });
  });

  it('names everything that is wrong in one message', () => {
    const text = wrong(parseFit, 'LinearRegression y from into m@2 kfold_cv=1 apply=x');
    expect(text).toMatch(/^x: 5 problems: \(1\) .*\(5\) .*Usage: y$/);
    for (const part of ['no field stands', 'm@2', 'kfold_cv=1', 'kfold_cv only measures', 'apply=x']) {
      expect(text).toContain(part);
    }
  });
});

describe('apply, summary and deletemodel', () => {
  it.each([
    ['m', { namespace: 'user', name: 'm', explicitNamespace: false }],
    ['app:m', { namespace: 'app', name: 'm', explicitNamespace: true }],
    ['"app:m"', { namespace: 'app', name: 'm', explicitNamespace: true }],
    ['user:m@challenger', { namespace: 'user', name: 'm', explicitNamespace: true, alias: 'challenger' }],
    ['m@12', { namespace: 'user', name: 'm', explicitNamespace: false, version: 12 }],
  ])('read %s', (text, model) => {
    expect(right(parseApply, text)).toEqual({ model, options: {} });
    expect(right(parseSummary, text)).toEqual({ model, options: {} });
    expect(right(parseDeletemodel, text)).toEqual(model);
  });

  it('take options and as', () => {
    expect(right(parseApply, 'threshold=0.1 app:m@2 AS risk probabilities=t')).toEqual({
      model: { namespace: 'app', name: 'm', explicitNamespace: true, version: 2 },
      options: { threshold: '0.1', probabilities: 't' },
      as: 'risk',
    });
    expect(right(parseSummary, 'm limit=3').options).toEqual({ limit: '3' });
  });

  it.each([
    ['', /name of a model is missing/],
    ['m x', /apply takes one model; x cannot stand behind it/],
    ['m@0', /versions are counted from 1/],
    ['m@', /behind @ stands a version/],
    ['m@1.5', /behind @ stands a version/],
    ['a b:m', /apply takes one model|namespace/],
    ['m as ""', /as "" cannot name a field: it is empty/],
    ['m as __mv_x', /as "__mv_x" cannot name a field/],
    ['m into x', /^x: apply has no into; quote it if a field is called so\. Usage/],
    ['m by "a,b"', /^x: apply has no by; quote it if a field is called so\. Usage/],
    ['m as', /as needs a name/],
  ])('apply %s', (raw, message) => expect(wrong(parseApply, raw)).toMatch(message));

  it('refuse what they do not take', () => {
    expect(wrong(parseSummary, 'm as x')).toMatch(/summary has no as/);
    expect(wrong(parseDeletemodel, 'm force=t')).toMatch(/does not know the option force; it takes none/);
  });

  it('let a probe see a subsearch that was not run yet', () => {
    expect(right(parseApply, ['app:m', '[|', 'inputlookup', 't', '|', 'return', 'x]'], true).options).toEqual(
      {},
    );
  });
});

describe('score', () => {
  it('splits at against and ~', () => {
    const expected = {
      method: 'accuracy_score',
      a: ['y'],
      b: ['p', 'predicted*'],
      options: { normalize: 'f' },
    };
    expect(right(parseScore, 'accuracy_score y against p predicted* normalize=f')).toEqual(expected);
    expect(right(parseScore, 'accuracy_score normalize=f y~p, predicted*')).toEqual(expected);
    expect(right(parseScore, 'describe a b')).toMatchObject({ a: ['a', 'b'], b: [] });
    expect(right(parseScore, 'anova formula="y ~ x"')).toMatchObject({
      a: [],
      options: { formula: 'y ~ x' },
    });
    expect(right(parseScore, 'ttest_ind a from b'.replace('from', 'AGAINST'))).toMatchObject({ b: ['b'] });
  });

  it.each([
    ['', /name of a method is missing/],
    ['r2_score', /no field is named/],
    ['r2_score against p', /no field stands before against/],
    ['r2_score y ~', /no field stands after against/],
    ['r2_score y from p', /score has no from/],
    ['r2_score y ~ p into m', /score has no into/],
    ['confusion_matrix true=a pred=b', /without true= and pred=: \| score confusion_matrix a against b/],
  ])('score %s', (raw, message) => expect(wrong(parseScore, raw)).toMatch(message));
});

describe('sample', () => {
  it.each([
    ['10000', { count: 10000, inverse: false, fieldName: 'partition_number' }],
    ['0.25 seed=7', { ratio: 0.25, seed: 7 }],
    ['ratio=1', { ratio: 1 }],
    ['count=5 by host', { count: 5, by: 'host' }],
    ['proportional="a b" inverse', { proportional: 'a b', inverse: true }],
    ['partitions=5 fieldname=part seed=0', { partitions: 5, fieldName: 'part', seed: 0 }],
  ])('reads %s', (raw, spec) => expect(right(parseSample, raw)).toMatchObject(spec));

  it.each([
    ['', /say how much/],
    ['ratio=2', /ratio=2 must be a number above 0/],
    ['ratio=0.1 count=3', /exclude each other/],
    ['5 count=3', /"5" is neither/],
    ['-1', /neither a number of rows/],
    ['inverse 3', /inverse goes with proportional/],
    ['3 fieldname=x', /fieldname goes with partitions/],
    ['partition=3', /does not know the option partition.*Did you mean partitions\?/],
    ['3 by a,b', /by takes one field/],
  ])('sample %s', (raw, message) => expect(wrong(parseSample, raw)).toMatch(message));
});
