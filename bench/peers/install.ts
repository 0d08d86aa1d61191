/** Makes the peers' Python environments below .kepler/venv: `npx tsx bench/peers/install.ts [dsdl] [train]`. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { PYTHON } from '../environment.ts';

const REQUIREMENTS = {
  dsdl: 'bench/peers/dsdl-requirements.txt',
  train: 'test/goldens/requirements.txt',
} as const;

const asked = process.argv.slice(2);
for (const name of ['dsdl', 'train'] as const) {
  if (asked.length && !asked.includes(name)) continue;
  const python = PYTHON[name];
  const folder = python.replace(/\/bin\/python$/, '');
  if (!existsSync(python)) execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' });
  execFileSync(
    python,
    ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', REQUIREMENTS[name]],
    {
      stdio: 'inherit',
    },
  );
  console.log(`${folder} holds what ${REQUIREMENTS[name]} names`);
}
