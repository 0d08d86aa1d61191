import { fetchContext, type UserContext } from '../bridge/roles.ts';
import { Runtime } from '../bridge/runtime.ts';
import { readSettings, type Environment } from '../bridge/settings.ts';

const SYSTEM_USER = 'splunk-system-user';

/** The runtimes as the input asks them: in the name of splunkd's own user, whose rights are asked for once a pass. */
export class SystemRuntimes {
  readonly #env: Environment;
  readonly #serverUri: string;
  readonly #sessionKey: string;
  #context: Promise<UserContext> | undefined;

  constructor(env: Environment, serverUri: string, sessionKey: string) {
    this.#env = env;
    this.#serverUri = serverUri;
    this.#sessionKey = sessionKey;
  }

  /** @throws KeplerError of splunkd, of the settings, or of the runtime */
  async with<T>(name: string, work: (runtime: Runtime) => Promise<T>): Promise<T> {
    this.#context ??= fetchContext(this.#serverUri, this.#sessionKey);
    const runtime = new Runtime(readSettings(this.#env, name), {
      sub: SYSTEM_USER,
      app: 'kepler',
      ...(await this.#context),
      sid: 'kepler_watch',
      acl: { read: ['*'], write: [] },
    });
    try {
      return await work(runtime);
    } finally {
      runtime.close();
    }
  }
}
