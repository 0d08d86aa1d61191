/** The runtime process: settings from the environment, signals, exit status. */
import { KeplerError } from '../contract/errors.ts';
import { createJobs } from '../jobs/jobs.ts';
import { letHeapGrow } from './heap-growth.ts';
import { createLog } from './log.ts';
import { startRuntime } from './runtime.ts';
import type { Runtime } from './runtime.ts';
import { readSettings } from './settings.ts';

const log = createLog(process.env.KEPLER_LOG_LEVEL?.trim() || 'info');
letHeapGrow();
let runtime: Runtime | undefined;
let stopping = false;

process.on('uncaughtException', (error) => giveUp(error, 'the runtime failed and ends'));
process.on('SIGTERM', stop);
process.on('SIGINT', stop);

try {
  runtime = await startRuntime(readSettings(process.env), log, (settings, listeners) =>
    createJobs(settings, undefined, listeners),
  );
} catch (error) {
  giveUp(error, 'the runtime did not start');
}

function stop(signal: NodeJS.Signals): void {
  if (!runtime) process.exit(0);
  if (stopping) {
    runtime.abandon();
    process.exit(1);
  }
  stopping = true;
  log.info({ signal }, 'stopping');
  runtime.stop().then(
    () => {
      log.info('stopped');
      process.exit(0);
    },
    (error: unknown) => giveUp(error, 'the runtime could not end in order'),
  );
}

function giveUp(error: unknown, what: string): never {
  // A wrong setting is explained by its message; anything else needs the stack.
  if (error instanceof KeplerError && error.cause === undefined)
    log.fatal({ code: error.code }, `${what}: ${error.message}`);
  else log.fatal({ err: error }, what);
  runtime?.abandon();
  process.exit(1);
}
