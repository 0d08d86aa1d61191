import { didYouMean } from '../../contract/did-you-mean.ts';
import { KeplerError } from '../../contract/errors.ts';
import type { JobSettings } from '../../jobs/types.ts';
import type { Change } from '../../registry/model-changes.ts';
import { LIMITS, NEED_RESTART, variableOf } from '../settings.ts';
import type { LimitName, ServerSettings } from '../settings.ts';
import { readStoredSettings, writeStoredSettings } from '../stored-settings.ts';
import type { Order } from './order.ts';

/** Changes of settings come one after another: each reads what the one before has written. */
let turn: Promise<unknown> = Promise.resolve();

/**
 * Sets limits, all or none: kept in `$KEPLER_HOME/settings.json`, and effective at once for the searches that begin, but for
 * those that size what is made at the start.
 * @throws KeplerError invalid_arguments, naming all that is wrong; storage_failed, disk_full
 */
export function set({ options, services }: Order): Promise<Change[]> {
  const mine = turn.then(() => setAll(options, services.settings, () => services.jobs.settingsChanged?.()));
  turn = mine.catch(() => undefined);
  return mine;
}

async function setAll(
  options: Order['options'],
  settings: ServerSettings,
  changed: () => void,
): Promise<Change[]> {
  const wanted = Object.entries(options).filter(([name]) => name !== 'force');
  const problems = wanted.flatMap(([name, text]) => problemOf(name, text, settings));
  if (wanted.length === 0) problems.push('set needs <setting>=<value>. | kepler settings lists them.');
  if (problems.length > 0) throw new KeplerError('invalid_arguments', `keplerctl set: ${problems.join(' ')}`);
  const stored: Record<string, number> = { ...readStoredSettings(settings.home) };
  const changes: Change[] = [];
  for (const [name, text] of wanted as [LimitName, string][]) {
    const after = text === '' ? LIMITS[name].default : Number(text);
    if (text === '') delete stored[name];
    else stored[name] = after;
    const restart = NEED_RESTART.has(name) ? ' (after a restart of the runtime)' : '';
    changes.push({
      object: name,
      change: `set${restart}`,
      before: String(settings.jobs[name]),
      after: String(after),
    });
  }
  await writeStoredSettings(settings.home, stored);
  for (const [name, text] of wanted as [LimitName, string][]) {
    if (NEED_RESTART.has(name)) continue;
    settings.sources[name] = text === '' ? 'default' : 'set';
    // The one object that jobs read their limits from.
    (settings.jobs as { -readonly [K in keyof JobSettings]: JobSettings[K] })[name] =
      text === '' ? LIMITS[name].default : Number(text);
  }
  changed();
  return changes;
}

function problemOf(name: string, text: string, { sources }: ServerSettings): string[] {
  if (!Object.hasOwn(LIMITS, name)) {
    const near = didYouMean(name, Object.keys(LIMITS));
    return [
      `there is no setting "${name.slice(0, 60)}" that can be set.${near ? ` Did you mean ${near}?` : ''} "| kepler settings" lists them.`,
    ];
  }
  if (sources[name as LimitName] === 'environment') {
    return [
      `${name} is set by ${variableOf(name)} in the runtime's environment, which wins: change it there.`,
    ];
  }
  const value = Number(text);
  if (text === '' || (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= 1)) return [];
  return [`${name}=${text.slice(0, 60)} must be a whole number of at least 1, or empty for the default.`];
}
