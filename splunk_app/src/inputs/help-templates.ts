/**
 * Keeps the search assistant's help of `fit` up with the templates that the runtimes serve. It is written into
 * local/searchbnf.conf when it changes; splunkd shows it beside what the app ships, and replicates it in a cluster.
 */
import { KeplerError } from '../../../container/contract/errors.ts';
import type { ReadRequest, ResultTable } from '../../../container/contract/requests.ts';
import { PATHS } from '../../../container/contract/wire.ts';
import type { ConfiguredRuntime } from '../bridge/containers/runtime-specs.ts';
import type { Splunkd } from '../bridge/splunkd.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { SystemRuntimes } from './system-runtimes.ts';
import { helpOf, isHelp, servedTemplates, type HelpedTemplate } from './template-help.ts';
import type { WatchEvent } from './watch.ts';

/** Commands whose help it is. */
const COMMANDS = ['fit', 'kfit'];
const REQUEST: ReadRequest = { noun: 'templates', name: undefined, options: {} };

export interface Helping {
  readonly splunkd: Splunkd;
  readonly system: SystemRuntimes;
  readonly runtimes: readonly ConfiguredRuntime[];
  readonly checkpoint: Checkpoint;
  readonly now: number;
  report(event: WatchEvent): void;
}

export async function helpTemplates(work: Helping): Promise<void> {
  const reachable = work.runtimes.filter(({ settings }) => settings.get('url'));
  if (reachable.length === 0) return;
  const templates: HelpedTemplate[] = [];
  for (const { name } of reachable) {
    try {
      const table = await work.system.with(name, (runtime) =>
        runtime.ask<ResultTable>('POST', PATHS.read, REQUEST, { repeatable: true }),
      );
      templates.push(...servedTemplates(table));
    } catch (error) {
      // That a runtime does not answer is told elsewhere; until it does, the help stays as it is.
      if (error instanceof KeplerError) return;
      throw error;
    }
  }
  const { checkpoint, now } = work;
  try {
    if (await writeTemplateHelp(work.splunkd, templates)) {
      const message = "The search assistant's help of fit says which templates there are.";
      work.report({ time: now, level: 'INFO', event: 'help_written', message });
    }
    delete checkpoint.reported.help;
  } catch (error) {
    if (!(error instanceof KeplerError)) throw error;
    if (checkpoint.reported.help === error.code) return;
    checkpoint.reported.help = error.code;
    const { message, code } = error;
    work.report({ time: now, level: 'WARN', event: 'help_not_written', message, details: { code } });
  }
}

/** Makes splunkd's help say what the templates are now. Whether there was anything to write. @throws KeplerError */
export async function writeTemplateHelp(
  splunkd: Splunkd,
  templates: readonly HelpedTemplate[],
): Promise<boolean> {
  let wrote = false;
  for (const command of COMMANDS) {
    const stanza = `${command}-command`;
    const now = (await splunkd.conf('searchbnf', stanza))?.content ?? {};
    const wanted = helpOf(command, templates);
    // A setting can be emptied, and not be taken away where the app ships the stanza.
    const over = Object.keys(now).filter((key) => isHelp(key) && !(key in wanted));
    const settings = { ...Object.fromEntries(over.map((key) => [key, ''])), ...wanted };
    const changed = Object.entries(settings).filter(([key, value]) => String(now[key] ?? '') !== value);
    if (changed.length === 0) continue;
    await splunkd.writeConf(stanza, Object.fromEntries(changed), 'searchbnf');
    wrote = true;
  }
  return wrote;
}
