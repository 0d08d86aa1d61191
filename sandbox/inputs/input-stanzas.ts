import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { platformFolder } from '../splunkd/apps.ts';
import type { ConfStore } from '../splunkd/conf-store.ts';

/** One configured input of a kind that an app brings: a stanza `<scheme>://<name>` of `inputs.conf`. */
export interface InputStanza {
  readonly scheme: string;
  /** The whole name, `<scheme>://<name>`. */
  readonly name: string;
  readonly app: string;
  /** The executable. */
  readonly file: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const isTrue = (value: string | undefined) => /^(1|true)$/i.test(value ?? '');

/** The enabled inputs whose executables are there. Kinds that Splunk has itself (`monitor`, `http`, …) are none of them. */
export function inputStanzas(store: ConfStore): InputStanza[] {
  const all = store.list('inputs', { owner: 'nobody', app: '-' });
  return all.flatMap(({ name, app, settings: own }) => {
    const scheme = /^([A-Za-z]\w*):\/\//.exec(name)?.[1];
    if (scheme === undefined) return [];
    // `[<scheme>]` holds what is true of all its inputs.
    const common = all.find((stanza) => stanza.name === scheme)?.settings ?? [];
    const settings = new Map([...common, ...own]);
    if (isTrue(settings.get('disabled'))) return [];
    const file = executableOf(store.appFolder(app), scheme);
    if (file === undefined) return [];
    return [{ scheme, name, app, file, parameters: settings }];
  });
}

/** The file that bears the scheme's name: the platform's first, then the one for all. */
function executableOf(appFolder: string, scheme: string): string | undefined {
  const platform = platformFolder();
  const folders = [...(platform ? [join(appFolder, platform, 'bin')] : []), join(appFolder, 'bin')];
  return folders
    .flatMap((folder) => [join(folder, scheme), join(folder, `${scheme}.sh`)])
    .find((file) => existsSync(file));
}
