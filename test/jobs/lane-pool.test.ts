import { LanePool } from '../../container/jobs/lane-pool.ts';
import type { Lane } from '../../container/jobs/lane.ts';
import type { JobSettings } from '../../container/jobs/types.ts';

/** Workers that never answer. */
const SILENT = new URL('data:text/javascript,');
const silent = { told: () => undefined, serve: () => undefined };

test('a user whose templates do not come back holds a share of the workers, and nobody else waits', async () => {
  const pool = new LanePool(SILENT, { maxMemoryMb: 64 } as JobSettings, 2, 2, Infinity, false, silent);
  const held: Lane[] = [];
  const take = (user: string) => {
    const taken = pool.acquire(user).then((lane) => {
      held.push(lane);
      // As one is that has not answered for a second.
      pool.slow(lane);
      return lane;
    });
    taken.catch(() => undefined);
    return taken;
  };
  const looping = Array.from({ length: 20 }, () => take('eve'));
  const first = await looping[0];
  await Promise.all(looping.slice(0, 8));
  await take('ann');
  expect(held).toHaveLength(9);
  // What one of the loops gives back goes to the next of them.
  pool.release(first);
  await looping[8];
  expect(held).toHaveLength(10);
  await take('bob');
  await pool.close();
  await expect(looping[19]).rejects.toMatchObject({ code: 'shutting_down' });
});
