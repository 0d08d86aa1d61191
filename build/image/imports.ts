/** Imports every package that a row names, in the image as it will run: without a network, nothing to write. */
import { attempt } from './command.ts';
import type { ImageRow } from './table.ts';

const CONFINED = ['run', '--rm', '--network', 'none', '--read-only', '--tmpfs', '/tmp'];

/** @returns what could not be imported, a sentence each */
export function importAll(image: string, row: ImageRow): string[] {
  const problems: string[] = [];
  const within = (entrypoint: string, args: readonly string[], workdir: string): void => {
    const all = [...CONFINED, '--workdir', workdir, '--entrypoint', entrypoint, image, ...args];
    const { status, stdout, stderr } = attempt('docker', all);
    if (status === 0) return;
    const said = (stderr || stdout).trim().split('\n').slice(-3).join(' | ');
    problems.push(`${args[args.length - 1]} cannot be imported: ${said}`);
  };
  for (const each of row.npm) {
    const at = each.indexOf('@', 1);
    const name = at < 0 ? each : each.slice(0, at);
    within('node', ['--input-type=module', '-e', 'await import(process.argv[1])', name], '/opt/kepler/npm');
  }
  for (const each of row.pip) {
    const name = each.replace(/[^\w.-].*$/, '');
    within('python3', ['-c', IMPORT_PYTHON, name], '/tmp');
  }
  return problems;
}

/** A distribution's own modules: their names often differ from its name. */
const IMPORT_PYTHON = `
import importlib, importlib.metadata as m, re, sys
wanted = re.sub(r'[-_.]+', '-', sys.argv[1]).lower()
modules = [k for k, v in m.packages_distributions().items()
           if any(re.sub(r'[-_.]+', '-', d).lower() == wanted for d in v) and not k.startswith('_')]
if not modules: raise SystemExit('it is not installed')
for module in modules: importlib.import_module(module)
`;
