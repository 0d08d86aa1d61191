/**
 * A runtime that tells of what it does while its receiver, or it itself, is in trouble. What searches were answered stands
 * against what the receiver has.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Receiver } from '../test/helpers/telemetry/receiver.ts';
import { listening, startProgram } from '../test/server/program.ts';
import type { Program } from '../test/server/program.ts';
import { FIT_SPEC, SearchHead, ask, chunk } from '../test/server/requests.ts';

const A_SECOND = 500;
const A_FIT = 1000;
/** Tells its events at an even pace, as a template would that logs each step. */
const TELLER = `import { defineTemplate, logEvent } from 'kepler';
export default defineTemplate({
  name: 'Teller',
  kind: 'transformer',
  params: { properties: { run: { type: 'string', default: '', description: 'Whose events they are.' } } },
  async fit({ run }) {
    for (let told = 0; run && told < ${A_FIT}; await new Promise((resolve) => setTimeout(resolve, 100)))
      for (const until = told + ${A_SECOND / 10}; told < until; told++) logEvent('step', { run, told });
    return {};
  },
  apply: (_model, { rows }) => new Float64Array(rows),
});
`;
const ROWS = `x,y\n${Array.from({ length: 20 }, (_, i) => `${i},${2 * i}`).join('\n')}\n`;
/** The queue is to be empty at the end: a delivery that failed may wait a minute before it tries again. */
const DRAIN_MS = 180_000;

export interface Losses {
  /** Events that belong to what was answered. */
  readonly told: number;
  readonly lost: number;
  readonly received: number;
  /** Of these, events whose id had come before. */
  readonly repeated: number;
}

export class LossScene {
  readonly receiver = new Receiver();
  readonly #home = mkdtempSync(join(tmpdir(), 'kepler-loss-'));
  readonly #head = new SearchHead();
  /** Searches that were answered, and fits of Teller. */
  readonly #answered = { searches: new Set<string>(), fits: new Set<string>() };
  #program!: Program;
  #url = '';
  #last = 0;

  async open(): Promise<void> {
    await this.receiver.up();
    const sources = join(this.#home, 'state', 'templates-src');
    mkdirSync(sources, { recursive: true });
    writeFileSync(join(sources, 'Teller.mjs'), TELLER);
    this.#head.trustIn(join(this.#home, 'keys'));
    await this.start();
    const line = { algorithm: 'LinearRegression', targets: ['y'], into: { namespace: 'user', name: 'line' } };
    for (let left = 100; !(await this.#fit('first', line)) || !(await this.#teller('')); left--) {
      if (left === 0) throw new Error('the runtime does not fit');
      await sleep(200);
    }
    this.#answered.fits.clear();
  }

  async start(): Promise<void> {
    this.#program = startProgram(this.#home, {
      KEPLER_HEC_URL: this.receiver.url,
      KEPLER_HEC_TOKEN: 'bench',
      KEPLER_LISTEN: `unix:${this.#home}/r.sock`,
      KEPLER_LOG_LEVEL: 'info',
    });
    [this.#url] = await listening(this.#program);
  }

  /** Ends the runtime as `kill -9` does. */
  async kill(): Promise<void> {
    this.#program.process.kill('SIGKILL');
    await this.#program.ended;
  }

  /** Searches, and a template that tells 500 events a second, for as long as `trouble` takes. */
  async during(trouble: () => Promise<void>): Promise<void> {
    let over = false;
    const searching = async () => {
      while (!over) {
        const sid = `search.${++this.#last}`;
        if (await this.#apply(sid)) this.#answered.searches.add(sid);
        await sleep(20);
      }
    };
    const telling = async () => {
      while (!over) if (!(await this.#teller(`run ${++this.#last}`))) await sleep(50);
    };
    const traffic = Promise.all([searching(), telling()]);
    try {
      await trouble();
    } finally {
      over = true;
      await traffic;
    }
  }

  /** Once everything that will come has come. */
  async count(): Promise<Losses> {
    const { searches, fits } = this.#answered;
    const told = searches.size + fits.size * (A_FIT + 1);
    const deadline = Date.now() + DRAIN_MS;
    for (let come = -1; ;) {
      const lost = told - this.#arrived();
      const now = this.receiver.events.length;
      // Nothing more for two seconds: what is missing then is lost.
      if ((lost === 0 && now === come) || Date.now() > deadline) {
        const ids = this.receiver.events.map((one) => idOf(one));
        return { told, lost, received: now, repeated: ids.length - new Set(ids).size };
      }
      come = now;
      await sleep(2000);
    }
  }

  async close(): Promise<void> {
    this.#program.process.kill('SIGTERM');
    await this.#program.ended;
    await this.receiver.close();
    rmSync(this.#home, { recursive: true, force: true });
  }

  /** How many of the events that were told are there. */
  #arrived(): number {
    const { searches, fits } = this.#answered;
    const there = new Set<string>();
    for (const { event } of this.receiver.events as unknown as { event: Partial<Told> | 'metric' }[]) {
      if (event === 'metric') continue;
      const { kind, sid = '', fields } = event;
      if (kind === 'apply' && searches.has(sid)) there.add(sid);
      if (kind === 'fit' && fits.has(sid)) there.add(sid);
      if (fields?.run !== undefined && fits.has(fields.run)) there.add(`${fields.run} ${fields.told}`);
    }
    return there.size;
  }

  async #teller(run: string): Promise<boolean> {
    const well = await this.#fit(run, { algorithm: 'Teller', options: { run } });
    if (well) this.#answered.fits.add(run);
    return well;
  }

  async #fit(sid: string, spec: object): Promise<boolean> {
    return this.#asked('/v1/fit', sid, { ...FIT_SPEC, options: {}, fields: ['x'], ...spec });
  }

  async #apply(sid: string): Promise<boolean> {
    return this.#asked('/v1/apply', sid, { model: { namespace: 'user', name: 'line' }, options: {} });
  }

  /** False where the runtime is not there, or went away before it had answered. */
  async #asked(path: string, sid: string, spec: object): Promise<boolean> {
    try {
      const { status } = await ask(this.#url, path, chunk(await this.#head.token({ sid }), ROWS, { spec }));
      return status === 200;
    } catch (error) {
      if (/ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|aborted|hang up/.test(String(error))) return false;
      throw error;
    }
  }
}

interface Told {
  readonly kind: string;
  readonly sid: string;
  readonly fields: { readonly run: string; readonly told: number };
}

/** Of an event, or of metrics. */
function idOf(one: Readonly<Record<string, unknown>>): string {
  const { event_id } = (typeof one.event === 'object' ? one.event : one.fields) as { event_id: string };
  return event_id;
}
