import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SplError } from '../spl/pipeline.ts';
import type { Conf } from './conf.ts';
import { readConf } from './conf.ts';

/** A search command that an app brings: an executable that speaks the chunked protocol. */
export interface AppCommand {
  readonly name: string;
  readonly app: string;
  readonly file: string;
  readonly args: readonly string[];
}

/** The folder of executables for this machine, as splunkd names it; none for platforms that it has no name for. */
export function platformFolder(
  platform: string = process.platform,
  architecture: string = process.arch,
): string | null {
  const system = { linux: 'linux', win32: 'windows', darwin: 'darwin' }[platform];
  const bits = { x64: 'x86_64', ia32: 'x86' }[architecture];
  return system && bits ? `${system}_${bits}` : null;
}

/** The commands that a search in the app sees: the app's own, and those that other apps export to all. */
export class AppCommands {
  private readonly confs = new Map<string, { commands: Conf; meta: Conf }>();

  constructor(private readonly splunkHome: string) {
    const apps = join(splunkHome, 'etc/apps');
    for (const app of existsSync(apps) ? readdirSync(apps).sort() : []) {
      const folder = join(apps, app);
      this.confs.set(app, {
        commands: readConf(join(folder, 'default/commands.conf'), join(folder, 'local/commands.conf')),
        meta: readConf(join(folder, 'metadata/default.meta'), join(folder, 'metadata/local.meta')),
      });
    }
  }

  hasApp(app: string): boolean {
    return this.confs.has(app);
  }

  names(app: string): string[] {
    const names = [...this.confs].flatMap(([owner, { commands }]) =>
      [...commands.keys()].filter(
        (name) => name !== 'default' && (owner === app || this.isExported(owner, name)),
      ),
    );
    return [...new Set(names)].sort();
  }

  /** The command of that name, the app's own first; undefined where a search in the app sees none. */
  find(name: string, app: string): AppCommand | undefined {
    const owners = [
      app,
      ...[...this.confs.keys()].filter((other) => other !== app && this.isExported(other, name)),
    ];
    for (const owner of owners) {
      const settings = this.confs.get(owner)?.commands.get(name);
      if (settings) return this.resolve(name, owner, settings);
    }
    return undefined;
  }

  private isExported(app: string, command: string): boolean {
    const meta = this.confs.get(app)!.meta;
    for (const stanza of [`commands/${command}`, 'commands', '']) {
      const value = meta.get(stanza)?.get('export');
      if (value !== undefined) return value === 'system';
    }
    return false;
  }

  private resolve(name: string, app: string, settings: ReadonlyMap<string, string>): AppCommand {
    if (settings.get('chunked') !== 'true') {
      throw new SplError(
        `The command '${name}' of the app '${app}' is not chunked; the sandbox runs no other kind.`,
      );
    }
    const filename = settings.get('filename') ?? name;
    const folder = join(this.splunkHome, 'etc/apps', app);
    const platform = platformFolder();
    const places = [...(platform ? [join(folder, platform, 'bin')] : []), join(folder, 'bin')];
    const found = places.map((place) => join(place, filename)).find((path) => existsSync(path));
    if (!found) {
      throw new SplError(
        `The executable '${filename}' of the command '${name}' is in none of ${places.join(', ')}. Build it with 'npm run build'.`,
      );
    }
    const args = [...settings]
      .map(([key, value]) => ({ at: /^command\.arg\.(\d+)$/.exec(key)?.[1], value }))
      .filter(({ at }) => at !== undefined)
      .sort((a, b) => Number(a.at) - Number(b.at))
      .map(({ value }) => this.substitute(value));
    const file = found.endsWith('.path') ? this.substitute(readFileSync(found, 'utf8').trim()) : found;
    return { name, app, file, args };
  }

  private substitute(text: string): string {
    const environment: NodeJS.ProcessEnv = { ...process.env, SPLUNK_HOME: this.splunkHome };
    return text.replace(/\$\{?(\w+)\}?/g, (whole, variable: string) => environment[variable] ?? whole);
  }
}
