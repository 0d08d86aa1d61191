/**
 * Benchmarks, each against its peer in the same run.
 *   npm run bench -- [case …] [--rounds N] [--json FILE] [--list]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { CASES } from './cases/index.ts';
import { environment } from './environment.ts';
import { interleave, type Result } from './measure.ts';
import { ratio, render } from './table.ts';

const USAGE = 'Usage: npm run bench -- [case …] [--rounds N] [--json FILE] [--list]';
const { values, positionals } = readArguments();

if (values.help) {
  console.log(`${USAGE}\n\nCases (all of them where none is named):`);
}
if (values.list || values.help) {
  for (const item of CASES) console.log(`${item.name.padEnd(16)} ${item.title}`);
  process.exit(0);
}
const unknown = positionals.filter((name) => !CASES.some((item) => item.name === name));
if (unknown.length) {
  console.error(`no case ${unknown.join(', ')}; there are: ${CASES.map((item) => item.name).join(', ')}`);
  process.exit(1);
}
const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
if (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0)) {
  console.error('--rounds takes a whole number above 0');
  process.exit(1);
}

const surroundings = environment();
console.log(
  `${surroundings.cpu}, ${surroundings.cores} cores, ${surroundings.memoryGb} GB, load ${surroundings.load}; ` +
    `runtime Node ${surroundings.node}; command ${surroundings.command}; peers Python ${surroundings.python}`,
);
const report: Record<string, unknown> = { environment: surroundings, cases: {} };
const failed: string[] = [];

for (const item of CASES) {
  if (positionals.length && !positionals.includes(item.name)) continue;
  console.log(`\n${item.name}: ${item.title}`);
  try {
    const open = await item.open();
    try {
      const results = await interleave(open.contestants, rounds ?? item.rounds, (name, round) => {
        if (process.stderr.isTTY) process.stderr.write(`\x1b[2K\r  round ${round + 1}: ${name}`);
      });
      if (process.stderr.isTTY) process.stderr.write('\x1b[2K\r');
      console.log(render(open, results));
      (report.cases as Record<string, unknown>)[item.name] = summarise(open.baseline, results, open.notes);
    } finally {
      await open.close();
    }
  } catch (error) {
    // One case that cannot run must not take the others' figures with it; the exit status tells.
    failed.push(item.name);
    console.error(`  failed: ${(error as Error).message}`);
  }
}
if (values.json) {
  mkdirSync(dirname(values.json), { recursive: true });
  writeFileSync(values.json, JSON.stringify({ ...report, failed }, null, 2) + '\n');
}
process.exitCode = failed.length ? 1 : 0;

function summarise(
  baselineName: string | undefined,
  results: readonly Result[],
  notes: readonly string[] = [],
) {
  const baseline = results.find((r) => r.name === baselineName);
  return {
    baseline: baselineName,
    notes,
    results: results.map((r) => ({
      ...r,
      rowsPerSecond: r.rows && r.min ? r.rows / r.min : undefined,
      timesMin: ratio(r, baseline, 'min'),
      timesMedian: ratio(r, baseline, 'median'),
    })),
  };
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        json: { type: 'string' },
        rounds: { type: 'string' },
        list: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`);
    process.exit(1);
  }
}
