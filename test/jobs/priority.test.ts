import { readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { until } from '../eventually.ts';
import { Bench } from './harness.ts';

/** The niceness of each thread of this process, by its number. */
function niceness(): Map<number, number> {
  const threads = readdirSync('/proc/self/task').flatMap((thread): [number, number][] => {
    try {
      const fields = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8').split(') ')[1].split(' ');
      return [[Number(thread), Number(fields[16])]];
    } catch {
      // A thread that has ended meanwhile.
      return [];
    }
  });
  return new Map(threads);
}

// Under `nice -n 19` there is nothing left to give way to.
const canGiveWay = process.platform === 'linux' && getPriority() < 19;
const linux = canGiveWay ? test : test.skip;

linux('threads that fit give way to those that answer', async () => {
  const ours = niceness().get(process.pid) as number;
  const bench = new Bench();
  try {
    const behind = () => [...niceness().values()].filter((nice) => nice > ours).length;
    await until(() => behind() > 0);
    expect(niceness().get(process.pid)).toBe(ours);
  } finally {
    await bench.close();
  }
});
