import type { Case } from '../case.ts';
import { Closing } from '../closing.ts';
import { head, measurements } from '../data.ts';
import { drive, getinfo } from '../driver.ts';
import { absentPython, PYTHON, versionsOf } from '../environment.ts';
import { openStage } from '../stage.ts';
import { sampleOf } from './apply.ts';

const PEER = 'Python SDK, bare echo';

/** A search over ten rows: what is left is the start of the process, the token, the roles, one request. */
export const applySmall: Case = {
  name: 'apply-small',
  title: '10 rows, start of the command to its exit, signed token included',
  rounds: 12,
  open: () =>
    Closing.around(async (closing) => {
      const stage = await openStage();
      closing.add(() => stage.close());
      const training = measurements(50_000, { target: true, seed: 7 });
      const rows = head(measurements(1_000_000), 10, 'ten');
      await stage.search('fit', `LinearRegression y from ${rows.features.join(' ')} into bench_model`, {
        chunks: training,
      });
      const pipe = 65536;
      // The first one reads the model from disk; a model that is in use is in memory.
      const first = await stage.search('apply', 'bench_model', { chunks: rows, pipe });
      const absent = absentPython(PYTHON.dsdl, ['splunk-sdk']);
      const echo = { argv: [PYTHON.dsdl, 'bench/peers/sdk_echo.py'] };
      return {
        contestants: [
          {
            name: 'Kepler apply',
            run: async () => sampleOf(await stage.search('apply', 'bench_model', { chunks: rows, pipe })),
          },
          {
            name: PEER,
            absent,
            run: async () =>
              sampleOf(await drive(echo, { chunks: rows, getinfo: getinfo('echo', ''), pipe })),
          },
        ],
        baseline: PEER,
        goals: [{ contestant: 'Kepler apply', atLeast: 2 }],
        notes: [
          ...first.messages.map(([level, text]) => `Kepler says ${level}: ${text}`),
          ...(absent ? [] : [`peer: ${versionsOf(PYTHON.dsdl, ['splunk-sdk'])}`]),
        ],
        close: () => closing.close(),
      };
    }),
};
