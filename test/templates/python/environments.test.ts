import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { Environments } from '../../../container/templates/python/environments.ts';
import { lockOf } from '../../../container/templates/python/lock.ts';
import { readPipSettings, redacted } from '../../../container/templates/python/pip-settings.ts';
import { nameOf, requirementsOf } from '../../../container/templates/python/requirements.ts';
import { PYTHON, missingPython } from '../../onnx/python.ts';
import { endAll, folder, numbers, optionsFor, publish, start, withPython } from './harness.ts';

afterEach(endAll);

const TEMPLATE = `# /// script
# dependencies = ["./wheels/keplertest-1.2.0-py3-none-any.whl"]
# ///
import keplertest
kind = 'regressor'
tables = 'arrow'
def fit(model, df, param): return {'answer': keplertest.ANSWER}
def apply(model, df, param): return [model['answer']] * len(df)
`;

/** A package that needs nothing, as a wheel. */
function wheel(place: string, answer: number): void {
  mkdirSync(dirname(place), { recursive: true });
  const info = 'keplertest-1.2.0.dist-info';
  const files = {
    'keplertest.py': `ANSWER = ${answer}\n`,
    [`${info}/METADATA`]: 'Metadata-Version: 2.1\nName: keplertest\nVersion: 1.2.0\n',
    [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nGenerator: kepler\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    [`${info}/RECORD`]: `keplertest.py,,\n${info}/METADATA,,\n${info}/WHEEL,,\n${info}/RECORD,,\n`,
  };
  const script =
    'import json, sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], "w") as z:\n  for n, t in json.loads(sys.argv[2]).items(): z.writestr(n, t)';
  spawnSync(PYTHON, ['-c', script, place, JSON.stringify(files)]);
}

withPython(
  'packages come into an environment of its own, locked, kept by the hash of the lock, made again from it',
  async () => {
    const home = folder('environments');
    const stages: string[] = [];
    // uv, where the tests' Python has it.
    const path = [dirname(PYTHON), process.env.PATH].join(delimiter);
    const environments = new Environments({
      folder: home,
      command: PYTHON,
      pip: () => readPipSettings({ ...process.env, PATH: path, KEPLER_PIP_SECRET: 'hidden-word' }),
      log: (text, fields) => stages.push(`${text} ${String(fields.template)} ${String(fields.tool)}`),
    });
    const options = optionsFor(environments);
    const runtime = { ...options.python!.runtime, environments: home };
    const given = { ...options, python: { runtime, environments } };
    const sources = folder('sources');
    wheel(join(sources, 'wheels/keplertest-1.2.0-py3-none-any.whl'), 42);
    const { publishTemplate } = await import('../../../container/templates/publish.ts');
    const file = join(sources, 'Packaged.py');
    const building = publishTemplate(file, TEMPLATE, given);
    const published = await building;
    expect(environments.building.size).toBe(0);
    const tool = missingPython('uv') === undefined ? 'uv' : 'pip';
    expect(stages).toEqual([`an environment for templates is ready Packaged ${tool}`]);
    const { environment } = published;
    const path1 = given.store.path('Packaged', 1);
    const lock = readFileSync(join(path1, 'requirements.lock'), 'utf8');
    expect(lock).toMatch(/^keplertest @ file:.*keplertest-1\.2\.0/m);
    expect(lock).toMatch(/^pyarrow==\d/m);
    expect(lock).not.toContain('pandas');
    expect(lock).not.toContain('hidden-word');
    const asked = await start({ manifest: published, path: path1, options: given });
    await asked.fit(numbers({ a: [1, 2] }), { kind: 'number', name: 'y', values: Float64Array.of(1, 2) });
    expect(await asked.apply(numbers({ a: [1, 2] }))).toMatchObject([{ values: Float64Array.of(42, 42) }]);

    // The same requirements: no other environment, and no other version.
    expect(await publishTemplate(file, TEMPLATE, given)).toEqual(published);
    expect(readdirSync(home).filter((name) => /^[0-9a-f]{32}$/.test(name))).toEqual([environment]);
    const again = await environments.restore('Packaged', lock);
    expect(again.hash).toBe(environment);
    expect(stages).toHaveLength(1);
  },
  240_000,
);

withPython(
  'an environment that cannot be made says why, without what is secret, and leaves nothing',
  async () => {
    const home = folder('environments');
    const environments = new Environments({
      folder: home,
      command: PYTHON,
      pip: () =>
        readPipSettings({
          PATH: process.env.PATH,
          HOME: process.env.HOME,
          KEPLER_PIP_INDEX_URL: 'http://me:hidden-word@127.0.0.1:9/simple',
          PIP_RETRIES: '0',
          UV_HTTP_RETRIES: '0',
        }),
    });
    const made = publish(
      'Missing.py',
      'kind = "regressor"',
      { 'Missing.requirements.txt': 'no-such-package-of-kepler==9\n' },
      optionsFor(environments),
    );
    const error: Error = await made.then(
      () => new Error('was published'),
      (cause: Error) => cause,
    );
    expect(error).toMatchObject({
      code: 'template_invalid',
      message: expect.stringMatching(
        /The environment of the template Missing could not be made: .*no-such-package-of-kepler/s,
      ),
    });
    expect(error.message).not.toContain('hidden-word');
    expect(readdirSync(home).filter((name) => !name.startsWith('locks'))).toEqual([]);
  },
  120_000,
);

test('requirements: comments, paths, passwords, and what the host needs besides', async () => {
  const sources = folder('sources');
  mkdirSync(join(sources, 'mine'));
  writeFileSync(join(sources, 'mine/pyproject.toml'), 'x');
  const write = (text: string) => writeFileSync(join(sources, 'X.requirements.txt'), text);
  write(
    '# all\nscikit-learn>=1.4 # why\n-e ./mine\ngit+https://github.com/a/b@v1\n--find-links https://x/y\nPandas==2.2\n',
  );
  const read = (text = '') => requirementsOf('X.py', text, sources, ['X.requirements.txt']);
  const first = await read();
  expect(first!.lines).toEqual([
    'scikit-learn>=1.4',
    join(sources, 'mine'),
    'git+https://github.com/a/b@v1',
    '--find-links https://x/y',
    'Pandas==2.2',
    'numpy',
    'pyarrow',
  ]);
  writeFileSync(join(sources, 'mine/code.py'), 'y');
  expect((await read())!.local).not.toBe(first!.local);
  write('x\nhttps://me:secret@host/x.whl\n');
  await expect(read()).rejects.toThrow(
    /X\.py was not published: line 2 of X\.requirements\.txt holds a password/,
  );
  write('mine @ git+https://ghp_1234@github.com/a/b@v1\n');
  await expect(read()).rejects.toThrow(/line 1 of X\.requirements\.txt holds a password or token/);
  write('git+ssh://git@github.com/a/b@v1\n');
  expect((await read("tables = 'arrow'"))!.lines[0]).toBe('git+ssh://git@github.com/a/b@v1');
  write('https://${KEPLER_PIP_TOKEN}@host/x.whl\n');
  expect((await read("tables = 'polars'"))!.lines).toEqual([
    'https://${KEPLER_PIP_TOKEN}@host/x.whl',
    'numpy',
    'pyarrow',
    'polars',
  ]);
  write('./nowhere\n');
  await expect(read()).rejects.toThrow(/The requirements name .*nowhere, which is not there/);
  expect(['a-b[c]>=1', 'A_b', 'a.b ; x', './a', 'git+https://x'].map(nameOf)).toEqual([
    'a-b',
    'a-b',
    'a-b',
    undefined,
    undefined,
  ]);
});

test('credentials come from the environment or a file, and are cut out of what is written', () => {
  const file = join(folder('secret'), 'index');
  writeFileSync(file, 'https://me:p%40ss@index/simple\n');
  const settings = readPipSettings({
    KEPLER_PIP_INDEX_URL_FILE: file,
    KEPLER_PIP_TOKEN: 'the-token',
    KEPLER_HEC_TOKEN: 'not handed on',
    HTTPS_PROXY: 'http://proxy',
    PATH: '/bin',
  });
  expect(settings.indexUrl).toBe('https://me:p%40ss@index/simple');
  expect(settings.environment).toEqual({
    HTTPS_PROXY: 'http://proxy',
    PATH: '/bin',
    KEPLER_PIP_INDEX_URL: 'https://me:p%40ss@index/simple',
    KEPLER_PIP_TOKEN: 'the-token',
  });
  expect(redacted('a https://me:p%40ss@index/x b p@ss the-token', settings)).toBe(
    'a https://***@index/x b *** ***',
  );
  expect(() => readPipSettings({ KEPLER_PIP_TOKEN_FILE: '/nowhere' })).toThrow(
    /KEPLER_PIP_TOKEN_FILE cannot be read/,
  );
  expect(existsSync(file)).toBe(true);
});

test('a lock names who asks for a private repository, as its requirement does, and holds no secret', () => {
  const settings = readPipSettings({ KEPLER_PIP_TOKEN: 'very-secret' });
  const lines = ['mine[x] @ git+https://bot:${KEPLER_PIP_TOKEN}@git.example/a/mine.git@v1', 'numpy'];
  const locked = (address: string) => lockOf(`numpy==2.0.0\nmine @ ${address}\n`, lines, undefined, settings);
  const wanted = 'mine @ git+https://bot:${KEPLER_PIP_TOKEN}@git.example/a/mine.git@0123abc\nnumpy==2.0.0\n';
  expect(locked('git+https://git.example/a/mine.git@0123abc')).toBe(wanted);
  expect(locked('git+https://bot:****@git.example/a/mine.git@0123abc')).toBe(wanted);
  expect(locked('git+https://bot:very-secret@git.example/a/mine.git@0123abc')).toBe(wanted);
  expect(locked('git+https://git.example/b/mine.git@0123abc')).not.toContain('bot');
});
