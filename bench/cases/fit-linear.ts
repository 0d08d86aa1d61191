import type { Case } from '../case.ts';
import { Closing } from '../closing.ts';
import { measurements } from '../data.ts';
import { drive, getinfo, MB } from '../driver.ts';
import { startReadingSink, startSink } from '../sink.ts';
import { openStage } from '../stage.ts';
import { sampleOf } from './apply.ts';

const ROWS = 1_000_000;
/** As the goal has it: reading is what the parse kernel does; what a fit is beyond that is its own. */
const READING = 'same command, runtime that reads, spools and returns';
/** The rows move as bytes: no runtime that looks at them can be so fast. */
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
      const reading = await startReadingSink([...rows.features, 'y']);
      closing.add(() => reading.close());
      const through =
        ({ url }: { url: string }) =>
        async () => {
          const command = { ...own, env: { ...own.env, KEPLER_RUNTIME_URL: url } };
          return sampleOf(await drive(command, { chunks: rows, getinfo: getinfo('fit', args), pipe: MB }));
        };
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
          { name: READING, rows: ROWS, run: through(reading) },
          { name: BARE, rows: ROWS, run: through(sink) },
        ],
        baseline: READING,
        goals: [{ contestant: 'Kepler fit', atLeast: 1 / 1.3 }],
        close: () => closing.close(),
      };
    }),
};
