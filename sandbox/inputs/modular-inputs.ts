import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { appendLog } from '../log-file.ts';
import type { IndexStore } from '../indexes/index-store.ts';
import { ConfStore } from '../splunkd/conf-store.ts';
import type { SplunkHome } from '../splunkd/home.ts';
import type { Sessions } from '../splunkd/users.ts';
import { SYSTEM_USER } from '../splunkd/users.ts';
import { XmlError } from '../xml/read-xml.ts';
import type { InputStanza } from './input-stanzas.ts';
import { inputStanzas } from './input-stanzas.ts';
import type { InputEvent, Scheme } from './input-xml.ts';
import { EventReader, configurationXml, readScheme } from './input-xml.ts';

const GRACE_MS = 3_000;
/** Seconds from the end of a process to the start of the next where the stanza says nothing. */
const USUAL_INTERVAL = 60;

export interface InputOptions {
  readonly home: SplunkHome;
  readonly indexes: IndexStore;
  readonly sessions: Sessions;
  readonly splunkdUri: string;
}

/**
 * The inputs that apps bring, run as splunkd runs them: introspected with `--scheme`, started with their configuration as XML on
 * the standard input and a session of the system user, their events indexed, started again after their interval.
 */
export class ModularInputs {
  private readonly running = new Set<ChildProcessWithoutNullStreams>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly store: ConfStore;
  private stopping = false;

  constructor(private readonly options: InputOptions) {
    this.store = new ConfStore(options.home.path);
  }

  /** Starts every enabled input. What cannot be started is told in splunkd.log, and hinders no other. */
  async start(): Promise<void> {
    const bySchemes = new Map<string, InputStanza[]>();
    for (const stanza of inputStanzas(this.store)) {
      const key = `${stanza.app}/${stanza.scheme}`;
      bySchemes.set(key, [...(bySchemes.get(key) ?? []), stanza]);
    }
    await Promise.all([...bySchemes.values()].map((stanzas) => this.startScheme(stanzas)));
  }

  async stop(): Promise<void> {
    this.stopping = true;
    for (const timer of this.timers) clearTimeout(timer);
    await Promise.all([...this.running].map((child) => end(child)));
  }

  private async startScheme(stanzas: readonly InputStanza[]): Promise<void> {
    const [{ scheme, file }] = stanzas;
    let about: Scheme;
    try {
      about = readScheme(await this.introspect(stanzas[0]));
    } catch (error) {
      if (!(error instanceof XmlError) && !(error instanceof InputFailure)) throw error;
      this.log('ERROR', `ModularInputs - Introspecting scheme=${scheme}: ${file}: ${error.message}`);
      return;
    }
    if (this.stopping) return;
    for (const group of about.single ? [stanzas] : stanzas.map((stanza) => [stanza])) this.run(about, group);
  }

  private introspect({ file }: InputStanza): Promise<string> {
    return new Promise((resolve, reject) => {
      const child = this.spawn(file, ['--scheme']);
      let output = '';
      child.stdin.end();
      child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
      child.once('error', (error) => reject(new InputFailure(error.message)));
      child.once('close', (code, signal) =>
        code === 0 ? resolve(output) : reject(new InputFailure(`ended with ${signal ?? `status ${code}`}`)),
      );
    });
  }

  private run(about: Scheme, stanzas: readonly InputStanza[]): void {
    const { home, sessions, splunkdUri } = this.options;
    const [{ file, scheme, parameters }] = stanzas;
    const sessionKey = sessions.open(SYSTEM_USER);
    const checkpoints = join(home.path, 'var/lib/splunk/modinputs', scheme);
    mkdirSync(checkpoints, { recursive: true, mode: 0o700 });
    const child = this.spawn(file, []);
    const reader = new EventReader(about.streaming, stanzas);
    child.stdin.end(configurationXml({ host: 'sandbox', uri: splunkdUri, sessionKey, checkpoints }, stanzas));
    child.stdout
      .setEncoding('utf8')
      .on('data', (text: string) => this.index(scheme, () => reader.read(text)));
    const interval = Number(parameters.get('interval') ?? USUAL_INTERVAL);
    let failure: string | undefined;
    child.once('error', (error) => (failure = error.message));
    child.once('close', (code, signal) => {
      sessions.close(sessionKey);
      this.index(scheme, () => reader.end());
      if (this.stopping) return;
      if (failure !== undefined || code !== 0) {
        this.log('ERROR', `ExecProcessor - ${file} ended: ${failure ?? signal ?? `status ${code}`}`);
      }
      // An interval of -1 asks to be run once.
      if (interval < 0) return;
      const timer = setTimeout(() => {
        this.timers.delete(timer);
        this.run(about, stanzas);
      }, interval * 1000);
      this.timers.add(timer);
    });
  }

  private spawn(file: string, args: readonly string[]): ChildProcessWithoutNullStreams {
    const child = spawn(file, [...args], {
      env: { ...process.env, SPLUNK_HOME: this.options.home.path },
      stdio: ['pipe', 'pipe', 'pipe'],
      // Ctrl-C in the terminal reaches the sandbox alone, which then ends its inputs in order.
      detached: true,
    });
    this.running.add(child);
    child.once('close', () => this.running.delete(child));
    // One that ends without reading its configuration shows by its status.
    child.stdin.on('error', () => undefined);
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      for (const line of text.split('\n')) {
        if (line !== '') this.log('ERROR', `ExecProcessor - message from "${file}" ${line}`);
      }
    });
    return child;
  }

  private index(scheme: string, read: () => InputEvent[]): void {
    let events: InputEvent[];
    try {
      events = read();
    } catch (error) {
      if (!(error instanceof XmlError)) throw error;
      this.log('ERROR', `ModularInputs - scheme=${scheme}: its output cannot be read: ${error.message}`);
      return;
    }
    const known = this.options.indexes.names();
    for (const { index, event } of events) {
      if (known.includes(index)) this.options.indexes.append(index, [event]);
      else
        this.log(
          'WARN',
          `IndexProcessor - received event for unconfigured index=${index} with source="${event.source}"`,
        );
    }
  }

  private log(level: string, text: string): void {
    const file = join(this.options.home.path, 'var/log/splunk/splunkd.log');
    appendLog(file, `${new Date().toISOString()} ${level} ${text}\n`);
  }
}

class InputFailure extends Error {}

function end(child: ChildProcessWithoutNullStreams): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    child.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
