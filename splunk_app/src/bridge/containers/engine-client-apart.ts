/**
 * Stands in the command's bundle for engine-client.ts, whose packages are a bundle of their own: inside the executable as an
 * asset, else a file beside the bundle.
 */
import { readFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import type * as Client from './engine-client.ts';

const NAME = 'kepler-engine.cjs';

interface SingleExecutable {
  isSea(): boolean;
  getAsset(name: string, encoding: string): string;
}

function source(load: NodeJS.Require): string {
  // Not every Node.js that the launcher may find knows of single executables.
  if (isBuiltin('node:sea')) {
    const sea = load('node:sea') as SingleExecutable;
    if (sea.isSea()) return sea.getAsset(NAME, 'utf8');
  }
  return readFileSync(join(__dirname, NAME), 'utf8');
}

function load(): typeof Client {
  const require = createRequire(process.execPath);
  const module = { exports: {} };
  compileFunction(source(require), ['module', 'exports', 'require'], { filename: NAME })(
    module,
    module.exports,
    require,
  );
  return module.exports as typeof Client;
}

export const { Docker, pack } = load();
