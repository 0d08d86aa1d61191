import { parseBoolean } from '../../../../container/contract/boolean.ts';
import { KeplerError } from '../../../../container/contract/errors.ts';
import type { Change, Head } from './head.ts';

/** The commands that MLTK has too: seen in this app alone, or in all. */
export const SHARED_NAMES = [
  'fit',
  'apply',
  'summary',
  'score',
  'sample',
  'listmodels',
  'deletemodel',
] as const;

const ACL = (command: string) => `/servicesNS/nobody/kepler/configs/conf-commands/${command}/acl`;

/** Whether the Machine Learning Toolkit is installed and not disabled. */
export async function hasToolkit(head: Head): Promise<boolean> {
  const entry = await head.splunkd.entry('/services/apps/local/Splunk_ML_Toolkit');
  return entry !== undefined && !parseBoolean(String(entry.content.disabled ?? 'false'));
}

/** `global` or `app` for each command. */
export async function exports(head: Head): Promise<Map<string, string>> {
  const found = await Promise.all(
    SHARED_NAMES.map(async (command) => [command, await head.splunkd.entry(ACL(command))] as const),
  );
  return new Map(found.map(([command, entry]) => [command, entry?.acl?.sharing ?? 'app']));
}

/**
 * Lets the commands with MLTK's names be seen in all apps, or in this one alone, by Splunk's own ACL call.
 * @throws KeplerError invalid_arguments, forbidden, configuration
 */
export async function setExport(head: Head, to: string, force: boolean): Promise<Change[]> {
  if (to !== 'global' && to !== 'app') {
    throw new KeplerError(
      'invalid_arguments',
      `keplerctl set: export=${to.slice(0, 40)} must be global or app.`,
    );
  }
  if (to === 'global' && (await hasToolkit(head))) {
    const text =
      'The Machine Learning Toolkit (Splunk_ML_Toolkit) is installed. With export=global its apps still find its own fit, apply and summary first, ' +
      'but in every other app the search head chooses between two commands of the same name, and saved searches there may come to be answered by Kepler, which does not read the Toolkit’s models. ' +
      'kfit, kapply and ksummary are Kepler’s in all apps without that.';
    if (!force) {
      throw new KeplerError(
        'invalid_arguments',
        `${text} Nothing was changed. To do it all the same: | keplerctl set export=global force=true`,
      );
    }
    head.messages.push({ level: 'WARN', text });
  }
  const before = await exports(head);
  const changes: Change[] = [];
  for (const command of SHARED_NAMES) {
    const was = before.get(command) === 'global' ? 'global' : 'app';
    if (was === to) continue;
    const form = { sharing: to, owner: 'nobody', 'perms.read': '*', 'perms.write': 'admin,sc_admin' };
    await head.splunkd.post(
      ACL(command),
      form,
      `share the command ${command} ${to === 'global' ? 'with all apps' : 'with this app alone'}`,
    );
    changes.push({ object: `command ${command}`, change: 'export', before: was, after: to });
  }
  if (changes.length === 0)
    head.messages.push({ level: 'INFO', text: `All commands have export=${to} already.` });
  return changes;
}
