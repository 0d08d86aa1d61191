/**
 * Where the single executable begins. What a process reads at its start it pays for, and most are started for a search over
 * rows: the commands for that are in here, and nothing else (see `leftOut` in build/bundles.ts). For every other name the whole
 * program is read, main.ts, which lies beside as an asset.
 */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { compileFunction } from 'node:vm';
import { COMMAND_NAMES } from './commands/catalogue.ts';
import { runProgram, watchArguments } from './program.ts';

const WHOLE = 'kepler.cjs';

function runWhole(): void {
  const require = createRequire(process.execPath);
  const { getAsset } = require('node:sea') as { getAsset(name: string, encoding: string): string };
  const parameters = ['module', 'exports', 'require', '__dirname'];
  const main = compileFunction(getAsset(WHOLE, 'utf8'), parameters, { filename: WHOLE });
  main({ exports: {} }, {}, require, dirname(process.execPath));
}

const name = process.argv[2] ?? '';
const known = COMMAND_NAMES.includes(name) || COMMAND_NAMES.includes(name.replace(/^k/, ''));
if (known && !watchArguments()) runProgram();
else runWhole();
