import { runCommand } from './commands/run.ts';
import { descriptorSink, descriptorSource, PipeGauge } from './protocol/descriptors.ts';
import { EndWatch } from './protocol/watch.ts';

const WATCH = 'kepler_watch';

/** The input's own arguments, where this is the input. */
export function watchArguments(): string[] | null {
  if (process.argv[2] === WATCH) return process.argv.slice(3);
  return process.argv0.endsWith(WATCH) ? process.argv.slice(2) : null;
}

async function run(): Promise<number> {
  const watching = watchArguments();
  if (watching) return (await import('./inputs/kepler-watch.ts')).runWatch(watching, process.env);
  const watch = new EndWatch();
  const gauge = new PipeGauge();
  return runCommand(process.argv[2] ?? '', {
    input: descriptorSource(0, () => watch.beforeBlocking(), gauge),
    output: descriptorSink(1, gauge),
    env: process.env,
  });
}

/** Is the command, or the modular input, that the process was started as, and ends the process. */
export function runProgram(): void {
  run().then(
    (status) => process.exit(status),
    (error: unknown) => {
      if (watchArguments()) process.stderr.write(`${(error as Error).stack}\n`);
      process.exit(1);
    },
  );
}
