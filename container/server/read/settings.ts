import { tableOf } from '../../contract/catalogue/rows.ts';
import type { Row } from '../../contract/catalogue/rows.ts';
import { LIMITS, variableOf } from '../settings.ts';
import type { LimitName, ServerSettings } from '../settings.ts';
import type { Provider } from './provider.ts';

/** The runtime's settings; those of the search head are added there. */
export const settings: Provider = ({ noun, name, services }) => {
  const rows = rowsOf(services.settings);
  return tableOf(
    noun.fields,
    rows.filter(({ setting }) => name === undefined || setting === name),
  );
};

function rowsOf(now: ServerSettings): Row[] {
  const limits = Object.entries(LIMITS).map(([field, limit]) => ({
    setting: field,
    value: now.jobs[field as LimitName],
    default: limit.default,
    source: now.sources[field as LimitName],
    variable: variableOf(field),
    about: limit.about,
  }));
  const fixed = (setting: string, value: string | number, variable: string, about: string): Row => ({
    setting,
    value,
    source: now.given.has(variable) ? 'environment' : 'default',
    variable,
    about: `${about}; the environment alone changes it`,
  });
  return [
    ...limits,
    fixed('home', now.home, 'KEPLER_HOME', 'folder of the runtime’s state'),
    fixed('listen', now.listen.length, 'KEPLER_LISTEN', 'addresses that it listens on'),
    fixed('logLevel', now.logLevel, 'KEPLER_LOG_LEVEL', 'how much its log says'),
    fixed('maxConnections', now.maxConnections, 'KEPLER_MAX_CONNECTIONS', 'connections at the same time'),
    fixed(
      'graceSeconds',
      now.graceSeconds,
      'KEPLER_GRACE_SECONDS',
      'seconds that jobs may go on when it ends',
    ),
  ];
}
