import { nounOf, problemsOf, timeOf, verbOf } from '../../container/contract/catalogue/arguments.ts';
import { NOUNS, findNoun } from '../../container/contract/catalogue/nouns.ts';
import { fieldsOf, usageOfNoun, usageOfVerb } from '../../container/contract/catalogue/usage.ts';
import { CHANGE_FIELDS, VERBS, findVerb } from '../../container/contract/catalogue/verbs.ts';

const ALL = [...NOUNS, ...VERBS];
const unique = (names: readonly string[]) => expect([...new Set(names)]).toEqual(names);

describe('the catalogue', () => {
  it('has the nouns and verbs of the pages', () => {
    expect(NOUNS.map(({ name }) => name)).toEqual(
      'models versions metrics runs jobs runtimes images templates datasets settings health'.split(' '),
    );
    expect(VERBS.map(({ name }) => name)).toEqual([
      ...'alias promote rollback delete share cancel unstage enrol'.split(' '),
      ...['start', 'stop', 'restart', 'remove'].map((word) => `runtime ${word}`),
      'set',
      'workbench',
    ]);
    expect(CHANGE_FIELDS.map(({ name }) => name)).toEqual(['object', 'change', 'before', 'after']);
  });

  it.each(ALL.map((one) => [one.name, one] as const))(
    '%s names each thing once, and explains it',
    (_, one) => {
      unique(one.options.map(({ name }) => name));
      const variants = 'variants' in one ? (one.variants ?? []) : [];
      const lists = [one.fields ?? [], ...variants.map(({ fields }) => fields)];
      for (const fields of lists) unique(fields.map(({ name }) => name));
      for (const { about } of [one, ...one.options, ...lists.flat()]) expect(about.length).toBeGreaterThan(3);
      for (const { kind, choices } of one.options) expect(choices !== undefined).toBe(kind === 'choice');
    },
  );

  it.each(NOUNS.map((noun) => [noun.name, noun] as const))(
    '%s has variants of options that it takes',
    (_, noun) => {
      for (const { option, value } of noun.variants ?? []) {
        const taken = noun.options.find(({ name }) => name === option);
        expect(taken).toBeDefined();
        if (value !== undefined) expect(taken?.choices).toContain(value);
      }
      const plots = noun.options.find(({ name }) => name === 'plot')?.choices ?? [];
      expect(
        (noun.variants ?? []).filter(({ option }) => option === 'plot').map(({ value }) => value),
      ).toEqual(plots);
    },
  );
});

describe('arguments', () => {
  it('suggest the noun, verb, option or value that was meant', () => {
    expect(nounOf('modles')).toMatch(
      /no noun "modles"\. Did you mean models\? It is one of models, versions/,
    );
    expect(nounOf('')).toMatch(/^the noun is missing/);
    expect(verbOf('runtime strat')).toMatch(/Did you mean runtime start\?/);
    expect(problemsOf(findNoun('runs')!, undefined, { king: 'fit' })).toEqual([
      expect.stringMatching(/runs has no option king; .* Did you mean kind\?/),
    ]);
    expect(problemsOf(findNoun('runs')!, undefined, { kind: 'aply' })).toEqual([
      expect.stringMatching(/kind=aply is not allowed; .* Did you mean apply\?/),
    ]);
  });

  it('name everything that is wrong at once', () => {
    const problems = problemsOf(findNoun('runs')!, undefined, {
      count: '0',
      since: 'today',
      kind: '',
      x: '1',
    });
    expect(problems).toHaveLength(4);
    expect(problems.join(' ')).toMatch(
      /kind= needs a value.*today must be seconds.*of at least 1 and at most/,
    );
  });

  it.each([
    ['versions', undefined, /versions needs <model>\[@<version>\] behind it/],
    ['jobs', 'x', /jobs takes no name; "x" was given/],
    ['models', 'iris@2', /models takes a model, not a version/],
  ])('of %s %s', (noun, name, message) => {
    expect(problemsOf(findNoun(noun)!, name, {}).join(' ')).toMatch(message);
  });

  it.each([
    ['promote', 'iris', {}, /promote needs a version: iris@<version>/],
    ['rollback', 'iris@2', {}, /takes a model, not a version/],
    ['alias', 'iris@2', {}, /alias needs name=: the alias/],
    ['alias', 'iris@2', { name: 'a', remove: 'perhaps' }, /remove=perhaps must be true or false/],
    ['share', 'iris', { to: 'world' }, /one of app, private/],
    ['enrol', undefined, { url: 'https://x' }, /enrol needs <runtime> behind it.*enrol needs code=/],
    ['runtime start', 'main', { port: '99999' }, /at most 65535/],
  ])('of %s %s %j', (verb, name, options, message) => {
    expect(problemsOf(findVerb(verb)!, name, options as Record<string, string>).join(' ')).toMatch(message);
  });

  it('are right when they are right', () => {
    expect(problemsOf(findNoun('models')!, undefined, {})).toEqual([]);
    expect(problemsOf(findNoun('metrics')!, 'app:iris@champion', { plots: 'T' })).toEqual([]);
    expect(problemsOf(findVerb('set')!, undefined, { 'hec.url': 'https://x', maxRows: '1' })).toEqual([]);
    expect(problemsOf(findVerb('alias')!, 'iris@2', { name: 'b', remove: '0', owner: 'ann' })).toEqual([]);
  });

  it('say nothing of names like those of every object', () => {
    expect(nounOf('constructor')).toMatch(/no noun/);
    expect(
      problemsOf(findNoun('jobs')!, undefined, { toString: 'x' } as Record<string, string>),
    ).toHaveLength(1);
  });

  it('read times', () => {
    expect(timeOf('-24h', 100_000)).toBe(13_600);
    expect(timeOf('1763700000.5', 0)).toBe(1763700000.5);
    for (const text of ['', 'now', '-1y', '1e9', '--1h']) expect(timeOf(text, 0)).toBeUndefined();
  });
});

it('shows how nouns and verbs are written', () => {
  expect(usageOfNoun(findNoun('metrics')!)).toMatch(
    /^\| kepler metrics <model>\[@<version>\] \[plot=confusion\|roc/,
  );
  expect(usageOfVerb(findVerb('share')!)).toBe(
    '| keplerctl share <model> to=app|private [owner=<text>] [app=<text>]',
  );
  expect(usageOfVerb(findVerb('set')!)).toBe(
    '| keplerctl set [force=true] [runtime=<text>] <setting>=<value> …',
  );
});

it('knows which fields options ask for', () => {
  const metrics = findNoun('metrics')!;
  expect(fieldsOf(metrics, { plot: 'roc' }).map(({ name }) => name)).toEqual([
    'class',
    'threshold',
    'fpr',
    'tpr',
  ]);
  expect(fieldsOf(metrics, { plots: false })).toBe(metrics.fields);
  expect(fieldsOf(findNoun('runtimes')!, { logs: '5' }).map(({ name }) => name)).toEqual([
    '_time',
    'stream',
    'line',
  ]);
});
