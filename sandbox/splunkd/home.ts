import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { ConfStore } from './conf-store.ts';
import { WEB_USERS } from './users.ts';

/** What of an app's folder is the app's own; `local`, `lookups` and `metadata/local.meta` belong to the search head. */
const SHARED = ['default', 'bin', 'linux_x86_64', 'README', 'appserver', 'static', 'locale'];

/** A SPLUNK_HOME for the sandbox, laid out as Splunk's. */
export class SplunkHome {
  readonly path: string;

  constructor(path: string) {
    this.path = resolve(path);
  }

  get dispatch(): string {
    return join(this.path, 'var/run/splunk/dispatch');
  }

  /** Where commands keep the search head's key, and the runtime finds its public half. */
  get keys(): string {
    return join(this.path, 'var/lib/kepler');
  }

  private get passwordFile(): string {
    return join(this.path, 'var/run/kepler-sandbox.password');
  }

  /** The password that opens a session for any user; made once. */
  get password(): string {
    return readFileSync(this.passwordFile, 'utf8');
  }

  private get userFile(): string {
    return join(this.path, 'var/run/kepler-sandbox.users.json');
  }

  /** The passwords of those who can log in to Splunk Web. */
  get passwords(): Readonly<Record<string, string>> {
    return JSON.parse(readFileSync(this.userFile, 'utf8')) as Record<string, string>;
  }

  passwordOf(user: string): string | undefined {
    const { passwords } = this;
    return Object.hasOwn(passwords, user) ? passwords[user] : undefined;
  }

  lookups(app: string): string {
    return join(this.path, 'etc/apps', app, 'lookups');
  }

  /**
   * Makes what is missing, and links the app's folders.
   * @param appFolder The app as it would be installed, the repository's `splunk_app`; none where it is installed by its package.
   */
  prepare(appFolder?: string): void {
    for (const folder of [
      'var/run/splunk/dispatch',
      'etc/apps/kepler/local',
      'etc/apps/kepler/lookups',
      'etc/apps/search/lookups',
      'etc/apps/search/metadata',
      'etc/system/local',
    ]) {
      mkdirSync(join(this.path, folder), { recursive: true });
    }
    mkdirSync(this.keys, { recursive: true, mode: 0o700 });
    chmodSync(this.keys, 0o700);
    if (!existsSync(this.passwordFile)) {
      writeFileSync(this.passwordFile, randomBytes(24).toString('hex'), { mode: 0o600 });
    }
    if (!existsSync(this.userFile)) {
      const passwords = WEB_USERS.map((user) => [user, randomBytes(9).toString('base64url')]);
      writeFileSync(this.userFile, JSON.stringify(Object.fromEntries(passwords)), { mode: 0o600 });
    }
    const meta = join(this.path, 'etc/apps/search/metadata/default.meta');
    if (!existsSync(meta))
      writeFileSync(meta, '[]\naccess = read : [ * ], write : [ admin, power ]\nexport = system\n');
    if (appFolder !== undefined) this.linkApp(resolve(appFolder));
  }

  private linkApp(appFolder: string): void {
    const app = join(this.path, 'etc/apps/kepler');
    for (const name of SHARED) {
      const [source, link] = [join(appFolder, name), join(app, name)];
      const old = lstatSync(link, { throwIfNoEntry: false });
      if (old?.isSymbolicLink() && readlinkSync(link) === source && existsSync(source)) continue;
      if (old) rmSync(link, { recursive: true });
      if (existsSync(source)) symlinkSync(source, link);
    }
    this.linkFiles(join(appFolder, 'lookups'), join(app, 'lookups'));
    this.linkFiles(join(appFolder, 'metadata'), join(app, 'metadata'));
  }

  /** A folder that holds files of the search head's own beside those of the app. */
  private linkFiles(source: string, folder: string): void {
    if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) rmSync(folder);
    mkdirSync(folder, { recursive: true });
    for (const file of existsSync(source) ? readdirSync(source) : []) {
      const link = join(folder, file);
      if (!lstatSync(link, { throwIfNoEntry: false })) symlinkSync(join(source, file), link);
    }
  }

  /** Tells the app's commands where the runtime is. */
  setRuntime(url: string): void {
    const place = { owner: 'nobody', app: 'kepler' };
    new ConfStore(this.path).write('kepler', 'runtime:main', [['url', url]], place);
  }
}
