/** Against a real MLflow server: fits are logged after they are done, its own client reads them, templates ask it. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MlflowDoor, MlflowQueue, registryMethods } from '../../../container/helpers/registry/index.ts';
import type { LoggedVersion, RegistryDoor } from '../../../container/helpers/registry/index.ts';
import { eventually, until } from '../../eventually.ts';
import { SearchHead, FIT_SPEC, ask, authorized, chunk, split } from '../../server/requests.ts';
import { killAll, listening, startProgram } from '../../server/program.ts';
import type { Program } from '../../server/program.ts';
import { MISSING_MLFLOW, MlflowServer } from './mlflow-server.ts';

const real = (name: string, body: () => Promise<void>) =>
  MISSING_MLFLOW === undefined ? it(name, body) : it.skip(`${name} (${MISSING_MLFLOW})`, body);

let mlflow: MlflowServer;
let home: string;
let head: SearchHead;
let program: Program;
let url: string;

beforeAll(async () => {
  if (MISSING_MLFLOW !== undefined) return;
  home = mkdtempSync(join(tmpdir(), 'kepler-mlflow-home-'));
  head = new SearchHead();
  head.trustIn(join(home, 'keys'));
  mlflow = await MlflowServer.start();
  program = startProgram(home, { KEPLER_MLFLOW_URL: mlflow.url, KEPLER_REGISTRY: 'both' });
  [url] = await listening(program);
});
afterAll(async () => {
  killAll();
  await mlflow?.stop();
  if (home) rmSync(home, { recursive: true, force: true });
});

const ROWS = Array.from({ length: 90 }, (_, i) => {
  const colour = ['red', 'green', 'blue'][i % 3];
  return {
    x: i / 10,
    colour,
    y: i / 5 + (colour === 'red' ? 7 : 1),
    kind: i % 3 === 0 ? 'a' : i > 45 ? 'b' : 'c',
  };
});
const CSV = `x,colour,y,kind\n${ROWS.map(({ x, colour, y, kind }) => `${x},${colour},${y},${kind}`).join('\n')}\n`;

async function fit(spec: object, user = 'ann'): Promise<string[]> {
  const token = await head.token({ sub: user, sid: '1700000000.77' });
  const reply = await ask(
    url,
    '/v1/fit',
    chunk(token, CSV, {
      spec: { ...FIT_SPEC, options: {}, ...spec },
      search: { sid: '1700000000.77', search: 'index=main | fit' },
    }),
  );
  expect(reply.status).toBe(200);
  const lines = split(reply).body.toString().trim().split('\n');
  return lines.slice(1).map((line) => line.slice(line.lastIndexOf(',') + 1));
}

interface Version {
  readonly version: string;
  readonly run_id: string;
  readonly tags: { key: string; value: string }[];
}

interface MlflowRun {
  readonly info: { readonly status: string };
  readonly data: {
    readonly tags: { key: string; value: string }[];
    readonly params: { key: string; value: string }[];
    readonly metrics: { key: string; value: number }[];
  };
}

/** The version that has the alias, once it is that of Kepler's version. */
async function logged(name: string, version: number, alias = 'champion'): Promise<Version> {
  return eventually(async () => {
    const found = await mlflow.get<{ model_version: Version }>('registered-models/alias', { name, alias });
    expect(tagsOf(found.model_version.tags)['kepler.model_version']).toBe(String(version));
    return found.model_version;
  });
}

const tagsOf = (tags: { key: string; value: string }[]) =>
  Object.fromEntries(tags.map(({ key, value }) => [key, value]));

real(
  "a fit is a run, a version and an alias, which MLflow's own client loads and scores as apply does",
  async () => {
    const predicted = await fit({
      algorithm: 'LinearRegression',
      targets: ['y'],
      fields: ['x', 'colour'],
      into: { namespace: 'user', name: 'line' },
    });
    const kinds = await fit({
      algorithm: 'DecisionTreeClassifier',
      options: { random_state: '1' },
      targets: ['kind'],
      fields: ['x', 'colour'],
      into: { namespace: 'user', name: 'tree' },
      alias: 'challenger',
    });
    const version = await logged('line', 1);
    const run = await eventually(async () => {
      const { run: found } = await mlflow.get<{ run: MlflowRun }>('runs/get', { run_id: version.run_id });
      expect(found.info.status).toBe('FINISHED');
      return found;
    });
    expect(tagsOf(run.data.tags)).toMatchObject({
      owner: 'ann',
      app: 'search',
      user: 'ann',
      sid: '1700000000.77',
      search: 'index=main | fit',
      algorithm: 'LinearRegression',
    });
    const metrics = Object.fromEntries(run.data.metrics.map(({ key, value }) => [key, value]));
    expect(metrics['r2_score'] ?? metrics['R2'] ?? metrics['r2']).toBeGreaterThan(0.5);
    expect(run.data.params.map(({ key }) => key)).toContain('fit_intercept');
    await logged('tree', 1);
    await logged('tree', 1, 'challenger');

    const scored = mlflow.python(`
import json, mlflow, pandas as pd
rows = pd.DataFrame(json.loads('''${JSON.stringify(ROWS.map(({ x, colour }) => ({ x, colour })))}'''))
line = mlflow.pyfunc.load_model("models:/line@champion").predict(rows)
tree = mlflow.pyfunc.load_model("models:/tree@challenger").predict(rows)
print(json.dumps({"line": list(line["predicted(y)"]), "tree": list(tree["predicted(kind)"]), "columns": list(tree.columns)}))
`) as { line: number[]; tree: string[]; columns: string[] };
    scored.line.forEach((value, i) => expect(value).toBeCloseTo(Number(predicted[i]), 6));
    expect(scored.tree).toEqual(kinds);
    expect(scored.columns).toEqual([
      'predicted(kind)',
      'probability(kind=a)',
      'probability(kind=b)',
      'probability(kind=c)',
    ]);
  },
);

real(
  'a refit is the next version and takes the alias; the model of the same name of somebody else is another',
  async () => {
    const spec = {
      algorithm: 'LinearRegression',
      targets: ['y'],
      fields: ['x'],
      into: { namespace: 'user', name: 'line' },
    };
    await fit(spec);
    expect((await logged('line', 2)).version).toBe('2');
    await fit(spec, 'bob');
    const bobs = await logged('line.user.bob', 1);
    expect(tagsOf(bobs.tags)).toMatchObject({ owner: 'bob', user: 'bob' });
    expect((await logged('line', 2)).version).toBe('2');
  },
);

real('says on /metrics how many wait and how many failed', async () => {
  const metrics = async () =>
    (await ask(url, '/metrics', { headers: authorized(await head.token()) })).body.toString();
  // The server shows a version before the queue has taken its entry out.
  await until(async () => /^kepler_mlflow_queued 0$/m.test(await metrics()));
  expect(await metrics()).toMatch(/^kepler_mlflow_failed 0$/m);
});

const TOLD: LoggedVersion = {
  model: { namespace: 'user', owner: 'ann', name: 'late', version: 1 },
  algorithm: 'LinearRegression',
  kind: 'regressor',
  app: 'search',
  user: 'ann',
  sid: '1',
  startedAt: 1_700_000_000_000,
  endedAt: 1_700_000_001_000,
  params: { a: 1 },
  metrics: { rmse: 0.5 },
  aliases: ['champion', 'v1'],
  fields: [{ name: 'x', kind: 'number' }],
};

describe('the queue', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kepler-mlflow-queue-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const open = (to: string) =>
    new MlflowQueue({
      folder,
      settings: { url: to, experiment: 'queue' },
      graph: () => Promise.resolve(undefined),
      told: () => undefined,
    });

  real('keeps fits while the server is away, also over a restart, and logs each once', async () => {
    // At first each connection is broken at once; then the first three in the middle of an answer. The port stays taken.
    const target = Number(new URL(mlflow.url).port);
    let [away, cuts] = [true, 3];
    const door = createServer((client) => {
      if (away) return void client.resetAndDestroy();
      const server = connect(target, '127.0.0.1');
      const end = () => (client.destroy(), server.destroy());
      client.on('error', end).on('close', end);
      server.on('error', end).on('close', end);
      client.pipe(server);
      server.on('data', (bytes) => (cuts-- > 0 ? end() : client.write(bytes)));
    });
    const port = await listen(door);
    const first = open(`http://127.0.0.1:${port}`);
    await first.put(TOLD);
    await until(() => first.state.state === 'retrying');
    expect(first.state).toMatchObject({ queued: 1, reason: expect.stringContaining('cannot be asked') });
    await first.close();
    const second = open(`http://127.0.0.1:${port}`);
    expect(second.state.queued).toBe(1);
    away = false;
    try {
      await until(() => second.state.logged === 1);
      await eventually(() => {
        expect(second.state).toMatchObject({ queued: 0, failed: 0 });
        expect(readdirSync(join(folder, 'queue'))).toEqual([]);
      });
    } finally {
      await second.close();
      await new Promise((done) => door.close(done));
    }
    const { model_versions: versions } = await mlflow.get<{ model_versions: Version[] }>(
      'model-versions/search',
      {
        filter: "name = 'late'",
      },
    );
    expect(versions).toHaveLength(1);
    const { runs } = await mlflow.post<{ runs: unknown[] }>('runs/search', {
      experiment_ids: [
        (
          await mlflow.get<{ experiment: { experiment_id: string } }>('experiments/get-by-name', {
            experiment_name: 'queue',
          })
        ).experiment.experiment_id,
      ],
    });
    expect(runs).toHaveLength(1);
  });

  real('sets aside what MLflow will never take, and goes on', async () => {
    const queue = open(mlflow.url);
    // A metric that is no number comes back as INVALID_PARAMETER_VALUE.
    await queue.put({
      ...TOLD,
      model: { ...TOLD.model, name: 'odd' },
      metrics: { a: 'x' as unknown as number },
    });
    await queue.put({
      ...TOLD,
      model: { ...TOLD.model, name: 'odd', version: 2 },
      startedAt: 'x' as never,
    });
    await queue.put({ ...TOLD, model: { ...TOLD.model, name: 'even' } });
    await until(() => queue.state.queued === 0);
    await eventually(() => {
      expect(queue.state).toMatchObject({ failed: 1, logged: 2 });
      expect(readdirSync(join(folder, 'failed'))).toHaveLength(1);
    });
    await queue.close();
  });
});

describe('what templates ask', () => {
  const principal = { user: 'ann', app: 'search' };
  const never = () => Promise.reject(new Error('not asked'));
  const nobody: RegistryDoor = { logModel: never, loadModelVersion: never, versions: never, promote: never };
  let door: MlflowDoor;
  beforeAll(() => {
    if (MISSING_MLFLOW === undefined) door = new MlflowDoor({ url: mlflow.url, experiment: 'asked' });
  });
  afterAll(() => door?.close());

  function call(
    method: string,
    args: Record<string, unknown>,
    body?: Uint8Array,
    user = 'ann',
    template = 'Mine',
  ) {
    const methods = registryMethods({
      which: 'mlflow',
      kepler: nobody,
      mlflow: door,
      may: (who: { user: string; app: string }, _action, { owner }) => owner === who.user,
      complain: () => undefined,
    });
    return methods[method](
      { args, body },
      { caller: { sid: '1', principal: { ...principal, user } }, template: { name: template, version: 3 } },
    );
  }

  real('logs, loads, compares and promotes', async () => {
    const model = (score: number, promote: boolean) => ({
      name: 'asked',
      features: ['x'],
      params: { depth: 3 },
      metrics: { score },
      promote,
    });
    const state = Buffer.from('a state');
    expect((await call('logModel', { model: model(0.5, true) }, state)).result).toEqual({
      name: 'asked',
      version: 1,
    });
    expect((await call('logModel', { model: model(0.7, false) }, state)).result).toMatchObject({
      version: 2,
    });
    const loaded = await call('loadModelVersion', { reference: 'asked' });
    expect(loaded.result).toMatchObject({
      registry: 'mlflow',
      version: 1,
      metrics: { score: 0.5 },
      params: { depth: '3' },
      aliases: ['champion'],
    });
    expect(Buffer.from(loaded.body!).toString()).toBe('a state');
    // Another template gets no model that it cannot read.
    expect(
      (await call('loadModelVersion', { reference: 'asked@2' }, undefined, 'ann', 'Other')).body,
    ).toBeUndefined();
    const compared = await call('compareModels', { references: ['asked'] });
    expect(compared.result).toMatchObject({
      metrics: ['score'],
      versions: [{ version: 1 }, { version: 2, metrics: { score: 0.7 } }],
    });
    expect((await call('promote', { reference: 'asked@2' })).result).toEqual({ version: 2, before: 1 });
    expect((await call('loadModelVersion', { reference: 'asked@champion' })).result).toMatchObject({
      version: 2,
    });
  });

  real('shows and gives nobody what is another user’s', async () => {
    for (const [method, args] of [
      ['loadModelVersion', { reference: 'asked@1' }],
      ['compareModels', { references: ['asked'] }],
      ['promote', { reference: 'asked@1' }],
    ] as const)
      await expect(call(method, args, undefined, 'bob')).rejects.toMatchObject({ code: 'forbidden' });
  });

  real('misses models, versions and aliases that are not there', async () => {
    for (const reference of ['nowhere', 'asked@99', 'asked@nobody'])
      await expect(call('loadModelVersion', { reference })).rejects.toMatchObject({
        code: 'model_not_found',
      });
  });

  real('refuses an alias that is MLflow’s own', async () => {
    await expect(call('promote', { reference: 'asked@1', alias: 'latest' })).rejects.toMatchObject({
      code: 'invalid_arguments',
    });
  });
});

async function listen(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}
