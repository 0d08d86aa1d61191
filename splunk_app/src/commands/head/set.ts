import { parseBoolean } from '../../../../container/contract/boolean.ts';
import { clipped } from '../../../../container/contract/clipped.ts';
import { KeplerError } from '../../../../container/contract/errors.ts';
import { PATHS } from '../../../../container/contract/wire.ts';
import { readKeplerConf } from '../../bridge/containers/runtime-specs.ts';
import { CONF_SETTINGS, stanzaOf } from './conf-settings.ts';
import { setExport } from './export.ts';
import { recordsOf } from './head.ts';
import type { Change, Head, Question } from './head.ts';

/** Changes settings: of the app's commands here, of kepler.conf by splunkd, and limits in the runtime that is meant. */
export async function set(head: Head, { options }: Question): Promise<Change[]> {
  const { force = 'f', export: to, runtime = 'main', ...rest } = options;
  const inConf = CONF_SETTINGS.filter(({ setting }) => Object.hasOwn(rest, setting));
  const problems = inConf.flatMap(({ setting, problem }) => {
    const wrong = rest[setting] === '' ? undefined : problem(rest[setting]);
    return wrong === undefined ? [] : [`${setting}=${clipped(rest[setting])} ${wrong}.`];
  });
  if (problems.length > 0) throw new KeplerError('invalid_arguments', `keplerctl set: ${problems.join(' ')}`);
  const limits = Object.fromEntries(
    Object.entries(rest).filter(([name]) => !inConf.some(({ setting }) => setting === name)),
  );
  const changes: Change[] = [];
  // The runtime knows what limits there are: it is asked first, so that a mistyped name changes nothing.
  if (Object.keys(limits).length > 0 || (inConf.length === 0 && to === undefined)) {
    const request = { verb: 'set', options: limits };
    const table = await head.table(head.runtime(runtime), PATHS.change, request, false);
    changes.push(...(recordsOf(table) as unknown as Change[]));
  }
  const conf = readKeplerConf(head.splunkHome);
  for (const each of inConf) {
    const { setting, key, standard } = each;
    const stanza = stanzaOf(each, runtime);
    const before = conf.get(stanza)?.get(key) ?? standard;
    const after = rest[setting] === '' ? standard : rest[setting];
    await head.splunkd.writeConf(stanza, { [key]: after });
    changes.push({ object: setting, change: `set in kepler.conf [${stanza}]`, before, after });
  }
  if (to !== undefined) changes.push(...(await setExport(head, to, parseBoolean(force) === true)));
  return changes;
}
