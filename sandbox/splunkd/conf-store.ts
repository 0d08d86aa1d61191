import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readConf } from './conf.ts';
import { removeFromConf, setInConf } from './conf-writer.ts';
import type { Permissions } from './metadata.ts';
import { AppMetadata } from './metadata.ts';

/** Where a caller looks: an owner's own settings in an app, or those that the app shares. `-` stands for all. */
export interface Place {
  readonly owner: string;
  readonly app: string;
}

export interface Stanza {
  readonly name: string;
  readonly settings: ReadonlyMap<string, string>;
  readonly app: string;
  /** The person whose private stanza it is; undefined for one of the app. */
  readonly owner?: string;
  readonly permissions: Permissions;
  /** Nothing of it stands in the app's `default`, so it can be removed. */
  readonly removable: boolean;
}

/** The conf files of all apps: `default`, `local` above it, and what people keep for themselves above both. */
export class ConfStore {
  constructor(private readonly splunkHome: string) {}

  apps(): string[] {
    return readdirSync(join(this.splunkHome, 'etc/apps')).sort();
  }

  appFolder(app: string): string {
    return join(this.splunkHome, 'etc/apps', app);
  }

  /** All stanzas that are seen from a place: the app's own, those that other apps export, and the owner's private ones. */
  list(file: string, place: Place): Stanza[] {
    const found = new Map<string, Stanza>();
    const own = place.app === '-' || place.app === '' ? this.apps() : [place.app];
    const others = this.apps().filter((app) => !own.includes(app));
    for (const app of [...others, ...own]) {
      for (const stanza of this.shared(file, app)) {
        if (own.includes(app) || stanza.permissions.exported) found.set(stanza.name, stanza);
      }
    }
    for (const app of own) {
      for (const stanza of this.privateOf(file, app, place.owner)) {
        const below = found.get(stanza.name);
        found.set(
          stanza.name,
          below ? { ...stanza, settings: new Map([...below.settings, ...stanza.settings]) } : stanza,
        );
      }
    }
    return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  find(file: string, name: string, place: Place): Stanza | undefined {
    return this.list(file, place).find((stanza) => stanza.name === name);
  }

  /** Sets settings of a stanza: the app's for the owner `nobody`, a person's own for others. */
  write(file: string, name: string, settings: Iterable<readonly [string, string]>, place: Place): void {
    this.change(file, place, (text) => setInConf(text, name, settings));
  }

  remove(file: string, name: string, place: Place): void {
    this.change(file, place, (text) => removeFromConf(text, name));
  }

  private change(file: string, place: Place, change: (text: string) => string): void {
    const path = join(this.folderOf(place), 'local', `${file}.conf`);
    mkdirSync(dirname(path), { recursive: true });
    const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
    // Commands read these files at any moment: a file appears whole or not at all. Settings may be secret.
    const changed = change(text);
    // Nothing to write, and nothing that a full disk could refuse.
    if (changed === text && existsSync(path)) return;
    writeFileSync(`${path}.${process.pid}`, changed, { mode: 0o600 });
    renameSync(`${path}.${process.pid}`, path);
  }

  private folderOf({ owner, app }: Place): string {
    if (owner === 'nobody') return this.appFolder(app);
    return join(this.splunkHome, 'etc/users', owner, app);
  }

  private shared(file: string, app: string): Stanza[] {
    const folder = this.appFolder(app);
    const shipped = readConf(join(folder, 'default', `${file}.conf`));
    const conf = readConf(join(folder, 'default', `${file}.conf`), join(folder, 'local', `${file}.conf`));
    const metadata = new AppMetadata(folder);
    const common = conf.get('default') ?? new Map<string, string>();
    return [...conf]
      .filter(([name]) => name !== 'default')
      .map(([name, settings]) => ({
        name,
        settings: new Map([...common, ...settings]),
        app,
        permissions: metadata.of(file, name),
        removable: !shipped.has(name),
      }));
  }

  private privateOf(file: string, app: string, owner: string): Stanza[] {
    if (owner === '' || owner === '-' || owner === 'nobody') return [];
    const conf = readConf(join(this.splunkHome, 'etc/users', owner, app, 'local', `${file}.conf`));
    return [...conf].map(([name, settings]) => ({
      name,
      settings,
      app,
      owner,
      permissions: { read: [owner], write: [owner], exported: false, owner },
      removable: true,
    }));
  }
}
