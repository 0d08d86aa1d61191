import { telemetryFound } from '../../splunk_app/src/commands/head/health-telemetry.ts';

const none = { queued: 0, deadLetters: 0, dropped: 0 };

test('telemetry is told of in words: off, well, kept from arriving, with losses', () => {
  expect(telemetryFound('off', none)).toMatch(/^Telemetry is off/);
  expect(telemetryFound('', none)).toMatch(/earlier release/);
  expect(telemetryFound('ok', none)).toBe('Events arrive. None waits. None was refused or lost.');
  expect(telemetryFound('ok', { ...none, queued: 1 })).toMatch(/1 event waits\./);
  expect(telemetryFound('connect ECONNREFUSED', { ...none, queued: 7 })).toMatchObject({
    message: 'Events do not arrive: connect ECONNREFUSED. 7 events wait.',
    attention: expect.stringContaining('check=hec'),
  });
  expect(telemetryFound('ok', { queued: 0, deadLetters: 2, dropped: 1 })).toMatchObject({
    message: expect.stringMatching(/refused 2 events for good; 1 event was lost/),
    attention: expect.stringContaining('KEPLER_HEC_SPOOL_MB'),
  });
});
