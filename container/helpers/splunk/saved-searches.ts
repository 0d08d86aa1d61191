/** Saved searches: run now, or at the times of a schedule. */
import { KeplerError } from '../../contract/errors.ts';
import { SplunkAnswerError } from './client.ts';
import type { Form, Namespace, SplunkClient } from './client.ts';
import { resultsOf } from './job-results.ts';
import { wholeSearch } from './query.ts';
import type { Page } from './query.ts';

export interface RunOptions {
  readonly earliest?: string | number;
  readonly latest?: string | number;
  /** Values for `$name$` in the search. */
  readonly args?: Readonly<Record<string, string | number>>;
}

export interface ScheduleOptions {
  readonly search: string;
  /** Five fields of cron, in the search head's time zone. */
  readonly cron: string;
  readonly earliest?: string;
  readonly latest?: string;
  readonly description?: string;
}

const pathOfSaved = (name: string) => `/saved/searches/${encodeURIComponent(name)}`;

/**
 * Runs a saved search and gives its results.
 * @throws KeplerError splunk_failed with Splunk's words where there is none of this name, or it fails
 */
export async function* runSavedSearch(
  client: SplunkClient,
  namespace: Namespace,
  name: string,
  options: RunOptions,
  signal?: AbortSignal,
): AsyncGenerator<Page> {
  const args = Object.entries(options.args ?? {}).map(([key, value]) => [`args.${key}`, value] as const);
  const { sid } = await client.ask<{ sid: string }>(
    `run the saved search "${name}"`,
    'POST',
    `${pathOfSaved(name)}/dispatch`,
    {
      namespace,
      signal,
      form: {
        ...Object.fromEntries(args),
        'dispatch.earliest_time': options.earliest,
        'dispatch.latest_time': options.latest,
        trigger_actions: 0,
      },
    },
  );
  const reading = { spl: `| savedsearch "${name}"`, namespace, maxRows: Infinity };
  yield* resultsOf(client, sid, reading, signal);
}

/** Makes a saved search that runs by a schedule, or changes the one that has the name. */
export async function scheduleSavedSearch(
  client: SplunkClient,
  namespace: Namespace,
  name: string,
  options: ScheduleOptions,
  signal?: AbortSignal,
): Promise<void> {
  for (const part of ['search', 'cron'] as const) {
    if (typeof options[part] !== 'string' || options[part].trim() === '')
      throw new KeplerError('invalid_arguments', `scheduleSavedSearch: ${part} is missing.`);
  }
  if (options.cron.trim().split(/\s+/).length !== 5) {
    throw new KeplerError(
      'invalid_arguments',
      `scheduleSavedSearch: cron must have five fields (minute, hour, day, month, weekday), not ${JSON.stringify(options.cron)}.`,
    );
  }
  const form: Form = {
    search: wholeSearch(options.search),
    is_scheduled: 1,
    cron_schedule: options.cron,
    'dispatch.earliest_time': options.earliest,
    'dispatch.latest_time': options.latest,
    description: options.description,
  };
  const doing = `schedule the saved search "${name}"`;
  try {
    await client.ask(doing, 'POST', '/saved/searches', { namespace, form: { name, ...form }, signal });
  } catch (error) {
    if (!(error instanceof SplunkAnswerError) || error.httpStatus !== 409) throw error;
    await client.ask(doing, 'POST', pathOfSaved(name), { namespace, form, signal });
  }
}
