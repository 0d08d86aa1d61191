/**
 * The one executable behind every search command: `kepler <command>`, started by splunkd, speaks the chunked protocol on
 * standard input and output. The same argument position as a single executable and as a bundle under an installed Node.
 * As `kepler kepler_watch`, or by a link of that name, it is the modular input.
 */
import { runCommand } from './commands/run.ts';
import { descriptorSink, descriptorSource } from './protocol/descriptors.ts';
import { EndWatch } from './protocol/watch.ts';

const WATCH = 'kepler_watch';

/** The input's own arguments, where this is the input. */
function watchArguments(): string[] | null {
  if (process.argv[2] === WATCH) return process.argv.slice(3);
  return process.argv0.endsWith(WATCH) ? process.argv.slice(2) : null;
}

async function run(): Promise<number> {
  const watching = watchArguments();
  if (watching) return (await import('./inputs/kepler-watch.ts')).runWatch(watching, process.env);
  const watch = new EndWatch();
  return runCommand(process.argv[2] ?? '', {
    input: descriptorSource(0, () => watch.beforeBlocking()),
    output: descriptorSink(1),
    env: process.env,
  });
}

run().then(
  (status) => process.exit(status),
  (error: unknown) => {
    if (watchArguments()) process.stderr.write(`${(error as Error).stack}\n`);
    process.exit(1);
  },
);
