/** What a user's template logs and tells, in the name of the search that it works for. */
import type { Telemetry } from '../../helpers/telemetry/telemetry.ts';
import type { Work } from '../../jobs/types.ts';
import type { TemplateTold } from '../../templates/broker/messages.ts';
import type { Log } from '../log.ts';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
/** A template's log line for the runtime's log and for Splunk; longer texts are cut. */
const LONGEST = 8192;

export function tellOfTemplate(
  { log, telemetry }: { log: Log; telemetry: Telemetry },
  told: TemplateTold,
  work: Work | undefined,
): void {
  const about = { template: told.template, ...work };
  if ('log' in told) {
    const level = LEVELS.find((known) => known === told.log.level) ?? 'info';
    const text = told.log.text.slice(0, LONGEST);
    log[level]({ ...about, fields: told.log.fields }, text);
    telemetry.event({
      sourcetype: 'event',
      fields: { kind: 'log', level, text, ...about, fields: told.log.fields },
    });
    return;
  }
  const { kind, ...given } = told.telemetry;
  if (kind === 'metrics') {
    const { values, dimensions } = given as {
      values?: Record<string, number>;
      dimensions?: Record<string, string>;
    };
    const prefixed = Object.entries(values ?? {}).map(
      ([name, value]) => [`template.${name}`, value] as const,
    );
    telemetry.metrics({
      values: Object.fromEntries(prefixed),
      dimensions: { ...partsOf(told.template), ...dimensions },
    });
    return;
  }
  telemetry.event({
    sourcetype: kind === 'error' ? 'error' : 'event',
    fields: { kind, ...about, ...partsOf(told.template), ...given },
  });
}

/** `<author>_<Model>_<useCase>_v<N>` has these parts as dimensions; other names are as good, and have their own alone. */
export function partsOf(template: string): Record<string, string> {
  return { template, ...namedParts(template) };
}

/** The parts alone; none of another name. */
export function namedParts(template: string): Record<string, string> {
  const [, author, model, useCase, revision] = /^([^_]+)_([^_]+)_(.+)_v(\d+)$/.exec(template) ?? [];
  return author === undefined ? {} : { author, template_model: model, use_case: useCase, revision };
}
