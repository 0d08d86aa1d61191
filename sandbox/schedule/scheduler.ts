import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { appendLog } from '../log-file.ts';
import type { DispatchedSearch } from '../search/dispatch.ts';
import { ConfStore } from '../splunkd/conf-store.ts';
import type { Stanza } from '../splunkd/conf-store.ts';
import type { SearchJobs } from '../splunkd/rest/jobs.ts';
import { RestError } from '../splunkd/rest/reply.ts';
import { SYSTEM_USER } from '../splunkd/users.ts';
import type { Cron } from './cron.ts';
import { CronError, isDue, parseCron } from './cron.ts';

const MINUTE_MS = 60_000;
const isTrue = (value: string | undefined) => /^(1|true)$/i.test(value ?? '');

/** Starts saved searches at the minutes that their `cron_schedule` names. */
export class Scheduler {
  private readonly store: ConfStore;
  private readonly last = new Map<string, DispatchedSearch>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly splunkHome: string,
    private readonly jobs: SearchJobs,
  ) {
    this.store = new ConfStore(splunkHome);
  }

  start(): void {
    const wait = MINUTE_MS - (Date.now() % MINUTE_MS);
    this.timer = setTimeout(() => {
      this.start();
      this.runDue(new Date());
    }, wait);
    this.timer.unref();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  /** Starts what is due in the minute of a time; a search whose last run has not ended is left out, and that is told. */
  runDue(time: Date): DispatchedSearch[] {
    return this.scheduled().flatMap(({ stanza, owner }) => {
      const { name, app, settings } = stanza;
      const cron = this.cronOf(stanza);
      if (!cron || !isDue(cron, time)) return [];
      const key = [owner, app, name].join('\u0000');
      const before = this.last.get(key);
      if (before && !before.isDone) {
        this.log(
          `savedsearch_name="${name}", app="${app}", user="${owner}", status=skipped, reason="The maximum number of concurrent running jobs for this scheduled search has been reached"`,
        );
        return [];
      }
      try {
        const search = this.jobs.dispatch(owner === 'nobody' ? SYSTEM_USER : owner, app, {
          search: settings.get('search') ?? '',
          earliest_time: settings.get('dispatch.earliest_time') ?? '',
          latest_time: settings.get('dispatch.latest_time') ?? '',
          ...(settings.has('dispatch.ttl') && { timeout: settings.get('dispatch.ttl')! }),
        });
        this.last.set(key, search);
        this.log(
          `savedsearch_name="${name}", app="${app}", user="${owner}", status=success, sid="${search.about.sid}"`,
        );
        return [search];
      } catch (error) {
        if (!(error instanceof RestError)) throw error;
        this.log(
          `savedsearch_name="${name}", app="${app}", user="${owner}", status=failed, reason="${error.message}"`,
        );
        return [];
      }
    });
  }

  /** Those of the apps, and people's own. */
  private scheduled(): { stanza: Stanza; owner: string }[] {
    const users = join(this.splunkHome, 'etc/users');
    const people = existsSync(users) ? readdirSync(users) : [];
    const shared = this.store
      .list('savedsearches', { owner: 'nobody', app: '-' })
      .map((stanza) => ({ stanza, owner: stanza.permissions.owner }));
    const own = people.flatMap((owner) =>
      this.store
        .list('savedsearches', { owner, app: '-' })
        .filter((stanza) => stanza.owner !== undefined)
        .map((stanza) => ({ stanza, owner })),
    );
    return [...shared, ...own].filter(
      ({ stanza: { settings } }) =>
        isTrue(settings.get('enableSched') ?? settings.get('is_scheduled')) &&
        !isTrue(settings.get('disabled')),
    );
  }

  private cronOf({ name, settings }: Stanza): Cron | undefined {
    try {
      return parseCron(settings.get('cron_schedule') ?? '');
    } catch (error) {
      if (!(error instanceof CronError)) throw error;
      this.log(`savedsearch_name="${name}", status=failed, reason="${error.message}"`);
      return undefined;
    }
  }

  private log(text: string): void {
    const file = join(this.splunkHome, 'var/log/splunk/scheduler.log');
    appendLog(file, `${new Date().toISOString()} INFO SavedSplunker - ${text}\n`);
  }
}
