/** From a published version to its process: which program runs it, and what that is given to load. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KeplerError } from '../../contract/errors.ts';
import { launchPython } from '../python/launch-python.ts';
import type { PythonRuntime } from '../python/launch-python.ts';
import type { TemplateManifest } from '../store.ts';
import { launchNode } from './launch.ts';
import type { Launch, ProcessLimits } from './launch.ts';

/** The programs that run templates. */
export interface TemplatePrograms {
  /** The host program of templates in TypeScript, `template-host.mjs`. */
  readonly host: string;
  /** A folder for the processes to stand in. */
  readonly scratch: string;
  readonly python?: PythonRuntime;
}

/** What a version's process loads. */
export const ENTRY = { typescript: 'bundle.cjs', python: 'bundle.json' } as const;

/**
 * @param path folder of the version
 * @throws KeplerError template_invalid where it cannot be started here
 */
export function launchTemplate(
  path: string,
  { host, scratch, python }: TemplatePrograms,
  limits: ProcessLimits,
): { launch: Launch; entry: Uint8Array } {
  const { name, language, environment } = JSON.parse(
    readFileSync(join(path, 'manifest.json'), 'utf8'),
  ) as TemplateManifest;
  const entry = readFileSync(join(path, ENTRY[language]));
  if (language === 'typescript') return { launch: launchNode(host, scratch, limits), entry };
  if (!python)
    throw new KeplerError('internal', `The template ${name} is in Python, which was not set up here.`);
  return { launch: launchPython(python, interpreterOf(name, python, environment), scratch, limits), entry };
}

function interpreterOf(name: string, { command, environments }: PythonRuntime, environment?: string): string {
  if (environment === undefined) return command;
  const executable = join(environments, environment, 'bin', 'python');
  if (existsSync(executable)) return executable;
  throw new KeplerError(
    'template_invalid',
    `The template ${name} has no environment here yet: its packages are being installed, or could not be. Look at | kepler templates, and run the search again when it says that the environment is ready.`,
  );
}
