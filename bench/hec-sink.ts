import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { end } from './stage.ts';

export interface HecCount {
  readonly lines: number;
  /** Of these, events whose id had come before. */
  readonly repeated: number;
}

/** A HEC receiver in a process of its own. */
export interface HecSink {
  readonly url: string;
  count(): Promise<HecCount>;
  /** Waits until so many events have come, a minute at most. */
  reach(lines: number): Promise<HecCount>;
  close(): Promise<void>;
}

export async function startHecSink(): Promise<HecSink> {
  const child = spawn(process.execPath, ['bench/peers/hec_sink.mjs'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  const url = said.toString().trim();
  const count = async (): Promise<HecCount> => (await (await fetch(url)).json()) as HecCount;
  return {
    url,
    count,
    async reach(lines) {
      const deadline = Date.now() + 60_000;
      for (;;) {
        const now = await count();
        if (now.lines >= lines) return now;
        if (Date.now() > deadline)
          throw new Error(`of ${lines} events only ${now.lines} came within a minute`);
        await sleep(5);
      }
    },
    close: () => end(child),
  };
}
