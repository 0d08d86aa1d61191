/** Removes what was built and what the sandbox keeps: models, spools, its search head. Installed peers of the benchmarks stay. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { EXECUTABLE } from './targets.ts';

for (const path of [
  'dist',
  'splunk_app/linux_x86_64',
  'splunk_app/appserver/static/pages',
  'splunk_app/lookups',
  EXECUTABLE.launcherBundle,
  EXECUTABLE.launcherEngineBundle,
])
  rmSync(path, { recursive: true, force: true });
if (existsSync('.kepler')) {
  for (const name of readdirSync('.kepler'))
    if (name !== 'venv') rmSync(`.kepler/${name}`, { recursive: true, force: true });
}
