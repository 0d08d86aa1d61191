import type { Case } from '../case.ts';
import { Closing } from '../closing.ts';
import { measurements } from '../data.ts';
import { drive, getinfo, MB } from '../driver.ts';
import { startSink } from '../sink.ts';
import { openStage } from '../stage.ts';
import { sampleOf } from './apply.ts';

const ROWS = 1_000_000;
const BARE = 'same command, runtime that spools and returns';

/** What a fit costs over moving its rows: everything that is not reading, spooling and returning them. */
export const fitLinear: Case = {
  name: 'fit-linear',
  title: '1,000,000 rows x 10, LinearRegression through the protocol, all rows back',
  rounds: 5,
  open: () =>
    Closing.around(async (closing) => {
      const stage = await openStage();
      closing.add(() => stage.close());
      const sink = await startSink('spool');
      closing.add(() => sink.close());
      const rows = measurements(ROWS, { target: true });
      const args = `LinearRegression y from ${rows.features.join(' ')} into bench_model`;
      const own = stage.command('fit');
      const bare = { ...own, env: { ...own.env, KEPLER_RUNTIME_URL: sink.url } };
      return {
        contestants: [
          {
            name: 'Kepler fit',
            rows: ROWS,
            run: async () => {
              const run = await stage.search('fit', args, { chunks: rows });
              const sample = sampleOf(run);
              return { ...sample, details: { ...sample.details, 'last reply s': run.last_reply_seconds } };
            },
          },
          {
            name: BARE,
            rows: ROWS,
            run: async () =>
              sampleOf(await drive(bare, { chunks: rows, getinfo: getinfo('fit', args), pipe: MB })),
          },
        ],
        baseline: BARE,
        goals: [{ contestant: 'Kepler fit', atLeast: 1 / 1.3 }],
        close: () => closing.close(),
      };
    }),
};
