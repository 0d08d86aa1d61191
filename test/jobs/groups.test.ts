import { TemplateFinder } from '../../container/templates/finder.ts';
import { TemplateStore } from '../../container/templates/store.ts';
import { Registry } from '../../container/registry/registry.ts';
import { summarise } from '../../container/server/summary.ts';
import { ALICE, Bench, into } from './harness.ts';
import type { Reply } from './harness.ts';

let bench: Bench;
beforeAll(() => void (bench = new Bench()));
afterAll(() => bench.close());

/** Lines as objects; the fields hold no commas here. */
function rowsOf({ csv }: Reply): Record<string, string>[] {
  const [header, ...lines] = csv.trimEnd().split('\n');
  const names = header.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i], cell])));
}

const warnings = ({ meta }: Reply) =>
  meta.messages.filter(({ level }) => level === 'WARN').map(({ text }) => text);

/** The largest distance between two columns of numbers. */
const apart = (rows: Record<string, string>[], a: string, b: string) =>
  rows.reduce(
    (most, row) => Math.max(most, row[a] === '' ? Infinity : Math.abs(Number(row[a]) - Number(row[b]))),
    0,
  );

const last = (replies: Reply[]) => replies[replies.length - 1];

function summary(name: string) {
  const registry = new Registry(bench.settings.modelFolder);
  const templates = new TemplateFinder(new TemplateStore(bench.settings.templateFolder));
  return summarise(registry, templates, { model: { namespace: 'user', name }, options: {} }, ALICE);
}

/** Each shop has a line of its own: y = slope x + intercept. */
const SHOPS: Readonly<Record<string, [number, number]>> = { '01': [2, 1], '1': [-3, 0], b: [0.5, 10] };

function shops(rows: number, names = Object.keys(SHOPS), from = 0): string {
  const lines = ['id,shop,x,y'];
  for (let i = from; i < from + rows; i++) {
    const shop = names[i % names.length];
    const [slope, intercept] = SHOPS[shop];
    const x = ((i * 7) % 23) - 11;
    lines.push(`${i},${shop},${x},${slope * x + intercept}`);
  }
  return `${lines.join('\n')}\n`;
}

describe('fit … by', () => {
  it('learns a line a group, told apart by the text of the field, and applies each to its own rows', async () => {
    const chunks = [shops(3000), shops(2500, undefined, 3000)];
    const replies = await bench.fit(
      { algorithm: 'LinearRegression', targets: ['y'], fields: ['x'], by: ['shop'], into: into('lines') },
      chunks,
    );
    const fitted = rowsOf(last(replies));
    expect(fitted).toHaveLength(5500);
    expect(apart(fitted, 'predicted(y)', 'y')).toBeLessThan(1e-9);
    expect(last(replies).meta.metrics).toMatchObject({ rows: 5500, trained_rows: 5500, groups: 3 });
    expect(warnings(last(replies))).toEqual([]);

    const applied = rowsOf(await bench.apply('lines', 'x,shop\n4,b\n4,"1"\n4,01\n"4","01"\n'));
    expect(applied.map((row) => Number(row['predicted(y)']))).toEqual([
      expect.closeTo(12, 9),
      expect.closeTo(-12, 9),
      expect.closeTo(9, 9),
      expect.closeTo(9, 9),
    ]);
  });

  it('applies a block of many rows as single ones', async () => {
    const body = shops(9000, undefined, 17);
    const rows = rowsOf(await bench.apply('lines', body));
    expect(rows).toHaveLength(9000);
    expect(apart(rows, 'predicted(y)', 'y')).toBeLessThan(1e-9);
  });

  it('asks for the by fields, and summarises group by group', async () => {
    const plan = await bench.jobs.plan({ model: { namespace: 'user', name: 'lines' }, options: {} }, ALICE);
    expect([...plan.requiredFields].sort()).toEqual(['shop', 'x']);
    const { fields, rows } = await summary('lines');
    expect(fields).toEqual(['shop', 'feature', 'coefficient']);
    expect(rows.map((row) => row.slice(0, 2))).toEqual([
      ['01', 'x'],
      ['01', '_intercept'],
      ['1', 'x'],
      ['1', '_intercept'],
      ['b', 'x'],
      ['b', '_intercept'],
    ]);
    expect(rows.map((row) => Number(row[2]))).toEqual(
      [2, 1, -3, 0, 0.5, 10].map((value) => expect.closeTo(value, 9)),
    );
  });

  it('leaves rows without a group or of an unknown one empty, and says how many', async () => {
    const reply = await bench.apply('lines', 'x,shop\n4,b\n4,\n4,c\n4,d\n,b\n');
    expect(rowsOf(reply).map((row) => row['predicted(y)'] !== '')).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(warnings(reply)).toEqual([expect.stringMatching(/^2 rows are of a group \(by "shop"\)/)]);
  });

  it('leaves out of training the rows whose by field is null', async () => {
    const reply = last(
      await bench.fit({ algorithm: 'LinearRegression', targets: ['y'], fields: ['x'], by: ['g'] }, [
        'g,x,y\n5,1,1\n5,2,2\n,3,100\n6,1,3\n6,2,4\n6,,5\n',
      ]),
    );
    expect(rowsOf(reply).map((row) => row['predicted(y)'] !== '')).toEqual([
      true,
      true,
      false,
      true,
      true,
      false,
    ]);
    expect(warnings(reply)).toEqual([expect.stringMatching(/^1 row was left out for a null .*"g"/)]);
    expect(reply.meta.metrics).toMatchObject({ rows: 6, trained_rows: 4, groups: 2 });
  });

  it('groups by several fields, whatever their order in the rows, and takes them out of a glob', async () => {
    const lines = ['hour,host,x1,x2,y'];
    for (let i = 0; i < 400; i++) {
      const [hour, host] = [i % 4, `h${i % 5}`];
      const [a, b] = [(i * 13) % 17, (i * 5) % 11];
      lines.push(`${hour},${host},${a},${b},${hour * a + (i % 5) * b}`);
    }
    const reply = last(
      await bench.fit(
        {
          algorithm: 'LinearRegression',
          targets: ['y'],
          fields: ['*'],
          by: ['host', 'hour'],
          into: into('both'),
        },
        [`${lines.join('\n')}\n`],
      ),
    );
    for (const row of rowsOf(reply)) expect(Number(row['predicted(y)'])).toBeCloseTo(Number(row.y), 8);
    const { fields, rows } = await summary('both');
    expect(fields).toEqual(['host', 'hour', 'feature', 'coefficient']);
    expect(
      rows
        .filter((row) => row[2] === 'x1')
        .map(([host, hour]) => `${host}/${hour}`)
        .slice(0, 6),
    ).toEqual(['h0/0', 'h0/1', 'h0/2', 'h0/3', 'h1/0', 'h1/1']);
    expect(rows).toHaveLength(20 * 3);
    const applied = await bench.apply('both', 'y,x2,hour,x1,host\n,3,2,5,h4\n,3,9,5,h4\n');
    expect(rowsOf(applied).map((row) => row['predicted(y)'])).toEqual([expect.stringMatching(/^2[12]/), '']);
  });
});

describe('groups and classes', () => {
  const lines = ['g,x,colour,y'];
  for (let i = 0; i < 120; i++) {
    const x = (i * 7) % 30;
    const colour = ['red', 'green'][(i * 3) % 2];
    // Group a has the classes no and yes, b has also maybe, c has one class, d has one row.
    if (i % 3 === 0) lines.push(`a,${x},${colour},${x > 14 ? 'yes' : 'no'}`);
    else if (i % 3 === 1) lines.push(`b,${x},${colour},${x > 20 ? 'maybe' : x > 9 ? 'yes' : 'no'}`);
    else lines.push(`c,${x},blue,no`);
  }
  lines.push('d,3,red,yes');
  const csv = `${lines.join('\n')}\n`;

  it.each([
    'DecisionTreeClassifier',
    'RandomForestClassifier',
    'GradientBoostingClassifier',
    'LogisticRegression',
  ])('%s fits the groups that it can, and names the others', async (algorithm) => {
    const reply = last(
      await bench.fit(
        { algorithm, targets: ['y'], fields: ['x', 'colour'], by: ['g'], into: into('m'), options: {} },
        [csv],
      ),
    );
    const rows = rowsOf(reply);
    const of = (group: string) => rows.filter(({ g }) => g === group);
    for (const group of ['a', 'b']) {
      const right = of(group).filter((row) => row['predicted(y)'] === row.y).length;
      expect(right / of(group).length).toBeGreaterThan(0.75);
    }
    for (const row of [...of('c'), ...of('d')]) expect(row['predicted(y)']).toBe('');
    expect(warnings(reply)).toEqual([
      expect.stringMatching(
        /^2 of 4 groups \(41 rows\) could not be fitted: g="c", g="d"\. g="c": .*one value/,
      ),
    ]);
    const applied = await bench.apply('m', csv);
    expect(rowsOf(applied).map((row) => row['predicted(y)'])).toEqual(rows.map((row) => row['predicted(y)']));
    expect(warnings(applied)).toEqual([expect.stringMatching(/^41 rows are of a group/)]);
  });

  it('gives a column to each class of any group; one that a group never saw has the probability 0', async () => {
    const model = { model: { namespace: 'user', name: 'm' } as const, options: { probabilities: 't' } };
    const rows = rowsOf(await bench.apply(model, 'colour,x,g\nred,25,a\ngreen,25,b\n'));
    for (const row of rows) {
      const sum = ['no', 'yes', 'maybe'].reduce((all, one) => all + Number(row[`probability(y=${one})`]), 0);
      expect(sum).toBeCloseTo(1, 9);
    }
    expect(rows[0]['probability(y=maybe)']).toBe('0');
    expect(Number(rows[1]['probability(y=maybe)'])).toBeGreaterThan(0.3);
  });

  it('says what was wrong where no group could be fitted, and makes no model', async () => {
    const fit = bench.fit(
      { algorithm: 'LogisticRegression', targets: ['y'], fields: ['x'], by: ['g'], into: into('none') },
      ['g,x,y\na,1,p\na,2,p\nb,3,q\n'],
    );
    await expect(fit).rejects.toMatchObject({
      code: 'target_constant',
      message: expect.stringMatching(/^None of the 2 groups could be fitted\. g="a": "y" has only one value/),
    });
    await expect(summary('none')).rejects.toMatchObject({ code: 'model_not_found' });
  });
});

describe('every kind of algorithm', () => {
  const lines = ['g,a,b,c'];
  for (let i = 0; i < 300; i++) {
    const g = i % 3;
    lines.push(`g${g},${(i % 7) + 10 * g},${((i * 5) % 11) * (g + 1)},${(i % 2) * 4}`);
  }
  const csv = `${lines.join('\n')}\n`;
  const fields = ['a', 'b', 'c'];

  it.each([
    ['StandardScaler', fields, {}, ['SS_a', 'SS_b', 'SS_c']],
    ['PCA', fields, { k: '2' }, ['PC_1', 'PC_2']],
    ['KMeans', fields, { k: '3' }, ['cluster', 'cluster_distance']],
    ['Ridge', ['b', 'c'], {}, ['predicted(a)']],
    ['DecisionTreeRegressor', ['b', 'c'], {}, ['predicted(a)']],
    ['RandomForestRegressor', ['b', 'c'], { random_state: '1' }, ['predicted(a)']],
    ['GradientBoostingRegressor', ['b', 'c'], {}, ['predicted(a)']],
  ])('%s: a group of the whole is fitted as the group alone', async (algorithm, features, options, names) => {
    const targets = names[0] === 'predicted(a)' ? ['a'] : [];
    const spec = { algorithm, targets, fields: features, options };
    const whole = rowsOf(last(await bench.fit({ ...spec, by: ['g'], into: into('all') }, [csv])));
    const applied = rowsOf(await bench.apply('all', csv));
    for (const group of ['g0', 'g2']) {
      const part = [lines[0], ...lines.filter((line) => line.startsWith(`${group},`))].join('\n');
      const alone = rowsOf(last(await bench.fit(spec, [part])));
      const same = (rows: Record<string, string>[]) =>
        rows.filter(({ g }) => g === group).map((row) => names.map((name) => row[name]));
      expect(same(whole)).toEqual(same(alone));
      expect(same(applied)).toEqual(same(alone));
    }
    const { fields: columns, rows } = await summary('all');
    expect(columns[0]).toBe('g');
    expect([...new Set(rows.map(([g]) => g))]).toEqual(['g0', 'g1', 'g2']);
  });

  it('renames the outputs with as', async () => {
    const reply = last(
      await bench.fit({ algorithm: 'StandardScaler', fields: ['a'], by: ['g'], as: 'z' }, [csv]),
    );
    expect(reply.csv.split('\n')[0]).toBe('g,a,b,c,z_a');
  });

  it('gives each group as many components as it needs; the others stay empty', async () => {
    const body = ['g,a,b', ...Array.from({ length: 20 }, (_, i) => `flat,${i},${2 * i}`)];
    for (let i = 0; i < 20; i++) body.push(`full,${i % 5},${(i * 7) % 6}`);
    const reply = last(
      await bench.fit({ algorithm: 'PCA', fields: ['a', 'b'], by: ['g'], options: { variance: '0.95' } }, [
        body.join('\n'),
      ]),
    );
    for (const row of rowsOf(reply)) expect(row.PC_2 !== '').toBe(row.g === 'full');
  });
});

describe('partial_fit by groups', () => {
  const fit = (csv: string, more: object = {}) =>
    bench.fit(
      {
        algorithm: 'StandardScaler',
        fields: ['a'],
        by: ['g'],
        partialFit: true,
        into: into('steps'),
        ...more,
      },
      [csv],
    );

  it('goes on with the groups it has, starts new ones, and keeps those that have no new rows', async () => {
    await fit('g,a\nx,1\nx,3\ny,10\ny,20\n');
    await fit('g,a\nx,5\nz,7\nz,9\n');
    const { fields, rows } = await summary('steps');
    expect(fields).toEqual(['g', 'fields', 'mean', 'var', 'scale']);
    expect(rows.map(([g, , mean]) => [g, Number(mean)])).toEqual([
      ['x', 3],
      ['y', 15],
      ['z', 8],
    ]);
  });

  it.each([
    [{ by: [] }, /by "g", not without by/],
    [{ by: ['a'], fields: ['g'] }, /by "g", not by "a"/],
  ])('refuses other groups than those of the model (%j)', async (more, message) => {
    await expect(fit('g,a\nx,1\nx,3\n', more)).rejects.toMatchObject({
      code: 'invalid_arguments',
      message: expect.stringMatching(message),
    });
  });
});

describe('what is refused', () => {
  const spec = { algorithm: 'LinearRegression', targets: ['y'], fields: ['x'], by: ['g'] };

  it.each([
    [{ kfoldCv: 3 }, /kfold_cv does not go with by/],
    [{ by: ['y'] }, /"y" is the field to predict/],
    [{ by: ['g', 'g'] }, /"g" stands twice after by/],
    [{ by: ['x'] }, /No field is left to learn from: "x" stands after by too/],
    [{ by: ['g*'] }, /without "\*"/],
  ])('%j', async (more, message) => {
    await expect(bench.fit({ ...spec, ...more }, ['g,x,y\na,1,2\n'])).rejects.toMatchObject({
      code: 'invalid_arguments',
      message: expect.stringMatching(message),
    });
  });

  it('a by field that the rows lack', async () => {
    await expect(bench.fit({ ...spec, by: ['hots'] }, ['host,x,y\na,1,2\nb,2,3\n'])).rejects.toMatchObject({
      message: expect.stringMatching(/field to group by, "hots", is not in the search results/),
    });
    await expect(bench.fit(spec, ['h,x,y\na,1,2\nb,2,3\n'])).rejects.toMatchObject({ code: 'no_features' });
  });

  it('a by field null throughout', async () => {
    await expect(bench.fit(spec, ['g,x,y\n,1,2\n,2,3\n'])).rejects.toMatchObject({ code: 'no_valid_rows' });
  });

  it('more than 5000 groups, also where a field has more texts than are kept', async () => {
    for (const count of [5001, 20_500]) {
      const lines = Array.from({ length: count }, (_, i) => `k${i},${i},${i}`);
      await expect(bench.fit(spec, [`g,x,y\n${lines.join('\n')}\n`])).rejects.toMatchObject({
        message: expect.stringMatching(/more than 5000 groups/),
      });
    }
  });

  it('a by field that a column of summary is called, where a model is made', async () => {
    const csv = 'cluster,x\n0,1\n0,2\n1,5\n1,9\n';
    const kmeans = { algorithm: 'KMeans', fields: ['x'], by: ['cluster'], options: { k: '2' } };
    await expect(bench.fit({ ...kmeans, into: into('c') }, [csv])).rejects.toMatchObject({
      message: expect.stringMatching(/field called "cluster"/),
    });
  });
});

it('5000 groups are fitted, kept and applied', async () => {
  const lines = ['g,x,y'];
  for (let i = 0; i < 15_000; i++)
    lines.push(`k${i % 5000},${Math.floor(i / 5000)},${Math.floor(i / 5000) * (i % 5000)}`);
  const csv = `${lines.join('\n')}\n`;
  const reply = last(
    await bench.fit(
      { algorithm: 'LinearRegression', targets: ['y'], fields: ['x'], by: ['g'], into: into('many') },
      [csv],
    ),
  );
  const applied = rowsOf(await bench.apply('many', csv));
  for (const rows of [rowsOf(reply), applied]) expect(apart(rows, 'predicted(y)', 'y')).toBeLessThan(1e-6);
});

it('tells apart groups of any text, across chunks', async () => {
  const names = ['"a ""quoted"" one"', '"with, comma"', '"two\nlines"', 'größe', '0', '-0', ' 0', '日本'];
  const csv = (from: number) =>
    `x,${'g'},y\n${Array.from({ length: 64 }, (_, i) => `${(i + from) % 9},${names[i % 8]},${(i % 8) * ((i + from) % 9)}`).join('\n')}\n`;
  const spec = { algorithm: 'LinearRegression', targets: ['y'], fields: ['x'], by: ['g'], into: into('odd') };
  await bench.fit(spec, [csv(0), csv(3), csv(5)]);
  const { rows } = await summary('odd');
  expect(rows.filter((row) => row[1] === 'x').map(([g, , slope]) => [g, Math.round(Number(slope))])).toEqual([
    [' 0', 6],
    ['-0', 5],
    ['0', 4],
    ['a "quoted" one', 0],
    ['größe', 3],
    ['two\nlines', 2],
    ['with, comma', 1],
    ['日本', 7],
  ]);
  const body = `x,g\n${names.map((name) => `10,${name}`).join('\n')}\n`;
  const applied = (await bench.apply('odd', body, { step: 3 })).csv.trimEnd();
  expect(
    applied
      .match(/[^,\n]+$/gm)
      ?.filter((cell) => /^[\d.e-]+$/.test(cell))
      .map((n) => Math.round(Number(n))),
  ).toEqual(names.map((_, i) => 10 * i));
});

it('keeps the texts of groups with apply=f too, where a field first comes in a later chunk', async () => {
  const spec = {
    algorithm: 'LinearRegression',
    targets: ['y'],
    fields: ['x'],
    by: ['g'],
    into: into('late'),
  };
  await bench.fit({ ...spec, apply: false }, [
    'x,y\n9,9\n',
    'x,y,g\n1,1,07\n2,2,07\n',
    'g,x,y\n7,1,-1\n7,2,-2\n',
  ]);
  const { rows } = await summary('late');
  expect(rows.filter((row) => row[1] === 'x').map(([g, , slope]) => [g, Math.round(Number(slope))])).toEqual([
    ['07', 1],
    ['7', -1],
  ]);
});

it('ends with the search, whatever group it is at', async () => {
  const lines = Array.from({ length: 40_000 }, (_, i) => `k${i % 2000},${(i * 31) % 97},${(i * 17) % 89}`);
  const slow = new Bench({ maxFitSeconds: 0.3 });
  try {
    const fit = slow.fit(
      {
        algorithm: 'GradientBoostingRegressor',
        targets: ['y'],
        fields: ['x'],
        by: ['g'],
        into: into('never'),
        options: { n_estimators: '2000' },
      },
      [`g,x,y\n${lines.join('\n')}\n`],
    );
    await expect(fit).rejects.toMatchObject({ code: 'limit_time' });
    expect(slow.spooled()).toEqual([]);
  } finally {
    await slow.close();
  }
});

it('trains on the rows that sample_count draws, and leaves groups without any of them empty', async () => {
  const rows = Array.from({ length: 500 }, (_, i) => `${i < 495 ? 'many' : `k${i}`},${i},${i}`);
  const reply = last(
    await bench.fit(
      {
        algorithm: 'LinearRegression',
        targets: ['y'],
        fields: ['x'],
        by: ['g'],
        sampleCount: 40,
        sampleSeed: 3,
      },
      [`g,x,y\n${rows.join('\n')}\n`],
    ),
  );
  const all = rowsOf(reply);
  expect(all).toHaveLength(500);
  expect(all.slice(0, 495).every((row) => Math.abs(Number(row['predicted(y)']) - Number(row.y)) < 1e-6)).toBe(
    true,
  );
  expect(all.slice(495).some((row) => row['predicted(y)'] === '')).toBe(true);
  expect(warnings(reply)[0]).toMatch(/of 6 groups .* could not be fitted: .*sample_count/);
});

it('partial_fit keeps a group as it was where its new rows cannot be learnt from', async () => {
  const spec = {
    algorithm: 'StandardScaler',
    fields: ['a'],
    by: ['g'],
    partialFit: true,
    into: into('kept'),
  };
  await bench.fit(spec, ['g,a\nx,1\nx,3\ny,10\n']);
  const reply = last(await bench.fit(spec, ['g,a\nx,2\ny,\n']));
  expect(rowsOf(reply).map((row) => row.SS_a !== '')).toEqual([true, false]);
  expect(rowsOf(await bench.apply('kept', 'g,a\ny,10\n'))[0].SS_a).toBe('0');
});

it('unseen_value and text features work within groups', async () => {
  const csv = 'g,t,x,y\na,p,1,1\na,q,2,5\na,p,3,3\na,q,4,7\nb,p,1,2\nb,r,2,4\nb,r,3,6\nb,p,4,8\n';
  const rows = 'g,t,x\na,p,1\na,new,1\nnew,p,1\n';
  const fit = (unseenValue: 'default' | 'skip' | 'stop') =>
    bench.fit(
      {
        algorithm: 'LinearRegression',
        targets: ['y'],
        fields: ['t', 'x'],
        by: ['g'],
        into: into('u'),
        unseenValue,
      },
      [csv],
    );
  await fit('default');
  const filled = async () => rowsOf(await bench.apply('u', rows)).map((row) => row['predicted(y)'] !== '');
  expect(await filled()).toEqual([true, true, false]);
  await fit('skip');
  expect(await filled()).toEqual([true, false, false]);
  await fit('stop');
  await expect(bench.apply('u', rows)).rejects.toMatchObject({
    message: expect.stringMatching(/Field "t" holds a value/),
  });
  expect(rowsOf(await bench.apply('u', 'g,t,x\nnew,p,1\n'))[0]['predicted(y)']).toBe('');
});
