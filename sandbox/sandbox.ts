import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { HecReceiver } from './hec/receiver.ts';
import { HecTokens } from './hec/tokens.ts';
import { IndexStore } from './indexes/index-store.ts';
import { ModularInputs } from './inputs/modular-inputs.ts';
import { RuntimeSupervisor } from './runtime/supervisor.ts';
import type { RuntimeAddress } from './runtime/supervisor.ts';
import { Scheduler } from './schedule/scheduler.ts';
import { SplunkHome } from './splunkd/home.ts';
import { installPackage } from './splunkd/install.ts';
import { SplunkdRest } from './splunkd/rest.ts';
import { Roles, WEB_USERS } from './splunkd/users.ts';
import type { SandboxInfo } from './state-file.ts';
import { WebServer } from './web/server.ts';

export interface SandboxOptions {
  /** The repository: where `splunk_app` and `dist` lie. */
  readonly root: string;
  /** Where everything is kept, `.kepler` by default. */
  readonly state: string;
  /** A package of the app to install, `dist/kepler-<version>.spl`; else the repository's `splunk_app` is linked. */
  readonly package?: string;
  /** Inputs and scheduled searches run too, as by default: not for a sandbox that is up for one search only. */
  readonly background?: boolean;
  readonly onRuntime?: (address: RuntimeAddress) => void;
  readonly onRuntimeDeath?: (how: string) => void;
}

/** The runtime's KEPLER_HOME in a state folder. */
export function runtimeHome(state: string): string {
  return join(resolve(state), 'runtime');
}

/** Where the port of Splunk Web's part is kept from one start to the next. */
function portFile(state: string): string {
  return join(state, 'web.port');
}

function lastPort(state: string): number | undefined {
  return existsSync(portFile(state)) ? Number(readFileSync(portFile(state), 'utf8')) : undefined;
}

/** A runtime and a search head stand-in, up together on loopback addresses. */
export class Sandbox {
  private constructor(
    private readonly home: SplunkHome,
    private readonly rest: SplunkdRest,
    private readonly web: WebServer,
    readonly hec: HecReceiver,
    private readonly inputs: ModularInputs,
    private readonly scheduler: Scheduler,
    private readonly runtime: RuntimeSupervisor,
  ) {}

  static async start(options: SandboxOptions): Promise<Sandbox> {
    const state = resolve(options.state);
    mkdirSync(state, { recursive: true });
    const home = new SplunkHome(join(state, 'splunk'));
    home.prepare(options.package === undefined ? join(options.root, 'splunk_app') : undefined);
    if (options.package !== undefined) await installPackage(home.path, options.package);
    const rest = await SplunkdRest.listen(home);
    const web = await WebServer.listen({
      splunkHome: home.path,
      splunkd: rest.url,
      assets: join(options.root, 'sandbox/web/assets'),
      port: lastPort(state),
    });
    writeFileSync(portFile(state), String(web.port));
    const tokens = new HecTokens(home.path);
    tokens.prepare();
    const indexes = new IndexStore(home.path);
    const hec = await HecReceiver.listen({ tokens, indexes });
    const inputs = new ModularInputs({ home, indexes, sessions: rest.sessions, splunkdUri: rest.url });
    const scheduler = new Scheduler(home.path, rest.jobs);
    const runtime = new RuntimeSupervisor({
      program: join(options.root, 'dist/runtime/main.mjs'),
      home: runtimeHome(state),
      trustedKeys: home.keys,
      onStart: (address) => {
        home.setRuntime(`unix://${address.socket.slice('unix:'.length)}`);
        options.onRuntime?.(address);
      },
      onDeath: options.onRuntimeDeath,
    });
    try {
      await runtime.start();
    } catch (error) {
      await runtime.stop();
      await Promise.all([web.close(), hec.close(), rest.close()]);
      throw error;
    }
    if (options.background ?? true) {
      // Not waited for: an input that hangs keeps nobody from searching.
      void inputs.start();
      scheduler.start();
    }
    return new Sandbox(home, rest, web, hec, inputs, scheduler, runtime);
  }

  get info(): SandboxInfo {
    return {
      splunkHome: this.home.path,
      splunkd: this.rest.url,
      runtime: this.runtime.address,
      web: { url: this.web.url, users: this.users() },
      hec: { url: this.hec.url, token: this.hecToken() },
      dsdl: this.runtime.dsdl,
      pid: process.pid,
    };
  }

  private users(): SandboxInfo['web']['users'] {
    const roles = new Roles(this.home.path);
    const { passwords } = this.home;
    return WEB_USERS.map((name) => ({ name, password: passwords[name], roles: roles.contextOf(name).roles }));
  }

  private hecToken(): string {
    return new HecTokens(this.home.path).all().find(({ name }) => name === 'kepler')?.token ?? '';
  }

  get runtimeLog(): string {
    return this.runtime.logFile;
  }

  /** Ends all that it started. */
  async stop(): Promise<void> {
    this.scheduler.stop();
    await this.inputs.stop();
    await this.web.close();
    await this.rest.close();
    await this.runtime.stop();
    // Last: what ends may still have something to tell.
    await this.hec.close();
  }
}
