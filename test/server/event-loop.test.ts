import { until } from '../eventually.ts';
import { LoopMonitor } from '../../container/server/event-loop.ts';

it('sees that the event loop was held up', async () => {
  const monitor = new LoopMonitor();
  await new Promise((done) => setTimeout(done, 50));
  const end = performance.now() + 300;
  while (performance.now() < end);
  // What was measured comes with the next turns of the loop; once most of them were idle ones, their middle is.
  await until(() => monitor.read().max > 200 && monitor.read().p50 < monitor.read().max);
  monitor.stop();
});
