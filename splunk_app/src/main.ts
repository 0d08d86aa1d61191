/**
 * The one executable behind every search command: `kepler <command>`, started by splunkd, speaks the chunked protocol on
 * standard input and output. The same argument position as a single executable and as a bundle under an installed Node.
 */
import { runCommand } from './commands/run.ts';
import { descriptorSink, descriptorSource } from './protocol/descriptors.ts';
import { EndWatch } from './protocol/watch.ts';

const watch = new EndWatch();
runCommand(process.argv[2] ?? '', {
  input: descriptorSource(0, () => watch.beforeBlocking()),
  output: descriptorSink(1),
  env: process.env,
}).then(
  (status) => process.exit(status),
  () => process.exit(1),
);
