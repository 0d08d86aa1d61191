import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EXECUTABLE } from '../build/targets.ts';
import { BENCH_FOLDER } from './data.ts';
import { drive, getinfo, type CommandLine, type Drive, type DriveOptions } from './driver.ts';
import { startSplunkd } from './splunkd.ts';

/** How commands reach the runtime. */
export type Transport = 'unix' | 'tls';

/** A runtime and a search head of the benchmarks' own, both private to one run of a case. */
export interface Stage {
  /** The runtime's process id. */
  readonly pid: number;
  /** The runtime's Unix socket. */
  readonly socket: string;
  /** Why there is no TLS, where there is none. */
  readonly noTls?: string;
  /** The model versions' folder and the spool's parent. */
  readonly home: string;
  command(name: string, transport?: Transport): CommandLine;
  /** One search command over some chunks, as splunkd runs it. */
  search(
    command: string,
    args: string,
    options: Omit<DriveOptions, 'getinfo'> & SearchOptions,
  ): Promise<Drive>;
  close(): Promise<void>;
}

export interface SearchOptions {
  readonly transport?: Transport;
  readonly user?: string;
}

/**
 * Starts the real runtime, with nothing in it; commands are the real executable.
 * @param env further settings of the runtime
 */
export async function openStage(env: Readonly<Record<string, string>> = {}): Promise<Stage> {
  const base = resolve(BENCH_FOLDER);
  mkdirSync(base, { recursive: true });
  const home = mkdtempSync(join(base, 'home-'));
  // Not below `base`: a socket's path has at most 107 bytes.
  const short = mkdtempSync(join(tmpdir(), 'kepler-bench-'));
  const socket = join(short, 'runtime.sock');
  const splunkHome = makeSplunkHome(join(home, 'splunk'), `unix://${socket}`);
  const tls = makeCertificate(short);
  const runtime = spawn(process.execPath, ['dist/runtime/main.mjs'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      KEPLER_HOME: home,
      KEPLER_LISTEN: [`unix:${socket}`, ...('absent' in tls ? [] : ['https://127.0.0.1:0'])].join(','),
      KEPLER_TRUSTED_KEYS: join(splunkHome, 'var/lib/kepler'),
      ...('absent' in tls ? {} : { KEPLER_TLS_CERT: tls.certificate, KEPLER_TLS_KEY: tls.key }),
      KEPLER_LOG_LEVEL: 'warn',
      ...env,
    },
  });
  // Also where this process breaks off, nothing is left running.
  process.once('exit', () => runtime.kill('SIGKILL'));
  const complaints: string[] = [];
  for (const stream of [runtime.stdout!, runtime.stderr!]) {
    stream.on('data', (data: Buffer) => {
      if (complaints.push(data.toString()) > 100) complaints.shift();
    });
  }
  const urls = await listening(runtime, home, complaints);
  const splunkd = await startSplunkd();

  const command = (name: string, transport: Transport = 'unix'): CommandLine => {
    const https = urls.find((url) => url.startsWith('https:'));
    if (transport === 'tls' && ('absent' in tls || !https)) throw new Error('this stage has no TLS');
    return {
      argv: [...program(), name],
      env: {
        SPLUNK_HOME: splunkHome,
        ...(transport === 'tls' &&
          !('absent' in tls) && {
            KEPLER_RUNTIME_URL: https!,
            KEPLER_RUNTIME_FINGERPRINT: tls.fingerprint,
          }),
      },
    };
  };
  return {
    pid: runtime.pid!,
    socket,
    home,
    noTls: 'absent' in tls ? tls.absent : undefined,
    command,
    search: (name, args, { transport, user, ...options }) =>
      drive(command(name, transport), {
        ...options,
        getinfo: getinfo(name, args, { splunkdUri: splunkd.url, user }),
        watch: options.watch ?? [runtime.pid!],
      }),
    async close() {
      splunkd.close();
      await end(runtime);
      rmSync(home, { recursive: true, force: true });
      rmSync(short, { recursive: true, force: true });
    },
  };
}

/** The commands' executable, or the launcher's bundle where there is none for this platform. */
export function program(): string[] {
  return existsSync(EXECUTABLE.output)
    ? [resolve(EXECUTABLE.output)]
    : [process.execPath, resolve(EXECUTABLE.launcherBundle)];
}

/** A search head's folder with the app's settings in it; keys appear at first need. */
export function makeSplunkHome(folder: string, runtimeUrl: string): string {
  const app = join(folder, 'etc/apps/kepler');
  mkdirSync(join(app, 'local'), { recursive: true });
  mkdirSync(join(folder, 'var/lib'), { recursive: true });
  for (const part of ['default', 'metadata'])
    if (existsSync(join('splunk_app', part)))
      cpSync(join('splunk_app', part), join(app, part), { recursive: true });
  writeFileSync(join(app, 'local/kepler.conf'), `[runtime:main]\nurl = ${runtimeUrl}\n`);
  return folder;
}

function makeCertificate(
  folder: string,
): { certificate: string; key: string; fingerprint: string } | { absent: string } {
  const certificate = join(folder, 'cert.pem');
  const key = join(folder, 'key.pem');
  try {
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
      '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', key, '-out', certificate], { stdio: 'pipe' }); // prettier-ignore
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return { absent: 'openssl is not installed: no certificate' };
  }
  const der = new X509Certificate(readFileSync(certificate)).raw;
  return { certificate, key, fingerprint: `sha256:${createHash('sha256').update(der).digest('hex')}` };
}

async function listening(runtime: ChildProcess, home: string, complaints: string[]): Promise<string[]> {
  const file = join(home, 'runtime.json');
  for (let waited = 0; waited < 20_000; waited += 25) {
    if (runtime.exitCode !== null)
      throw new Error(`the runtime ended at its start: ${complaints.join('').slice(-2000)}`);
    if (existsSync(file)) return (JSON.parse(readFileSync(file, 'utf8')) as { urls: string[] }).urls;
    await sleep(25);
  }
  await end(runtime);
  throw new Error('the runtime did not listen within 20 s');
}

/** Ends a process gently, and for certain. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await gone;
  clearTimeout(timer);
}
