import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../../container/server/log.ts';
import type { Log } from '../../container/server/log.ts';
import { startRuntime } from '../../container/server/runtime.ts';
import type { Runtime } from '../../container/server/runtime.ts';
import { readSettings } from '../../container/server/settings.ts';
import { SearchHead } from './requests.ts';
import { TestJobs } from './test-jobs.ts';

export * from './requests.ts';

export interface World {
  readonly home: string;
  readonly keys: string;
  readonly head: SearchHead;
  readonly jobs: TestJobs;
  readonly runtime: Runtime;
  readonly logged: string[];
  readonly log: Log;
  url(kind: 'unix' | 'http' | 'https'): string;
  end(): Promise<void>;
}

/** A runtime in this process, on real sockets, with jobs that echo. */
export async function startWorld(
  environment: Record<string, string> = {},
  listen: (home: string) => string = (home) => `unix:${home}/r.sock,http://127.0.0.1:0`,
): Promise<World> {
  const home = mkdtempSync(join(tmpdir(), 'kepler-server-'));
  const keys = join(home, 'keys');
  const head = new SearchHead();
  head.trustIn(keys);
  const jobs = new TestJobs();
  const logged: string[] = [];
  const log = createLog('debug', { write: (line: string) => void logged.push(line) });
  const settings = readSettings({
    KEPLER_HOME: home,
    KEPLER_TRUSTED_KEYS: keys,
    KEPLER_LISTEN: listen(home),
    KEPLER_GRACE_SECONDS: '1',
    ...environment,
  });
  const runtime = await startRuntime(settings, log, () => jobs);
  return {
    home,
    keys,
    head,
    jobs,
    runtime,
    logged,
    log,
    url: (kind) => runtime.urls.find((url) => url.startsWith(`${kind}:`))!,
    end: async () => {
      await runtime.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
