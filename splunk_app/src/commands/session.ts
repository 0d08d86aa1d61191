import type { Runtime } from '../bridge/runtime.ts';
import type { Session } from './command.ts';
import type { Inspector } from './inspector.ts';
import type { SearchInfo } from './search-info.ts';

/** A search's session: settings, key and connection come to be when the command first asks for the runtime. */
export class LiveSession implements Session {
  readonly search: SearchInfo;
  #job: string | null = null;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly #inspector: Inspector;
  #runtime: Runtime | null = null;

  constructor(search: SearchInfo, env: Readonly<Record<string, string | undefined>>, inspector: Inspector) {
    this.search = search;
    this.env = env;
    this.#inspector = inspector;
  }

  get job(): string {
    if (this.#job === null) throw new Error('A job has its name from the runtime on.');
    return this.#job;
  }

  async runtime(name = 'main'): Promise<Runtime> {
    if (this.#runtime) return this.#runtime;
    const [{ readSettings }, { Runtime }, { appAcl }, { jobName }] = await Promise.all([
      import('../bridge/settings.ts'),
      import('../bridge/runtime.ts'),
      import('../bridge/acl.ts'),
      import('../bridge/identity.ts'),
    ]);
    this.#job = jobName();
    const settings = readSettings(this.env, name);
    const { user, app, sid } = this.search;
    this.#runtime = new Runtime(settings, {
      sub: user,
      app,
      roles: [],
      sid,
      acl: appAcl(settings.splunkHome, app),
    });
    return this.#runtime;
  }

  async learnRoles(runtime: Runtime): Promise<void> {
    const { splunkdUri, sessionKey, user } = this.search;
    const { fetchContext } = await import('../bridge/roles.ts');
    try {
      runtime.setClaims(await fetchContext(splunkdUri, sessionKey));
    } catch (error) {
      this.#inspector.note([
        {
          level: 'WARN',
          text: `The roles of ${user} are not known (${(error as Error).message}), so only ${user}'s own models can be used in this search, none of the app.`,
        },
      ]);
    }
  }

  async learnApps(runtime: Runtime): Promise<void> {
    const [{ readSettings }, { appAcls }] = await Promise.all([
      import('../bridge/settings.ts'),
      import('../bridge/acl.ts'),
    ]);
    runtime.setClaims({ apps: appAcls(readSettings(this.env).splunkHome, this.search.app) });
  }

  close(): void {
    this.#runtime?.close();
  }
}
