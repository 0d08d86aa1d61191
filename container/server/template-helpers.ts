/** The helpers that templates call in the runtime, put together from the runtime's parts. */
import { splunkMethods } from '../helpers/splunk/index.ts';
import { HelperDesk } from '../templates/helper-desk.ts';
import type { Log } from './log.ts';
import type { ServerSettings } from './settings.ts';
import type { TelemetryService } from './telemetry/service.ts';

/** @param telemetry it comes to be after the desk */
export function openHelperDesk(
  settings: ServerSettings,
  log: Log,
  telemetry: () => TelemetryService | undefined,
): HelperDesk {
  const splunk = splunkMethods({ settings: settings.splunk, index: () => telemetry()?.index });
  return new HelperDesk({ splunk }, (error) =>
    log.warn({ err: error }, 'a helper that a template called failed'),
  );
}
