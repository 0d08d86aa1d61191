import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Job, Message } from '../sandbox/search/job.ts';
import type { Format } from './results.ts';
import { formatResults } from './results.ts';
import { runSearch } from './run-search.ts';
import { accessSandbox } from './sandbox-access.ts';
import { tellable } from './tellable.ts';
import { ProgressLine, terminalFor, withThousands } from './terminal.ts';
import { repositoryRoot, stateFolder } from './where.ts';

export interface SearchArguments {
  readonly lookups?: string;
  readonly user?: string;
  readonly app?: string;
  readonly format?: Format;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Milliseconds after which a search is long enough for a progress line. */
const PROGRESS_DELAY_MS = 700;

/** `kepler search`: gives the exit status. */
export async function search(spl: string, options: SearchArguments): Promise<number> {
  const format = options.format ?? 'table';
  const lookups = options.lookups === undefined ? [] : [resolve(options.lookups)];
  for (const folder of lookups) {
    if (!existsSync(folder) || !statSync(folder).isDirectory()) {
      console.error(`--lookups: ${folder} is not a folder.`);
      return 1;
    }
  }
  const root = repositoryRoot();
  let job: Job | undefined;
  let interrupted = false;
  const interrupt = () => {
    interrupted = true;
    void job?.cancel();
  };
  for (const signal of SIGNALS) process.on(signal, interrupt);
  let access: Awaited<ReturnType<typeof accessSandbox>>;
  try {
    access = await accessSandbox(root, stateFolder(root));
  } catch (error) {
    // Who reads JSON is told in JSON; for people, main.ts prints it.
    const text = tellable(error, stateFolder(root));
    if (format !== 'json' || text === undefined) throw error;
    const messages = [{ type: 'ERROR', text }] as const;
    await print(formatResults(format, { fields: [], batches: [], messages }));
    return 1;
  }
  const { info, release } = access;
  const style = terminalFor(process.stderr);
  const progress = new ProgressLine(process.stderr, PROGRESS_DELAY_MS);
  const started = Date.now();
  const onProgress = (command: string, rows: number) => {
    const seconds = (Date.now() - started) / 1000;
    progress.update(
      style.dim(
        `${command}: ${withThousands(rows)} rows, ${seconds.toFixed(1)} s, ${withThousands(rows / seconds)} rows/s`,
      ),
    );
  };
  const onMessage = ({ type, text }: Message) => {
    if (format === 'json') return;
    progress.clear();
    const colour = type === 'ERROR' ? style.red : type === 'WARN' ? style.yellow : style.dim;
    console.error(`${colour(type)} ${text}`);
  };
  try {
    const outcome = await runSearch(
      info,
      { search: spl, user: options.user, app: options.app, lookups, onProgress, onMessage },
      (opened) => {
        job = opened;
        if (interrupted) void opened.cancel();
      },
    );
    progress.clear();
    if (format === 'json' || !outcome.failed) {
      await print(formatResults(format, outcome, process.stdout.isTTY ? process.stdout.columns : Infinity));
    }
    return outcome.failed ? 1 : 0;
  } finally {
    progress.clear();
    await release();
    for (const signal of SIGNALS) process.off(signal, interrupt);
  }
}

const PIECE = 1 << 16;

/** Writes at the reader's pace; a reader that has gone away ends the writing. */
async function print(texts: Iterable<string>): Promise<void> {
  let closed = false;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    closed = true;
  });
  const write = (text: string) => new Promise<void>((done) => process.stdout.write(text, () => done()));
  let piece = '';
  for (const text of texts) {
    piece += text;
    if (piece.length < PIECE) continue;
    await write(piece);
    if (closed) return;
    piece = '';
  }
  if (piece !== '') await write(piece);
}
