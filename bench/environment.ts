import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { EXECUTABLE } from '../build/targets.ts';

/** The interpreter of a peers' environment, made by `npx tsx bench/peers/install.ts`. */
export const PYTHON = {
  /** The generation of the open DSDL image: scikit-learn 1.6, pandas 2.2, FastAPI; the Python SDK. */
  dsdl: '.kepler/venv/dsdl/bin/python',
  /** Today's: scikit-learn 1.9, intelex, LightGBM. */
  train: '.kepler/venv/golden/bin/python',
} as const;

/** Says why a peer cannot run here, or undefined where it can. */
export function absentPython(python: string, modules: readonly string[]): string | undefined {
  if (!existsSync(python)) return `not installed (npx tsx bench/peers/install.ts makes ${python})`;
  const missing = modules.filter((name) => packageVersion(python, name) === undefined);
  return missing.length ? `not installed: ${missing.join(', ')}` : undefined;
}

const versions = new Map<string, string | undefined>();

export function packageVersion(python: string, distribution: string): string | undefined {
  const key = `${python} ${distribution}`;
  if (!versions.has(key)) {
    const code = `from importlib.metadata import version; print(version("${distribution}"))`;
    let found: string | undefined;
    try {
      found = execFileSync(python, ['-c', code], {
        stdio: ['ignore', 'pipe', 'ignore'],
        encoding: 'utf8',
      }).trim();
    } catch {
      found = undefined;
    }
    versions.set(key, found);
  }
  return versions.get(key);
}

/** `name version, name version` of what is there. */
export function versionsOf(python: string, distributions: readonly string[]): string {
  return distributions.map((d) => `${d} ${packageVersion(python, d) ?? 'absent'}`).join(', ');
}

export interface Environment {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly load: number;
  readonly node: string;
  readonly command: string;
  readonly python: string;
  readonly date: string;
}

/** What every figure depends on. */
export function environment(): Environment {
  const command = EXECUTABLE.output;
  const commandNode = existsSync(EXECUTABLE.node)
    ? execFileSync(EXECUTABLE.node, ['--version'], { encoding: 'utf8' }).trim()
    : process.version;
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1e9),
    load: Number(loadavg()[0].toFixed(2)),
    node: process.version,
    command: existsSync(command)
      ? `single executable, Node ${commandNode}`
      : `${EXECUTABLE.launcherBundle} under Node ${process.version}`,
    python: readPythonVersion(),
    date: new Date().toISOString(),
  };
}

function readPythonVersion(): string {
  const config = '.kepler/venv/dsdl/pyvenv.cfg';
  if (!existsSync(config)) return 'no peers installed';
  return /^version\s*=\s*(.*)$/m.exec(readFileSync(config, 'utf8'))?.[1] ?? 'unknown';
}
