import type { Case } from '../case.ts';
import { measurements } from '../data.ts';
import type { Contestant, Result } from '../measure.ts';
import { openStage } from '../stage.ts';
import { sampleOf } from './apply.ts';

const MILLIONS = [1, 2, 4, 10];
const ROWS = 1_000_000;

/** One search in a fresh runtime, so that its peak of memory is this search's. */
function contestant(command: 'apply' | 'fit', millions: number): Contestant {
  return {
    name: `${command}, ${millions} M rows`,
    rows: millions * ROWS,
    run: async () => {
      const stage = await openStage();
      try {
        const fields = measurements(50_000, { target: true, seed: 7 });
        const fit = `LinearRegression y from ${fields.features.join(' ')} into bench_model`;
        if (command === 'fit') {
          return sampleOf(
            await stage.search('fit', fit, {
              chunks: measurements(ROWS, { target: true }),
              repeat: millions,
            }),
          );
        }
        await stage.search('fit', fit, { chunks: fields });
        return sampleOf(
          await stage.search('apply', 'bench_model', { chunks: measurements(ROWS), repeat: millions }),
        );
      } finally {
        await stage.close();
      }
    },
  };
}

function growth(results: readonly Result[], command: string): string {
  const own = results.filter((r) => r.name.startsWith(command) && r.min !== undefined);
  const [first, last] = [own[0], own[own.length - 1]];
  if (!first || first === last) return `${command}: too few results`;
  const times = (last.min! / first.min!).toFixed(2);
  const peak = (r: Result, key: string) => Number(r.samples[0].details?.[key] ?? 0).toFixed(0);
  return (
    `${command}: ${last.rows! / first.rows!} times the rows took ${times} times as long; peak MB ` +
    `command ${peak(first, 'command peak MB')} -> ${peak(last, 'command peak MB')}, ` +
    `runtime ${peak(first, 'server peak MB')} -> ${peak(last, 'server peak MB')}`
  );
}

export const scale: Case = {
  name: 'scale',
  title: '1, 2, 4 and 10 million rows x 10: time and peak memory of apply and fit',
  rounds: 1,
  open: async () => ({
    contestants: [
      ...MILLIONS.map((millions) => contestant('apply', millions)),
      ...MILLIONS.map((millions) => contestant('fit', millions)),
    ],
    conclude: (results) => [growth(results, 'apply'), growth(results, 'fit')],
    close: async () => {},
  }),
};
