/** DSDL's wire contract, spoken to the built runtime as an existing installation speaks it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import type { ClientRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { splitLine } from '../../../container/table/csv-cells.ts';
import { until } from '../../eventually.ts';
import { SearchHead, ask, authorized } from '../harness.ts';
import type { Reply } from '../harness.ts';
import { killAll, listening, startProgram } from '../program.ts';
import type { Program } from '../program.ts';

const TOKEN = 'a token with blanks & signs';
let home: string;
let head: SearchHead;
let program: Program;
let url: string;
let kepler: string;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'kepler-dsdl-'));
  head = new SearchHead();
  head.trustIn(join(home, 'keys'));
  mkdirSync(join(home, 'sources'));
  program = startProgram(home, {
    KEPLER_DSDL_TOKEN: TOKEN,
    KEPLER_DSDL_LISTEN: 'http://127.0.0.1:0',
    KEPLER_TEMPLATES: join(home, 'sources'),
  });
  [, kepler] = await listening(program);
  url = program.lines().find(({ msg }) => msg === 'listening')!.dsdl as string;
});
afterAll(() => {
  killAll();
  rmSync(home, { recursive: true, force: true });
});

const ENDLESS = `
import { defineTemplate } from 'kepler';
export default defineTemplate({
  name: 'endless', kind: 'regressor', description: 'Never ends on a certain row.', params: { properties: {} },
  fit(_params, { features }) { while (features.columns[0][0] === 12345); return {}; },
  apply(_model, { rows }) { return new Float64Array(rows); },
  summary() { return { fields: [], rows: [] }; },
});
`;

interface Call {
  readonly algo?: string;
  readonly params?: Record<string, unknown>;
  readonly name?: string;
  readonly features?: readonly string[];
  readonly targets?: readonly string[];
}

/** As MLTK's side of the wire fills it in. */
function meta({ algo, params = {}, name = 'm', features = ['x'], targets = ['y'] }: Call): object {
  return {
    options: {
      params: { ...(algo !== undefined && { algo }), ...params },
      args: [...targets, ...features],
      ...(targets.length > 0 && { target_variable: targets }),
      feature_variables: features,
      model_name: name,
      algo_name: 'MLTKContainer',
      mlspl_limits: { max_inputs: '100000' },
      kfold_cv: null,
    },
    feature_variables: features,
    target_variables: targets,
  };
}

const headers = { authorization: TOKEN, 'content-type': 'application/json' };
const post = (path: string, data: string, call: Call): Promise<Reply> =>
  ask(url, path, { headers, body: JSON.stringify({ data, meta: meta(call) }) });
const summary = async () =>
  JSON.parse((await ask(url, '/summary', { headers })).json as string) as Record<string, unknown>;
const column = (reply: Reply, name: string): string[] => {
  expect(reply.json).toMatchObject({ status: 'success' });
  const lines = (reply.json.results as string).trimEnd().split('\n').map(splitLine);
  const place = lines[0].indexOf(name);
  expect(lines[0]).toContain(name);
  return lines.slice(1).map((cells) => cells[place]);
};
const line = (slope: number, rows = 50) =>
  `x,y\n${Array.from({ length: rows }, (_, i) => `${i},${slope * i + 1}`).join('\n')}\n`;

it('fits, applies and summarises a built-in', async () => {
  const fitted = await post('/fit', line(2), { algo: '"LinearRegression"' });
  expect(fitted.status).toBe(200);
  expect(fitted.json.message).toBe('/fit done successfully');
  expect(column(fitted, 'predicted_y').map(Number)).toEqual(
    Array.from({ length: 50 }, (_, i) => expect.closeTo(2 * i + 1, 8) as number),
  );
  const applied = await post('/apply', 'x\n10\n-1\n', { algo: 'LinearRegression' });
  expect(applied.json.message).toBe('/apply done successfully');
  expect(column(applied, 'predicted_y').map(Number)).toEqual([expect.closeTo(21, 8), expect.closeTo(-1, 8)]);
  expect(await summary()).toMatchObject({
    app: 'Kepler',
    token: 'valid',
    model: 'LinearRegression_m@1',
    model_summary: [{ feature: 'x' }, { feature: '_intercept' }],
  });
  const root = await ask(url, '/', { headers });
  expect(JSON.parse(root.json)).toEqual(await summary());
});

it('keeps the versions, in a namespace that searches can be let read', async () => {
  for (const slope of [3, 4]) await post('/fit', line(slope), { algo: 'LinearRegression', name: 'kept' });
  const applied = await post('/apply', 'x\n10\n', { algo: 'LinearRegression', name: 'app:kept' });
  expect(Number(column(applied, 'predicted_y')[0])).toBeCloseTo(41, 8);
  const token = await head.token({ app: 'dsdl' });
  const { json } = await ask(kepler, '/v1/models', { headers: authorized(token) });
  expect(json.models).toContainEqual(
    expect.objectContaining({ name: 'LinearRegression_kept', app: 'dsdl', versions: [1, 2] }),
  );
});

it('knows two algorithms that have a model of one name apart', async () => {
  await post('/fit', line(2), { algo: 'LinearRegression', name: 'both' });
  await post('/fit', line(-2), { algo: 'Ridge', name: 'both', params: { alpha: '0.000001' } });
  const predictions = await Promise.all(
    ['LinearRegression', 'Ridge'].map((algo) => post('/apply', 'x\n10\n', { algo, name: 'both' })),
  );
  expect(predictions.map((reply) => Number(column(reply, 'predicted_y')[0]))).toEqual([
    expect.closeTo(21, 3),
    expect.closeTo(-19, 3),
  ]);
});

it('gives a row for each row, in order, whatever they hold', async () => {
  const data =
    'größe,"a ""b"", c",y\n1,rot,"ja, ""sicher"""\n2,blau,nein\n,rot,nein\n3,"grün\n1",nein\n1.1,rot,"ja, ""sicher"""\n1,rot,"ja, ""sicher"""\n2,blau,nein\n3,blau,nein\n';
  const call = {
    algo: 'DecisionTreeClassifier',
    name: 'rows',
    features: ['größe', 'a "b", c'],
    params: { max_depth: '"3"' },
  };
  const fitted = await post('/fit', data, call);
  const yes = 'ja, "sicher"';
  const expected = [yes, 'nein', '', 'nein', yes, yes, 'nein', 'nein'];
  expect(expected).toHaveLength(8);
  expect(readCells(fitted)).toEqual(expected);
  expect(readCells(await post('/apply', data, call))).toEqual(expected);
  // A row without an answer is not an empty line, which pandas would leave out.
  expect(fitted.json.results).toContain('\n""\n');
});

/** The cells of a result of one column, whose values hold no line ends. */
function readCells(reply: Reply): string[] {
  return column(reply, 'predicted_y');
}

it('gives a clusterer its columns', async () => {
  const call = { algo: 'KMeans', name: 'groups', targets: [], params: { k: '"2"', random_state: '1' } };
  const reply = await post('/fit', 'x\n1\n1.5\n100\n', call);
  const [a, b, c] = column(reply, 'cluster');
  expect(a).toBe(b);
  expect(c).not.toBe(a);
});

it('does not sample', async () => {
  const rows = 100_001;
  const fitted = await post('/fit', line(2, rows), { algo: 'LinearRegression', name: 'many' });
  expect(column(fitted, 'predicted_y')).toHaveLength(rows);
  const applied = await post('/apply', line(2, rows), { algo: 'LinearRegression', name: 'many' });
  const predicted = column(applied, 'predicted_y').map(Number);
  expect(predicted).toHaveLength(rows);
  expect(predicted.every((value, i) => Math.abs(value - (2 * i + 1)) < 1e-6)).toBe(true);
});

it('stages rows as a data set', async () => {
  const call = { algo: 'my_notebook', name: 'staged', params: { mode: '"stage"', epochs: '10' } };
  const reply = await post('/fit', line(2), call);
  expect(reply.json).toEqual({ status: 'staged', message: expect.stringContaining('staged') as string });
  expect(reply.json).not.toHaveProperty('results');
});

describe('at the same time', () => {
  it('calls do not meet', async () => {
    const slopes = [1, 2, 3, 4];
    const fits = await Promise.all(
      slopes.map((slope) => post('/fit', line(slope, 3000), { algo: 'LinearRegression', name: `s${slope}` })),
    );
    fits.forEach((reply, i) =>
      expect(Number(column(reply, 'predicted_y')[10])).toBeCloseTo(10 * slopes[i] + 1, 6),
    );
    const applies = await Promise.all(
      slopes.map((slope) => post('/apply', 'x\n100\n', { algo: 'LinearRegression', name: `s${slope}` })),
    );
    expect(applies.map((reply) => Number(column(reply, 'predicted_y')[0]))).toEqual(
      slopes.map((slope) => expect.closeTo(100 * slope + 1, 6) as number),
    );
  });

  it('fits of one name are a version each, and each hears of its own', async () => {
    const slopes = [7, 8, 9];
    const fits = await Promise.all(
      slopes.map((slope) => post('/fit', line(slope), { algo: 'LinearRegression', name: 'same' })),
    );
    expect(fits.map((reply) => Number(column(reply, 'predicted_y')[10]))).toEqual(
      slopes.map((slope) => expect.closeTo(10 * slope + 1, 6) as number),
    );
    const token = await head.token({ app: 'dsdl' });
    const { json } = await ask(kepler, '/v1/models', { headers: authorized(token) });
    expect(json.models).toContainEqual(
      expect.objectContaining({ name: 'LinearRegression_same', versions: [1, 2, 3] }),
    );
  });

  it('a fit that does not end keeps nobody from a summary or an apply, and ends with its connection', async () => {
    await post('/fit', line(2), { algo: 'LinearRegression', name: 'beside' });
    writeFileSync(join(home, 'sources', 'endless.ts'), ENDLESS);
    await until(async () => (await post('/fit', line(2), { algo: 'endless' })).json.status === 'success');
    await post('/apply', 'x\n1\n', { algo: 'LinearRegression', name: 'beside' });
    const running = begin(
      '/fit',
      JSON.stringify({ data: 'x,y\n12345,1\n1,2\n', meta: meta({ algo: 'endless' }) }),
    );
    running.end();
    const fits = async () => {
      const { json } = await ask(kepler, '/v1/status', { headers: authorized(await head.token()) });
      return (json.allJobs as { running: number }).running;
    };
    await until(async () => (await fits()) === 1);
    expect(await summary()).toMatchObject({ model: 'LinearRegression_beside@1' });
    const applied = await post('/apply', 'x\n1\n', { algo: 'LinearRegression', name: 'beside' });
    expect(column(applied, 'predicted_y')).toHaveLength(1);
    expect(await fits()).toBe(1);
    running.destroy();
    await until(async () => (await fits()) === 0);
  }, 180_000);
});

describe('the token', () => {
  it.each([
    ['none', undefined],
    ['a part of it', TOKEN.slice(0, -1)],
    ['more than it', `${TOKEN}x`],
    ['it among other text', `Bearer ${TOKEN}`],
    ['another case', TOKEN.toUpperCase()],
    ['nothing', ''],
  ])('is compared whole: %s', async (_, authorization) => {
    for (const [path, body] of [
      ['/', undefined],
      ['/summary', undefined],
      ['/fit', '{}'],
      ['/apply', '{}'],
    ] as const) {
      const reply = await ask(url, path, {
        headers: { ...(authorization !== undefined && { authorization }) },
        body,
      });
      expect([path, reply.status, Object.keys(reply.json)]).toEqual([path, 401, ['detail']]);
    }
  });
});

describe('what is wrong is said in its form, with status 200', () => {
  const bad = async (path: string, body: string) => {
    const reply = await ask(url, path, { headers, body });
    expect([reply.status, reply.json.status]).toEqual([200, 'error']);
    expect(reply.json).not.toHaveProperty('results');
    return reply.json.message as string;
  };
  const call = (path: string, data: unknown, about: Call) =>
    bad(path, JSON.stringify({ data, meta: meta(about) }));
  const linear = { algo: 'LinearRegression' };

  it.each([
    ['no JSON', '/fit', 'data=1', /^\/fit: ERROR: .*JSON/],
    ['no JSON, large', '/apply', `{"data":"${'x,'.repeat(100_000)}`, /^\/apply: ERROR: .*JSON/],
    ['no data', '/fit', JSON.stringify({ meta: meta(linear) }), /"data" is missing/],
    ['no meta', '/fit', '{"data":"x\\n1\\n"}', /meta is missing/],
    ['no options', '/fit', '{"data":"x\\n1\\n","meta":{}}', /meta\.options is missing/],
    ['no algo', '/fit', JSON.stringify({ data: 'x\n1\n', meta: meta({}) }), /algo is missing/],
  ])('%s', async (_, path, body, message) => {
    expect(await bad(path, body)).toMatch(message);
  });

  it.each([
    ['unknown algo', '/fit', line(1), { algo: 'LinearRegresion' }, /Did you mean "LinearRegression"/],
    ['unknown algo to apply', '/apply', line(1), { algo: 'Nothing' }, /no algorithm "Nothing"/],
    ['never fitted', '/apply', line(1), { ...linear, name: 'never' }, /no model "never" .* fit it first/],
    ['unknown option', '/fit', line(1), { ...linear, params: { epochs: '10' } }, /no option "epochs"/],
    ['a row too long', '/fit', 'x,y\n1,2\n3,4,5\n', linear, /row|line/],
    ['no rows', '/fit', '', linear, /lacks fields .*"x", "y"/],
    ['a feature that is not there', '/fit', 'y\n1\n2\n', linear, /lacks a field .*"x"/],
    ['a target that is not there', '/fit', 'x\n1\n2\n', linear, /lacks a field .*"y"/],
    ['no features', '/fit', line(1), { ...linear, features: [] }, /feature_variables/],
    ['a target of text', '/fit', 'x,y\n1,a\n2,b\n', linear, /y/],
    ['a name that is none', '/fit', line(1), { ...linear, name: '../../x' }, /not a model name/],
  ])('%s', async (_, path, data, about, message) => {
    expect(await call(path, data, about)).toMatch(message);
  });

  it('a field of the model that apply is not given', async () => {
    await post('/fit', line(2), { ...linear, name: 'needs' });
    expect(await call('/apply', 'z\n1\n', { ...linear, name: 'needs' })).toMatch(/lacks a field .*"x"/);
  });

  it('other paths and methods', async () => {
    expect((await ask(url, '/compute', { headers, body: '{}' })).json).toEqual({ detail: 'Not Found' });
    expect((await ask(url, '/fit', { headers })).json).toEqual({ detail: 'Method Not Allowed' });
    expect((await ask(url, '/v1/models', { headers })).status).toBe(404);
  });
});

it('hears a body in pieces, without its length, over a connection that stays', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (const slope of [5, 6]) {
    const body = JSON.stringify({
      data: line(slope),
      meta: meta({ algo: 'LinearRegression', name: 'pieces' }),
    });
    const request = begin('/fit', '', agent);
    const reply = answerOf(request);
    for (let at = 0; at < body.length; at += 100) request.write(body.slice(at, at + 100));
    request.end();
    const { results } = JSON.parse(await reply) as { results: string };
    expect(Number(results.split('\n')[11])).toBeCloseTo(10 * slope + 1, 8);
  }
  agent.destroy();
});

it('writes each call down as a run, refused ones too', async () => {
  const token = await head.token({ capabilities: ['edit_kepler_models'] });
  const runs = async () => {
    const body = JSON.stringify({ noun: 'runs', options: {} });
    const { json } = await ask(kepler, '/v1/read', { headers: authorized(token), body });
    const fields = json.fields as string[];
    return (json.rows as string[][]).map((row) =>
      Object.fromEntries(row.map((cell, i) => [fields[i], cell])),
    );
  };
  await post('/fit', line(2), { algo: 'LinearRegression', name: 'noted' });
  await post('/fit', 'x,y\n1,a\n', { algo: 'LinearRegression', name: 'noted' });
  const noted = (await runs()).filter((run) => JSON.stringify(run).includes('LinearRegression_noted'));
  expect(noted.map(({ status }) => status).sort()).toEqual(['error', 'ok']);
});

function begin(path: string, body: string, agent?: Agent): ClientRequest {
  const request = httpRequest(new URL(path, url), { method: 'POST', headers, ...(agent && { agent }) });
  request.on('error', () => undefined);
  if (body) request.write(body);
  return request;
}

function answerOf(request: ClientRequest): Promise<string> {
  return new Promise((resolve, reject) => {
    request.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => (text += piece));
      response.on('end', () => resolve(text));
      response.on('error', reject);
    });
  });
}
