import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { PATHS } from '../../container/contract/wire.ts';
import type { Case } from '../case.ts';
import { Closing } from '../closing.ts';
import { head, measurements, wide } from '../data.ts';
import { median, quantile } from '../measure.ts';
import { openStage } from '../stage.ts';

/** Milliseconds of one GET over the runtime's socket, and what it said. */
function get(socketPath: string, path: string): Promise<{ ms: number; body: unknown }> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const call = request({ socketPath, path }, (reply) => {
      let text = '';
      reply.on('data', (data: Buffer) => (text += data.toString()));
      reply.on('end', () => resolve({ ms: performance.now() - started, body: parse(text) }));
    });
    call.on('error', reject);
    call.end();
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The first number below any key that speaks of the event loop's p99; where the runtime publishes one. */
function loopDelay(body: unknown): number | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  for (const [key, value] of Object.entries(body)) {
    if (typeof value === 'number' && /loop.*p99|p99.*loop/i.test(key)) return value;
    const inner = loopDelay(/loop/i.test(key) && isP99(value) ? { loop_p99: value.p99 } : value);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

function isP99(value: unknown): value is { p99: number } {
  return typeof value === 'object' && value !== null && typeof (value as { p99?: unknown }).p99 === 'number';
}

/** While one user's fit takes its ten seconds, everybody else must not notice. */
export const responsiveness: Case = {
  name: 'responsiveness',
  title: "a fit of some 10 s: the event loop's delay, /healthz, ten small applies of other users",
  rounds: 1,
  open: () =>
    Closing.around(async (closing) => {
      const stage = await openStage();
      closing.add(() => stage.close());
      const training = measurements(50_000, { target: true, seed: 7 });
      const rows = head(measurements(1_000_000), 10, 'ten');
      const small = `LinearRegression y from ${rows.features.join(' ')} into bench_model`;
      const users = Array.from({ length: 10 }, (_, i) => `user${i}`);
      for (const user of users) await stage.search('fit', small, { chunks: training, user });
      const apply = async (user: string) =>
        (await stage.search('apply', 'bench_model', { chunks: rows, user, pipe: 65536 })).seconds * 1000;
      const alone: number[] = [];
      for (const user of users) alone.push(await apply(user));

      return {
        contestants: [
          {
            name: 'fit beside small applies',
            run: async () => {
              let running = true;
              const fit = stage
                .search(
                  'fit',
                  'GradientBoostingClassifier label from f* n_estimators=400 max_leaf_nodes=31 random_state=1',
                  {
                    chunks: wide(100_000, 'train'),
                  },
                )
                .finally(() => (running = false));
              // It is awaited below; until then its failure must not end the process.
              fit.catch(() => undefined);
              const health: number[] = [];
              let delay: number | undefined;
              const watching = (async () => {
                while (running) {
                  const answer = await get(stage.socket, PATHS.health);
                  health.push(answer.ms);
                  delay = loopDelay(answer.body) ?? delay;
                  await sleep(25);
                }
              })();
              const during: number[] = [];
              await sleep(1500);
              for (const user of users) if (running) during.push(await apply(user));
              const [{ seconds }] = await Promise.all([fit, watching]);
              return {
                seconds,
                details: {
                  'event loop delay p99 ms': delay ?? 'not published by the runtime',
                  '/healthz p50 ms': median(health),
                  '/healthz p99 ms': quantile(health, 0.99),
                  '/healthz calls': health.length,
                  'applies during the fit': during.length,
                  'apply median ms': during.length ? median(during) : 'none',
                  'apply slowest ms': during.length ? Math.max(...during) : 'none',
                  'apply alone median ms': median(alone),
                },
              };
            },
          },
        ],
        conclude: ([result]) => {
          const d = result.samples[0]?.details ?? {};
          const verdict = (key: string, limit: number) =>
            `${key} ${Number(d[key]).toFixed(1)}, limit ${limit}: ${Number(d[key]) < limit ? 'reached' : 'MISSED'}`;
          return [verdict('event loop delay p99 ms', 20), verdict('/healthz p99 ms', 50)];
        },
        close: () => closing.close(),
      };
    }),
};
