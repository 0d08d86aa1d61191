/**
 * What an image must do before it gets its tag: every built-in algorithm is fitted, applied and summarised by the search
 * commands' executable, on a runtime in a container of the image and on one outside, and must answer the same, byte for byte.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openEngine } from '../../splunk_app/src/bridge/containers/engine.ts';
import { headHandover } from '../../splunk_app/src/bridge/containers/lifecycle.ts';
import { runtimeSpec } from '../../splunk_app/src/bridge/containers/runtime-specs.ts';
import { EXECUTABLE } from '../targets.ts';

export interface Conformance {
  readonly checked: number;
  /** Where the answers differ, or one failed. */
  readonly problems: readonly string[];
  /** Milliseconds from the engine's order to create the container to a ready runtime. */
  readonly readyMs: number;
}

const ROWS = 240;

/** Numbers with a text column among them, and a class and a value that depend on them. */
function table(): Buffer {
  const lines = ['a,b,c,colour,label,value'];
  for (let i = 0; i < ROWS; i++) {
    const [a, b, c] = [(i * 37) % 101, (i * 53) % 97, (i * 29) % 89];
    const colour = ['red', 'green', 'blue'][i % 3];
    const value = a * 2 - b * 0.5 + (i % 3) * 7 + ((i * 17) % 11) / 10;
    lines.push(`${a},${b},${c},${colour},${value > 60 ? 'high' : 'low'},${value}`);
  }
  return Buffer.from(`${lines.join('\n')}\n`);
}

const CLASSIFIED = 'label from a b c colour';
const REGRESSED = 'value from a b c colour';

/** Every built-in algorithm with the arguments of its fit; a test holds the list to the catalogue. */
export const FITS: Readonly<Record<string, string>> = {
  LinearRegression: REGRESSED,
  Ridge: REGRESSED,
  DecisionTreeRegressor: `random_state=7 ${REGRESSED}`,
  RandomForestRegressor: `random_state=7 ${REGRESSED}`,
  GradientBoostingRegressor: `random_state=7 ${REGRESSED}`,
  LogisticRegression: CLASSIFIED,
  DecisionTreeClassifier: `random_state=7 ${CLASSIFIED}`,
  RandomForestClassifier: `random_state=7 ${CLASSIFIED}`,
  GradientBoostingClassifier: `random_state=7 ${CLASSIFIED}`,
  KMeans: 'random_state=7 a b c',
  PCA: 'a b c',
  StandardScaler: 'a b c',
  RobustScaler: 'a b c',
};

/** @throws where the image cannot be started at all */
export async function checkConformance(image: string, engineHost: string): Promise<Conformance> {
  const folder = mkdtempSync(join(tmpdir(), 'kepler-conformance-'));
  const splunkHome = join(folder, 'splunk');
  mkdirSync(join(splunkHome, 'var/lib'), { recursive: true });
  const handover = headHandover(splunkHome);
  const name = `conformance-${process.pid}`;
  const engine = await openEngine({ host: engineHost, installation: name });
  const outside = startOutside(folder, join(splunkHome, 'var/lib/kepler'));
  try {
    const started = performance.now();
    const settings = new Map(Object.entries({ image, memory_mb: '2048', cpu: '2', restart: 'no' }));
    const inside = await engine.create(runtimeSpec(name, settings), handover);
    const readyMs = performance.now() - started;
    const reference = await outside.url;
    const places: Record<string, string>[] = [
      { KEPLER_RUNTIME_URL: inside.url, KEPLER_RUNTIME_FINGERPRINT: inside.fingerprint },
      { KEPLER_RUNTIME_URL: reference },
    ];
    const problems: string[] = [];
    let checked = 0;
    for (const [algorithm, args] of Object.entries(FITS)) {
      const model = `m_${algorithm.toLowerCase()}`;
      for (const [command, line] of [
        ['fit', `${algorithm} ${args} into ${model}`],
        ['apply', model],
        ['summary', model],
      ] as const) {
        const [there, here] = await Promise.all(
          places.map((env) => answer(command, line, { SPLUNK_HOME: splunkHome, ...env })),
        );
        checked++;
        if (there !== here || there === '') {
          problems.push(`${command} ${line}: in the image ${excerpt(there)}, outside ${excerpt(here)}`);
        }
      }
    }
    return { checked, problems, readyMs };
  } finally {
    if (await engine.inspect(name)) await engine.remove(name, { volumes: true });
    await outside.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

const excerpt = (text: string): string => JSON.stringify(text.slice(0, 200));

/** The rows, or the error, that one search command answers with. */
async function answer(command: string, args: string, env: Record<string, string>): Promise<string> {
  const program = existsSync(EXECUTABLE.output)
    ? [resolve(EXECUTABLE.output)]
    : [process.execPath, resolve(EXECUTABLE.launcherBundle)];
  const child = spawn(program[0], [...program.slice(1), command], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const words = args.split(' ');
  const who = { sid: '1700000000.1', app: 'search', owner: 'admin', username: 'admin', session_key: '' };
  const searchinfo = {
    raw_args: words,
    args: words,
    ...who,
    splunkd_uri: '',
    maxresultrows: 50_000,
    search: '',
  };
  child.stdin.write(frame({ action: 'getinfo', preview: false, searchinfo }));
  child.stdin.end(frame({ action: 'execute', finished: true }, command === 'summary' ? undefined : table()));
  const pieces: Buffer[] = [];
  for await (const piece of child.stdout) pieces.push(piece as Buffer);
  const replies = frames(Buffer.concat(pieces));
  const failed = replies.find(({ metadata }) => metadata.error !== undefined);
  return failed ? `error: ${failed.metadata.error}` : (replies[1]?.body ?? '');
}

function frame(metadata: unknown, body: Buffer = Buffer.alloc(0)): Buffer {
  const meta = Buffer.from(JSON.stringify(metadata));
  return Buffer.concat([Buffer.from(`chunked 1.0,${meta.length},${body.length}\n`), meta, body]);
}

function frames(bytes: Buffer): { metadata: { error?: string }; body: string }[] {
  const found = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(10, at);
    const lengths = /^chunked 1\.0,(\d+),(\d+)$/.exec(bytes.toString('latin1', at, end));
    if (!lengths) throw new Error(`a command answered no frame: ${bytes.toString('latin1', at, at + 80)}`);
    const bodyAt = end + 1 + Number(lengths[1]);
    at = bodyAt + Number(lengths[2]);
    const metadata = JSON.parse(bytes.toString('utf8', end + 1, bodyAt)) as { error?: string };
    found.push({ metadata, body: bytes.toString('utf8', bodyAt, at) });
  }
  return found;
}

/** The same runtime outside any container. */
function startOutside(folder: string, keys: string): { url: Promise<string>; end(): Promise<void> } {
  const home = join(folder, 'runtime');
  mkdirSync(home);
  const child = spawn(process.execPath, ['dist/runtime/main.mjs'], {
    stdio: 'ignore',
    env: {
      ...process.env,
      KEPLER_HOME: home,
      KEPLER_TRUSTED_KEYS: keys,
      KEPLER_LISTEN: 'http://127.0.0.1:0',
      KEPLER_LOG_LEVEL: 'silent',
    },
  });
  const gone = new Promise<void>((done) => child.once('exit', () => done()));
  const find = async (): Promise<string> => {
    const file = join(home, 'runtime.json');
    while (child.exitCode === null) {
      if (existsSync(file)) return (JSON.parse(readFileSync(file, 'utf8')) as { urls: string[] }).urls[0];
      await sleep(25);
    }
    throw new Error('the runtime to compare with did not start');
  };
  const url = find();
  url.catch(() => undefined);
  return {
    url,
    async end() {
      child.kill('SIGTERM');
      await gone;
    },
  };
}
