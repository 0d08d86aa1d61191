/** @jest-environment jsdom */
import '../page-setup.ts';
import { cancelJob, jobsSearch } from '../../../ui/pages/runtimes/change.ts';
import { FakeSplunkd } from '../splunkd.ts';

test('jobs are asked of, and cancelled in, the runtime that is looked at', async () => {
  expect(jobsSearch('main')).toBe('| kepler jobs');
  expect(jobsSearch('gpu-lab')).toBe('| kepler jobs runtime=gpu-lab');
  const splunkd = new FakeSplunkd();
  splunkd.install();
  await cancelJob('j1', 'gpu-lab');
  await cancelJob('j2', 'main');
  expect(splunkd.searches).toEqual(['| keplerctl cancel j1 runtime=gpu-lab', '| keplerctl cancel j2']);
});
