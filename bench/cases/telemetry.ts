import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { HecTelemetry } from '../../container/helpers/telemetry/telemetry.ts';
import { freePort } from '../../splunk_app/src/bridge/containers/ports.ts';
import type { Case } from '../case.ts';
import { Closing } from '../closing.ts';
import { measurements } from '../data.ts';
import { startHecSink } from '../hec-sink.ts';
import type { Drive } from '../driver.ts';
import { median, quantile } from '../measure.ts';
import type { Result, Sample } from '../measure.ts';
import { openStage, type Stage } from '../stage.ts';

const EVENTS = 300_000;
const A_TURN = 500;
const GOAL = 50_000;

/**
 * Events as fits tell them, until a receiver has counted all of them: put in by a process that does nothing else, and as they lie
 * in the spool already, when a receiver that was away is back.
 */
export const telemetryDrain: Case = {
  name: 'telemetry-drain',
  title: `${EVENTS.toLocaleString('en')} events through the spool on disk into a HEC receiver`,
  rounds: 3,
  open: () =>
    Closing.around(async (closing) => {
      const sink = await startHecSink();
      closing.add(() => sink.close());
      /** Seconds until all events that `put` has put into a new folder have come. */
      const until = async (
        put: (
          folder: string,
        ) => Promise<{ telemetry: HecTelemetry; from: number; details?: Sample['details'] }>,
      ): Promise<Sample> => {
        const folder = mkdtempSync(join(tmpdir(), 'kepler-bench-telemetry-'));
        const before = await sink.count();
        const { telemetry, from, details } = await put(folder);
        const after = await sink.reach(before.lines + EVENTS);
        const seconds = (performance.now() - from) / 1000;
        await telemetry.close(5000);
        rmSync(folder, { recursive: true, force: true });
        return { seconds, details: { ...details, repeated: after.repeated - before.repeated } };
      };
      return {
        contestants: [
          {
            name: 'put in and delivered',
            rows: EVENTS,
            run: () =>
              until(async (folder) => {
                const telemetry = openTelemetry(folder, sink.url);
                const from = performance.now();
                await putIn(telemetry);
                return { telemetry, from, details: { 'put in s': (performance.now() - from) / 1000 } };
              }),
          },
          {
            name: 'delivered from the spool',
            rows: EVENTS,
            run: () =>
              until(async (folder) => {
                const away = openTelemetry(folder, `http://127.0.0.1:${await freePort('127.0.0.1')}`);
                await putIn(away);
                await away.close(0);
                return { from: performance.now(), telemetry: openTelemetry(folder, sink.url) };
              }),
          },
        ],
        conclude: (results: readonly Result[]) =>
          results.flatMap(({ name, median: seconds }) =>
            seconds === undefined
              ? []
              : [
                  `${name}: ${Math.round(EVENTS / seconds).toLocaleString('en')} events/s (median), ${GOAL.toLocaleString('en')} are the goal`,
                ],
          ),
        close: () => closing.close(),
      };
    }),
};

function openTelemetry(folder: string, url: string): HecTelemetry {
  return new HecTelemetry(
    {
      folder,
      maxSpoolBytes: 1e9,
      source: 'kepler',
      dimensions: { project: 'bench' },
      collector: { url, token: 'bench', ack: false },
    },
    (error) => {
      throw error;
    },
  );
}

async function putIn(telemetry: HecTelemetry): Promise<void> {
  for (let put = 0; put < EVENTS; put++) {
    telemetry.event({ sourcetype: 'fit', fields: eventOf(put) });
    if (put % A_TURN === A_TURN - 1) await turn();
  }
}

function eventOf(number: number): Record<string, unknown> {
  return {
    kind: 'fit',
    status: 'ok',
    model: `model_${number % 97}`,
    namespace: 'user',
    owner: 'ana',
    version: number,
    algorithm: 'LinearRegression',
    scores: { r2: 0.93125, rmse: 1.25 + number / 1000 },
    parameters: { fit_intercept: true },
    user: 'ana',
    app: 'search',
    sid: `1732190000.${number}`,
    rows: 1000 + number,
    ms: 12.5,
    stages: { queue_ms: 1, prepare_ms: 3, train_ms: 7 },
    memory_mb: 180,
  };
}

const A_SECOND = 500;
/** Tells so many events a second while it is fitted, as a template would that logs each step. */
const TELLER = `import { defineTemplate, logEvent } from 'kepler';
export default defineTemplate({
  name: 'Teller',
  kind: 'regressor',
  description: 'Tells ${A_SECOND} events a second while it is fitted.',
  params: { type: 'object', properties: { seconds: { type: 'integer', default: 0, description: 'How long.' } }, additionalProperties: false },
  async fit(params) {
    for (let tenth = 0; tenth < Number(params.seconds) * 10; tenth++) {
      for (let i = 0; i < ${A_SECOND / 10}; i++) logEvent('step', { step: tenth, loss: 1 / (tenth + 1), i });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return { none: 0 };
  },
  apply: (_model, { rows }) => new Float64Array(rows),
});
`;

const COST_ROWS = 200_000;
/** Searches beside one telling. */
const SEARCHES = 5;
const TELLING_S = 3;
/** A search may take so many times as long. */
const ALLOWED = 1.05;

const TOLD = 'events go to a receiver';
const UNTOLD = 'no receiver';

/**
 * The same searches beside the same template: once its events go to a receiver, once there is none. What is sought is smaller
 * than what a machine drifts by, so each round compares the medians of a few short searches each, one right after the other,
 * and the rounds' ratios are judged: their median, and how far apart they lie.
 */
export const telemetryCost: Case = {
  name: 'telemetry-cost',
  title: `apply of ${COST_ROWS.toLocaleString('en')} rows while another search tells ${A_SECOND} events a second, with and without a receiver`,
  rounds: 12,
  open: () =>
    Closing.around(async (closing) => {
      const sink = await startHecSink();
      closing.add(() => sink.close());
      const training = measurements(50_000, { target: true, seed: 7 });
      const rows = measurements(COST_ROWS);
      const told = await openStage({ KEPLER_HEC_URL: sink.url, KEPLER_HEC_TOKEN: 'bench' });
      closing.add(() => told.close());
      const untold = await openStage();
      closing.add(() => untold.close());
      for (const stage of [told, untold]) {
        await stage.search('fit', `LinearRegression y from ${rows.features.join(' ')} into bench_model`, {
          chunks: training,
        });
        await publish(stage, rows.features[0]!);
      }
      const beside = async (stage: Stage): Promise<Sample> => {
        const before = await sink.count();
        const telling = stage.search(
          'fit',
          `Teller seconds=${TELLING_S} y from ${rows.features[0]} into teller`,
          {
            chunks: training,
          },
        );
        await sleep(700);
        const drives: Drive[] = [];
        while (drives.length < SEARCHES) {
          drives.push(await stage.search('apply', 'bench_model', { chunks: rows }));
        }
        await telling;
        const after = await sink.count();
        return {
          seconds: median(drives.map(({ seconds }) => seconds)),
          details: {
            'events received': after.lines - before.lines,
            'server CPU s': median(drives.map(({ watched }) => watched[0]!.cpu_seconds)),
          },
        };
      };
      return {
        contestants: [
          { name: TOLD, rows: COST_ROWS, run: () => beside(told) },
          { name: UNTOLD, rows: COST_ROWS, run: () => beside(untold) },
        ],
        baseline: UNTOLD,
        conclude: costOf,
        close: () => closing.close(),
      };
    }),
};

function costOf(results: readonly Result[]): string[] {
  const [told, untold] = [TOLD, UNTOLD].map(
    (name) => results.find((result) => result.name === name)?.samples ?? [],
  );
  const ratios = told!.map(({ seconds }, round) => seconds / untold![round]!.seconds);
  if (ratios.length === 0) return [];
  const middle = median(ratios);
  const [low, high] = [quantile(ratios, 0.25), quantile(ratios, 0.75)].map((one) => one.toFixed(3));
  return [
    `a search takes ${middle.toFixed(3)} times as long (median of ${ratios.length} rounds, half of them between ${low} and ${high}); allowed are ${ALLOWED}: ${middle <= ALLOWED ? 'kept' : 'MISSED'}`,
  ];
}

/** Saves the template and waits until it can be fitted. */
async function publish(stage: Stage, feature: string): Promise<void> {
  const folder = join(stage.home, 'templates-src');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'Teller.ts'), TELLER);
  const training = measurements(50_000, { target: true, seed: 7 });
  for (let left = 60; ; left--) {
    try {
      await stage.search('fit', `Teller y from ${feature} into teller`, { chunks: training });
      return;
    } catch (error) {
      if (left === 0) throw error;
      await sleep(500);
    }
  }
}
