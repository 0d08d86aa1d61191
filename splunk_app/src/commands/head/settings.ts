import { tableOf } from '../../../../container/contract/catalogue/rows.ts';
import type { Row } from '../../../../container/contract/catalogue/rows.ts';
import type { Noun } from '../../../../container/contract/catalogue/types.ts';
import { clipped } from '../../../../container/contract/clipped.ts';
import { didYouMean } from '../../../../container/contract/did-you-mean.ts';
import { KeplerError } from '../../../../container/contract/errors.ts';
import type { ResultTable } from '../../../../container/contract/requests.ts';
import { PATHS } from '../../../../container/contract/wire.ts';
import { readKeplerConf } from '../../bridge/containers/runtime-specs.ts';
import { CONF_SETTINGS, stanzaOf } from './conf-settings.ts';
import { exports } from './export.ts';
import { recordsOf } from './head.ts';
import type { Head, Question } from './head.ts';

/** The search head's settings, then the runtime's: those of `main`, or of the one that `runtime=` names. */
export async function settings(head: Head, noun: Noun, { name, options }: Question): Promise<ResultTable> {
  const { runtime = 'main' } = options;
  const limits = await limitRows(head, runtime);
  const rows: Row[] = [
    ...confRows(head, runtime),
    await exportRow(head),
    await tokenRow(head),
    ...(limits ?? []),
  ];
  const found = rows.filter(({ setting }) => name === undefined || setting === name);
  // Where the runtime is silent, it may be one of its own.
  if (name !== undefined && found.length === 0 && limits) {
    throw new KeplerError('invalid_arguments', noSetting(name, rows));
  }
  return tableOf(noun.fields, found);
}

function noSetting(name: string, rows: readonly Row[]): string {
  const near = didYouMean(
    name,
    rows.map(({ setting }) => String(setting)),
  );
  return `There is no setting "${clipped(name)}".${near ? ` Did you mean ${near}?` : ''} | kepler settings lists them.`;
}

function confRows(head: Head, runtime: string): Row[] {
  const conf = readKeplerConf(head.splunkHome);
  return CONF_SETTINGS.map((each) => {
    const { setting, key, standard, about } = each;
    const stanza = stanzaOf(each, runtime);
    const value = conf.get(stanza)?.get(key) || standard;
    return {
      setting,
      value,
      default: standard,
      source: value === standard ? 'default' : 'kepler.conf',
      variable: `[${stanza}] ${key}`,
      about,
    };
  });
}

async function exportRow(head: Head): Promise<Row> {
  const row = {
    setting: 'export',
    default: 'app',
    variable: 'metadata/local.meta',
    about: 'app: fit, apply, summary … have these names in this app alone; global: in all apps',
  };
  try {
    const all = [...(await exports(head)).values()];
    const value = all.every((sharing) => sharing === 'global')
      ? 'global'
      : all.includes('global')
        ? 'mixed'
        : 'app';
    return { ...row, value, source: value === 'app' ? 'default' : 'set' };
  } catch (error) {
    return { ...row, about: `${row.about}; ${reasonOf(error)}` };
  }
}

async function tokenRow(head: Head): Promise<Row> {
  const row = {
    setting: 'hec.token',
    variable: 'storage/passwords kepler:hec_token:',
    about: 'the token for the HTTP Event Collector',
  };
  try {
    const entry = await head.splunkd.entry(
      `/servicesNS/nobody/kepler/storage/passwords/${encodeURIComponent('kepler:hec_token:')}`,
    );
    return { ...row, value: entry ? 'set' : 'not set', source: entry ? 'set' : 'default' };
  } catch (error) {
    return { ...row, about: `${row.about}; ${reasonOf(error)}` };
  }
}

/** Undefined where the runtime does not say. */
async function limitRows(head: Head, runtime: string): Promise<Row[] | undefined> {
  try {
    return recordsOf(
      await head.table(head.runtime(runtime), PATHS.read, { noun: 'settings', options: {} }, true),
    );
  } catch (error) {
    const text = reasonOf(error);
    head.messages.push({ level: 'WARN', text: `The runtime's limits are not shown: ${text}` });
    return undefined;
  }
}

/** Why something cannot be told to this user. */
function reasonOf(error: unknown): string {
  if (error instanceof KeplerError) return error.message;
  throw error;
}
