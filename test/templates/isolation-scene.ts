/**
 * A real runtime in which a template misbehaves in every way there is, while ten other searches run: each must get its right
 * answer, and the one that misbehaves an error of its own.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FIT_SPEC, SearchHead, ask, chunk, split } from '../server/requests.ts';
import type { Reply } from '../server/requests.ts';
import { listening, startProgram } from '../server/program.ts';
import type { Program } from '../server/program.ts';

const SECRET = 'correct horse battery staple';

/** What misbehaving looks like to the one who searches. */
export interface Misdeed {
  readonly what: string;
  readonly codes: readonly string[];
  readonly message: RegExp;
}

/** The lines are those of `odd`. On a machine that has much to do, time may run out before memory does. */
export const MISDEEDS: readonly Misdeed[] = [
  {
    what: 'loop',
    codes: ['limit_time'],
    message:
      /Odd was ended: .*4 seconds.*raise KEPLER_TEMPLATE_SECONDS.*function apply, which begins in line 11: look there for a loop/,
  },
  { what: 'throw', codes: ['template_failed'], message: /Odd failed, line 15: no luck/ },
  {
    what: 'exit',
    codes: ['template_failed'],
    message: /Odd failed, line 16: a template may not end its process.*Throw an error/,
  },
  {
    what: 'heap',
    codes: ['limit_memory', 'limit_time'],
    message: /Odd was ended: .*(80 MB|4 seconds).*raise KEPLER_TEMPLATE.*begins in line 11/,
  },
  {
    what: 'bytes',
    codes: ['limit_memory', 'limit_time'],
    message: /Odd was ended: .*(80 MB|4 seconds).*raise KEPLER_TEMPLATE.*begins in line 11/,
  },
  {
    what: 'fork',
    codes: ['template_failed'],
    message: /Odd failed, line 19: a template may not start programs/,
  },
  {
    what: 'spawn',
    codes: ['template_failed'],
    message: /Odd failed, line 20: a template may not start programs/,
  },
  {
    what: 'thread',
    codes: ['template_failed'],
    message: /Odd failed, line 21: a template may not start threads/,
  },
  {
    what: 'few',
    codes: ['template_failed'],
    message: /Odd failed: apply returned 4 values in "output" for 5 rows; each row needs one/,
  },
  {
    what: 'type',
    codes: ['template_failed'],
    message: /Odd failed: apply returned object in "output", row 1; a cell is a number or a text/,
  },
  {
    what: 'nothing',
    codes: ['template_failed'],
    message: /Odd failed: apply returned undefined; it must return columns/,
  },
  {
    what: 'key',
    codes: ['template_failed'],
    message: /Odd failed, line 26: a template may not read or write files/,
  },
  {
    what: 'models',
    codes: ['template_failed'],
    message: /Odd failed, line 27: a template may not read or write files/,
  },
  {
    what: 'write',
    codes: ['template_failed'],
    message: /Odd failed, line 28: a template may not read or write files/,
  },
  { what: 'stray', codes: ['template_failed'], message: /Odd failed, line 29: stray/ },
];

const OWN_FOLDER = /own folder only/;

/** The same in Python; the lines are those of `oddPython`. */
export const PYTHON_MISDEEDS: readonly Misdeed[] = [
  {
    what: 'loop',
    codes: ['limit_time'],
    message: /OddPy was ended: .*4 seconds.*raise KEPLER_TEMPLATE_SECONDS.*line 1[34] of OddPy\.py/,
  },
  {
    what: 'throw',
    codes: ['template_failed'],
    message: /OddPy failed, line 15 of OddPy\.py: ValueError: no luck/,
  },
  {
    what: 'exit',
    codes: ['template_failed'],
    message: /OddPy failed, line 16 of OddPy\.py: it called sys\.exit\(3\).*raise an error instead/,
  },
  {
    what: 'hard exit',
    codes: ['template_failed'],
    message: /OddPy was ended: its process ended by itself \(exit code 3\).*may not end its process/,
  },
  {
    what: 'memory',
    codes: ['limit_memory', 'limit_time'],
    message: /OddPy (failed, line 19 of OddPy\.py|was ended): .*(80 MB|4 seconds).*raise KEPLER_TEMPLATE/,
  },
  { what: 'fork', codes: ['template_failed'], message: /OddPy failed, line 20 of OddPy\.py: it forked/ },
  {
    what: 'program',
    codes: ['template_failed'],
    message: /OddPy failed, line 21 of OddPy\.py: a template may start no program/,
  },
  {
    what: 'few',
    codes: ['template_failed'],
    message: /OddPy failed: apply returned 4 values in "output" for 5 rows; each row needs one/,
  },
  {
    what: 'type',
    codes: ['template_failed'],
    message: /OddPy failed: apply returned int; it must return a DataFrame/,
  },
  {
    what: 'nothing',
    codes: ['template_failed'],
    message: /OddPy failed: apply returned NoneType; it must return/,
  },
  { what: 'key', codes: ['template_failed'], message: OWN_FOLDER },
  { what: 'environment of the runtime', codes: ['template_failed'], message: OWN_FOLDER },
  { what: 'write', codes: ['template_failed'], message: OWN_FOLDER },
];

/** Arrow's tables: what takes longest to import, pandas, is not needed. */
const oddPython = (secret: string) => `import os
import sys

kind = 'transformer'
tables = 'arrow'
params = {'properties': {'what': {'type': 'string', 'default': 'well'}}}
kept = []
def fit(model, df, param):
    return {'what': param['what']}
def apply(model, df, param):
    what, rows = model['what'], df.num_rows
    if what == 'loop':
        while True:
            pass
    if what == 'throw': raise ValueError('no luck')
    if what == 'exit': sys.exit(3)
    if what == 'hard exit': os._exit(3)
    if what == 'memory':
        while True: kept.append([0.5] * 1_000_000)
    if what == 'fork': os.fork()
    if what == 'program': os.system('true')
    if what == 'few': return [7.0] * (rows - 1)
    if what == 'type': return 7
    if what == 'nothing': return None
    if what == 'key': return [open(${JSON.stringify(secret)}).read()] * rows
    if what == 'environment of the runtime': return [open(f'/proc/{os.getppid()}/environ').read()] * rows
    if what == 'write': open('/tmp/kepler-was-here', 'w').write('x')
    if what == 'print': print('\\x00{"id":1,"ok":true}' * 100, flush=True)
    if what == 'environment': return [str(dict(os.environ))] * rows
    return [7.0] * rows
`;

const odd = (secret: string, models: string) => `import { defineTemplate, log } from 'kepler';
import { fork, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
const kept = [];
export default defineTemplate({
  name: 'Odd',
  kind: 'transformer',
  params: { properties: { what: { type: 'string', default: 'well', description: 'What it does.' } } },
  fit: ({ what }) => ({ what: String(what) }),
  apply({ what }, { rows, columns }) {
    switch (what) {
      case 'loop':
        for (;;);
      case 'throw': throw new Error('no luck');
      case 'exit': process.exit(3);
      case 'heap': for (;;) kept.push(new Array(1e6).fill(1.5));
      case 'bytes': for (;;) { kept.push(new Uint8Array(2e7).fill(1)); const until = Date.now() + 50; while (Date.now() < until); }
      case 'fork': return [fork('/bin/true').pid ?? 0];
      case 'spawn': return [spawnSync('/bin/true').pid];
      case 'thread': return [new Worker('1', { eval: true }).threadId];
      case 'few': return columns[0].subarray(1);
      case 'type': return Array.from(columns[0], () => ({}));
      case 'nothing': return undefined;
      case 'print': for (let i = 0; i < 3000; i++) console.log('\\u0000{"id":1,"ok":true}', 'x'.repeat(200)); log.info('printed'); break;
      case 'key': return [readFileSync(${JSON.stringify(secret)}, 'utf8')];
      case 'models': return [readdirSync(${JSON.stringify(models)}).join()];
      case 'write': writeFileSync('/tmp/kepler-was-here', 'x'); break;
      case 'stray': setTimeout(() => { throw new Error('stray'); }); return new Promise(() => undefined);
      case 'environment': return Array.from(columns[0], () => JSON.stringify(process.env));
    }
    return new Float64Array(rows).fill(7);
  },
});
`;

const GOOD = `import { defineTemplate } from 'kepler';
export default defineTemplate({
  name: 'Good',
  kind: 'transformer',
  fit: () => ({ factor: 3 }),
  apply: ({ factor }, { columns }) => columns[0].map((value) => factor * value),
});
`;

const LINE = `x,y\n${Array.from({ length: 50 }, (_, i) => `${i},${2 * i + 1}`).join('\n')}\n`;
const FEW = 'x\n1\n2\n3\n4\n5\n';

export type Language = 'typescript' | 'python';

const LANGUAGES = {
  typescript: { misdeeds: MISDEEDS, algorithm: 'Odd' },
  python: { misdeeds: PYTHON_MISDEEDS, algorithm: 'OddPy' },
} as const;

/** Misdeeds at the same time. */
const AT_ONCE = 6;

/** How many of the other searches were answered rightly, and what else they were answered. */
export interface Others {
  readonly right: number;
  readonly wrong: readonly string[];
}

export class IsolationScene {
  readonly home = mkdtempSync(join(tmpdir(), 'kepler-isolation-'));
  readonly #head = new SearchHead();
  readonly #tokens = new Map<string, { token: string; until: number }>();
  #program!: Program;
  #url = '';

  /** @param python the interpreter of templates in Python; without one there are none */
  async open(python?: string): Promise<void> {
    const sources = join(this.home, 'state', 'templates-src');
    mkdirSync(sources, { recursive: true });
    const secret = join(this.home, 'secret.txt');
    writeFileSync(secret, SECRET);
    // In JavaScript, whose types nobody checks.
    writeFileSync(join(sources, 'Odd.mjs'), odd(secret, join(this.home, 'state', 'models')));
    writeFileSync(join(sources, 'Good.mjs'), GOOD);
    if (python !== undefined) writeFileSync(join(sources, 'OddPy.py'), oddPython(secret));
    this.#head.trustIn(join(this.home, 'keys'));
    this.#program = startProgram(this.home, {
      KEPLER_TEMPLATE_SECONDS: '4',
      KEPLER_TEMPLATE_MEMORY_MB: '80',
      // Workers that are kept, with their processes: else most of the time goes into starting them.
      KEPLER_FIT_WORKERS: '8',
      KEPLER_HEC_TOKEN: SECRET,
      ...(python !== undefined && { KEPLER_PYTHON: python }),
      KEPLER_LISTEN: `unix:${this.home}/r.sock`,
    });
    [this.#url] = await listening(this.#program);
    for (const user of OTHERS.map((_, i) => `user${i}`)) {
      await this.fit(
        user,
        { algorithm: 'LinearRegression', targets: ['y'], into: { namespace: 'user', name: 'line' } },
        LINE,
      );
      await this.fit(user, { algorithm: 'Good', into: { namespace: 'user', name: 'good' } }, LINE);
    }
  }

  /** A token is good for five minutes. */
  async #token(user: string): Promise<string> {
    const known = this.#tokens.get(user);
    if (known && known.until > Date.now()) return known.token;
    const token = await this.#head.token({ sub: user });
    this.#tokens.set(user, { token, until: Date.now() + 200_000 });
    return token;
  }

  async fit(user: string, spec: object, csv: string): Promise<Reply> {
    const whole = { ...FIT_SPEC, options: {}, fields: ['x'], ...spec };
    return ask(this.#url, '/v1/fit', chunk(await this.#token(user), csv, { spec: whole }));
  }

  async apply(user: string, model: string, csv: string): Promise<Reply> {
    const spec = { model: { namespace: 'user', name: model }, options: {} };
    return ask(this.#url, '/v1/apply', chunk(await this.#token(user), csv, { spec }));
  }

  /** @returns the error's code and message; undefined where there was none */
  async misbehave(what: string, algorithm = 'Odd'): Promise<{ code: string; message: string } | undefined> {
    const reply = await this.fit('eve', { algorithm, options: { what } }, FEW);
    return reply.status === 200 ? undefined : reply.json.error;
  }

  /** Every misdeed so many times, some at the same time. @returns what was not as it should be */
  async misbehaveInTurn(rounds: number, language: Language = 'typescript'): Promise<string[]> {
    const { misdeeds, algorithm } = LANGUAGES[language];
    // Each misdeed's rounds follow one another: those that last until a limit ends them take that time together.
    const left = misdeeds.flatMap((misdeed) => Array.from({ length: rounds }, () => misdeed));
    const unexpected: string[] = [];
    const go = async () => {
      for (let next = left.shift(); next; next = left.shift()) {
        let error = await this.misbehave(next.what, algorithm);
        // A machine that has much to do may not even have begun with it: the searcher is told so, and tries again.
        for (
          let again = 0;
          again < 2 && error?.code === 'limit_time' && !next.codes.includes('limit_time');
          again++
        ) {
          error = await this.misbehave(next.what, algorithm);
        }
        if (error && next.codes.includes(error.code) && next.message.test(error.message)) continue;
        unexpected.push(`${next.what}: ${error ? `${error.code} ${error.message}` : 'no error'}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, go));
    return unexpected;
  }

  /** Each process that is left, and each that took the place of one, answers rightly. @returns what was not so */
  async wrongAfterwards(language: Language = 'typescript'): Promise<string[]> {
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => this.behave('well', language)));
    return answers.filter((answer) => answer !== 'x,output\n1,7\n2,7\n3,7\n4,7\n5,7\n');
  }

  /** What Odd answers when it does nothing wrong. */
  async behave(what = 'well', language: Language = 'typescript'): Promise<string> {
    const { algorithm } = LANGUAGES[language];
    const reply = await this.fit('eve', { algorithm, options: { what } }, FEW);
    if (reply.status !== 200) throw new Error(reply.json.error.message);
    return split(reply).body.toString();
  }

  /** Ten searches, one after the other of each kind, for as long as `work` takes. */
  async amongOthers(work: () => Promise<void>): Promise<Others> {
    let over = false;
    let right = 0;
    const wrong: string[] = [];
    const others = OTHERS.map(async (search, i) => {
      const user = `user${i}`;
      do {
        const said = await search(this, user);
        if (said === undefined) right++;
        else wrong.push(said);
        // Not to be the ones who take all of the machine.
        await new Promise((done) => setTimeout(done, 500));
      } while (!over);
    });
    try {
      await work();
    } finally {
      over = true;
      await Promise.all(others);
    }
    return { right, wrong };
  }

  /** All that the runtime wrote to its log. */
  get log(): string {
    return JSON.stringify(this.#program.lines());
  }

  async close(): Promise<void> {
    this.#program.process.kill('SIGTERM');
    await this.#program.ended;
    rmSync(this.home, { recursive: true, force: true });
  }
}

type Search = (scene: IsolationScene, user: string) => Promise<string | undefined>;

/** @returns what was wrong with the answer */
function checked(reply: Reply, wanted: string): string | undefined {
  if (reply.status !== 200) return `${reply.status} ${reply.json.error.message}`;
  const body = split(reply).body.toString();
  return body === wanted ? undefined : `${body.slice(0, 200)} instead of ${wanted.slice(0, 200)}`;
}

const applyLine: Search = async (scene, user) =>
  checked(await scene.apply(user, 'line', FEW), 'x,predicted(y)\n1,3\n2,5\n3,7\n4,9\n5,11\n');
const applyGood: Search = async (scene, user) =>
  checked(await scene.apply(user, 'good', FEW), 'x,output\n1,3\n2,6\n3,9\n4,12\n5,15\n');
const fitScaler: Search = async (scene, user) =>
  checked(await scene.fit(user, { algorithm: 'StandardScaler' }, 'x\n-1\n1\n'), 'x,SS_x\n-1,-1\n1,1\n');
const fitGood: Search = async (scene, user) =>
  checked(await scene.fit(user, { algorithm: 'Good' }, 'x\n1\n2\n'), 'x,output\n1,3\n2,6\n');

const OTHERS: readonly Search[] = [
  applyLine,
  applyLine,
  applyLine,
  applyLine,
  applyGood,
  applyGood,
  applyGood,
  fitScaler,
  fitScaler,
  fitGood,
];
