const PERIOD_MS = 500;

/**
 * Ends the process when the one that started it is gone, which closes the connection to the runtime, and with it the job there.
 * While the command waits for input, the end of input tells it the same; this is for the time it waits for the runtime.
 */
export function watchForEnd(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(0);
  }, PERIOD_MS).unref();
}
