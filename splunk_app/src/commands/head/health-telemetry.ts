import { plural } from '../../../../container/contract/plural.ts';
import { PATHS } from '../../../../container/contract/wire.ts';
import { recordsOf } from './head.ts';
import type { Head } from './head.ts';
import type { Found, Step } from './steps.ts';

/** What the runtime says of the events that it sends: whether they arrive, how many wait, how many were refused or lost. */
export function telemetrySteps(head: Head): Step[] {
  return [
    {
      step: 'What the runtime sends',
      remedy: 'See | kepler health check=runtime.',
      run: async () => {
        const request = { noun: 'runtimes', options: {} };
        const [self = {}] = recordsOf(await head.table(head.runtime(), PATHS.read, request, true));
        const count = (name: string) => Number(self[`telemetry_${name}`] ?? 0);
        return telemetryFound(String(self.telemetry ?? ''), {
          queued: count('queued'),
          deadLetters: count('dead_letters'),
          dropped: count('dropped'),
        });
      },
    },
  ];
}

interface Counts {
  readonly queued: number;
  readonly deadLetters: number;
  readonly dropped: number;
}

/** In words. @param state `off`, `ok`, or what keeps the events from Splunk; empty of a runtime that does not say */
export function telemetryFound(state: string, { queued, deadLetters, dropped }: Counts): Found {
  if (state === '') return 'This runtime does not say: it is of an earlier release.';
  if (state === 'off') return 'Telemetry is off: nothing is sent.';
  const events = (n: number) => `${n} ${plural(n, 'event', 'events')}`;
  const waiting = queued === 0 ? 'None waits.' : `${events(queued)} ${plural(queued, 'waits', 'wait')}.`;
  if (state !== 'ok') {
    return {
      message: `Events do not arrive: ${state}. ${waiting}`,
      attention: 'Nothing is lost while there is room. See | kepler health check=hec for what is wrong.',
    };
  }
  if (deadLetters + dropped > 0) {
    return {
      message: `Events arrive. ${waiting} Splunk refused ${events(deadLetters)} for good; ${events(dropped)} ${plural(dropped, 'was', 'were')} lost for want of room.`,
      attention:
        'Refused ones lie in telemetry/ in the runtime’s folder, each with Splunk’s reason. Against losses raise KEPLER_HEC_SPOOL_MB.',
    };
  }
  return `Events arrive. ${waiting} None was refused or lost.`;
}
