import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PYTHON } from '../../onnx/python.ts';
import { folder, withPython } from './harness.ts';

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [resolve('dist/cli/kepler.mjs'), 'template', 'import', ...args],
    {
      encoding: 'utf8',
      env: { ...process.env, KEPLER_PYTHON: PYTHON },
    },
  );
  return { status, text: stdout + stderr };
}

withPython("DSDL's notebooks are imported, and what would not work is told", async () => {
  const to = folder('imported');
  const { status, text } = run('test/fixtures/dsdl', '--to', to, '--requirements');
  expect(text).toContain(`5 of 5 are templates in ${to}.`);
  expect(status).toBe(0);
  expect(text).toMatch(/pytorch_nn\.ipynb: template pytorch_nn\n.*there is no library torch here/s);
  expect(text).toMatch(
    /cell mltkc_import, line \d+: \/srv\/app\/model\/data\/ becomes a folder of the template's own/,
  );
  expect(readFileSync(join(to, 'pytorch_nn.requirements.txt'), 'utf8')).toBe('numpy\npandas\nscipy\ntorch\n');
  expect(existsSync(join(to, 'barebone_template.requirements.txt'))).toBe(false);
  expect(readFileSync(join(to, 'grid_search_svm.ipynb'))).toEqual(
    readFileSync('test/fixtures/dsdl/grid_search_svm.ipynb'),
  );
});

withPython('what is no template is not imported, and says why', async () => {
  const from = folder('given');
  const to = folder('imported');
  const write = (name: string, text: string) => writeFileSync(join(from, name), text);
  write('Half.py', 'def fit(m, d, p): pass\n');
  write('Broken.py', 'def fit(:\n');
  write(
    'Fine.py',
    'import os, requests\nkind = "regressor"\ndef fit(m, d, p): os.system("x"); open("/etc/shadow")\ndef apply(m, d, p): pass\n',
  );
  const { status, text } = run(from, '--to', to);
  expect(status).toBe(1);
  expect(readdirSync(to)).toEqual(['Fine.py']);
  expect(text).toMatch(/Half\.py: not a template\n {2}cannot: it has no function apply/);
  expect(text).toMatch(/Broken\.py: not a template\n {2}cannot: line 1: invalid syntax/);
  expect(text).toMatch(/line 1: uses the network \(requests\)/);
  expect(text).toMatch(/line 3: starts programs or processes \(os\.system\)/);
  expect(text).toMatch(/line 3: \/etc\/shadow cannot be reached/);
  expect(run(from, '--check').text).toContain('1 of 3 can be templates.');
});
