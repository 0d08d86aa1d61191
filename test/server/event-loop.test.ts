import { until } from '../eventually.ts';
import { LoopMonitor } from '../../container/server/event-loop.ts';

it('sees that the event loop was held up', async () => {
  const monitor = new LoopMonitor();
  await new Promise((done) => setTimeout(done, 50));
  const end = performance.now() + 300;
  while (performance.now() < end);
  // Only when most of what was measured is of an idle loop is its middle that of one.
  await until(() => monitor.read().p50 < monitor.read().max);
  const { p50, max } = monitor.read();
  monitor.stop();
  expect(max).toBeGreaterThan(200);
  expect(p50).toBeLessThan(max);
});
