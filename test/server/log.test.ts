import { createLog, logLines } from '../../container/server/log.ts';

test('a log that cannot be written ends nothing', () => {
  const log = createLog('info', logLines('/dev/full'));
  expect(() => {
    log.info('first');
    log.info('second');
  }).not.toThrow();
});
