import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { KEPLER_VERSION } from '../container/contract/version.ts';
import { Sandbox } from '../sandbox/sandbox.ts';
import type { Job } from '../sandbox/search/job.ts';
import { InstallError } from '../sandbox/splunkd/install.ts';
import { writeState } from '../sandbox/state-file.ts';
import { writePenguins, writeReadings } from './demo-data.ts';
import type { Stop } from './demo-tour.ts';
import { tour } from './demo-tour.ts';
import { formatResults } from './results.ts';
import type { Outcome } from './run-search.ts';
import { runSearch } from './run-search.ts';
import type { Terminal } from './terminal.ts';
import { ProgressLine, terminalFor, withThousands } from './terminal.ts';
import { repositoryRoot } from './where.ts';

const READINGS = 1_000_000;
/** Columns where the output is no terminal that would say how many it has. */
const USUAL_COLUMNS = 110;
const SHOWN_ROWS = 12;

const print = (text = '') => void process.stdout.write(`${text}\n`);

export interface DemoOptions {
  /** Everything stays up until Ctrl-C. */
  readonly stay?: boolean;
  /** The package to install first; `true` for the one that `npm run package` makes. */
  readonly package?: string | boolean;
}

/** `kepler demo`: the tour, with a sandbox of its own that leaves nothing behind. Gives the exit status. */
export async function demo(options: DemoOptions = {}): Promise<number> {
  const root = repositoryRoot();
  const spl = packageFile(root, options.package);
  const style = terminalFor(process.stdout);
  const state = mkdtempSync(join(tmpdir(), 'kepler-demo-'));
  const lookups = join(state, 'data');
  mkdirSync(lookups);
  const tourist = new Tourist(style, lookups);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const asked = new Promise<void>((resolve) => {
    for (const signal of signals) process.once(signal, () => resolve());
  });
  for (const signal of signals) process.on(signal, tourist.interrupt);
  let sandbox: Sandbox | undefined;
  let failures: string[] = [];
  try {
    print(style.bold('Kepler: machine learning in the Splunk search bar'));
    print(
      style.dim('A tour on a sandbox of its own: real search commands, a real runtime, no Splunk needed.'),
    );
    print();
    const started = Date.now();
    sandbox = await Sandbox.start({
      root,
      state,
      package: spl,
      background: options.stay ?? false,
      onRuntimeDeath: (how) =>
        failures.push(`The runtime ${how}. Its log is ${join(state, 'runtime/runtime.log')}.`),
    });
    if (spl !== undefined) print(`${style.green('✓')} installed ${basename(spl)} (${megabytes(spl)} MB)`);
    print(`${style.green('✓')} runtime and search head are up (${Date.now() - started} ms)`);
    print(
      `${style.green('✓')} penguins.csv: ${writePenguins(lookups, root)} rows from the package vega-datasets`,
    );
    await makeReadings(lookups, style);
    failures = [...failures, ...(await tourist.walk(sandbox.info, tour(READINGS)))];
    if (options.stay && failures.length === 0 && !tourist.interrupted) {
      await stay(sandbox, state, style, asked);
      return 0;
    }
  } finally {
    await sandbox?.stop();
    rmSync(state, { recursive: true, force: true });
    for (const signal of signals) process.off(signal, tourist.interrupt);
  }
  print();
  if (tourist.interrupted) {
    print(style.yellow('Interrupted. Everything that was started has ended.'));
    return 1;
  }
  for (const failure of failures) print(`${style.red('✗')} ${failure}`);
  if (failures.length > 0) return 1;
  print(`${style.green('✓')} ${style.bold('All of it worked.')} Everything that was started has ended.`);
  print(
    style.dim(
      "Next: 'npm start' keeps a sandbox up; 'npm run --silent search -- \"| listmodels\"' searches it.",
    ),
  );
  return 0;
}

/** The package to install; undefined for the app as it lies in the repository. */
function packageFile(root: string, wanted: DemoOptions['package']): string | undefined {
  if (wanted === undefined || wanted === false) return undefined;
  if (typeof wanted === 'string') return resolve(wanted);
  const file = join(root, 'dist', `kepler-${KEPLER_VERSION}.spl`);
  if (!existsSync(file))
    throw new InstallError(`There is no package ${file}. Make it with 'npm run package'.`);
  return file;
}

function megabytes(file: string): string {
  return (statSync(file).size / 1e6).toFixed(1);
}

/** Says where to look, and waits until somebody has seen enough. */
async function stay(sandbox: Sandbox, state: string, style: Terminal, asked: Promise<void>): Promise<void> {
  const { web } = sandbox.info;
  writeState(state, sandbox.info);
  print();
  print(`${style.green('✓')} ${style.bold('All of it worked.')} Everything stays up until Ctrl-C.`);
  for (const { name, password, roles } of web.users) {
    // Passwords are for a person's eyes; whatever else reads this finds them in the state file.
    const secret = process.stdout.isTTY ? `, password ${password}` : '';
    print(style.dim(`  log in as ${name} (${roles.join(', ')})${secret}`));
  }
  if (!process.stdout.isTTY) print(style.dim(`  passwords: ${join(state, 'sandbox.json')}`));
  print(`Look at it: ${style.bold(`${web.url}/en-US/app/kepler/models`)}`);
  await asked;
}

async function makeReadings(folder: string, style: Terminal): Promise<void> {
  const progress = new ProgressLine(process.stdout);
  const started = Date.now();
  await writeReadings(folder, READINGS, (rows) =>
    progress.update(`  making readings: ${withThousands(rows)} rows`),
  );
  progress.clear();
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  print(
    `${style.green('✓')} readings.csv: ${withThousands(READINGS)} rows from a seeded generator (${seconds} s)`,
  );
}

/** Goes through the stops, shows each, and keeps what went wrong. */
class Tourist {
  interrupted = false;
  private job: Job | undefined;

  constructor(
    private readonly style: Terminal,
    private readonly lookups: string,
  ) {}

  readonly interrupt = (): void => {
    this.interrupted = true;
    void this.job?.cancel();
  };

  async walk(head: { splunkHome: string; splunkd: string }, stops: readonly Stop[]): Promise<string[]> {
    const failures: string[] = [];
    for (const [i, stop] of stops.entries()) {
      if (this.interrupted) break;
      print();
      print(this.style.bold(`${i + 1}. ${stop.title}`));
      print(this.style.cyan(wrapSearch(stop.search)));
      print();
      const outcome = await this.run(head, stop);
      if (this.interrupted) break;
      this.show(outcome, stop);
      const problem = stop.check(outcome);
      if (problem) failures.push(`Stop ${i + 1} (${stop.title}): ${problem}.`);
    }
    return failures;
  }

  private async run(head: { splunkHome: string; splunkd: string }, stop: Stop): Promise<Outcome> {
    const progress = new ProgressLine(process.stdout);
    const started = Date.now();
    const outcome = await runSearch(
      head,
      {
        search: stop.search,
        lookups: [this.lookups],
        onProgress: (_command, rows) => {
          if (!stop.rows) return;
          const rate = rows / ((Date.now() - started) / 1000);
          const share = Math.min(1, rows / stop.rows);
          const bar = '█'.repeat(Math.round(share * 30)).padEnd(30, '░');
          progress.update(`  ${bar} ${withThousands(rows)} rows, ${withThousands(rate)} rows/s`);
        },
      },
      (job) => {
        this.job = job;
      },
    );
    progress.clear();
    return outcome;
  }

  private show(outcome: Outcome, stop: Stop): void {
    for (const { type, text } of outcome.messages) {
      const colour = { ERROR: this.style.red, WARN: this.style.yellow, INFO: this.style.dim }[type];
      print(`  ${colour(type)} ${text}`);
    }
    if (!outcome.failed) {
      const columns = (process.stdout.columns ?? USUAL_COLUMNS) - 2;
      const lines = [...formatResults('table', outcome, columns)];
      for (const line of lines.slice(0, SHOWN_ROWS + 2)) process.stdout.write(`  ${line}`);
      const more = lines.length - SHOWN_ROWS - 2;
      if (more > 0) print(this.style.dim(`  … and ${withThousands(more)} more rows`));
    }
    if (stop.note) print(this.style.dim(`  ${stop.note}`));
    const seconds = outcome.milliseconds / 1000;
    const rate =
      stop.rows && !outcome.failed
        ? `: ${withThousands(stop.rows / seconds)} rows/s, from file to table`
        : '';
    print(this.style.dim(`  ${seconds.toFixed(2)} s${rate}`));
  }
}

/** A command a line, as people write long searches. */
function wrapSearch(search: string): string {
  return search
    .split(/\s*(?=\| )/)
    .map((command) => `  ${command.trim()}`)
    .join('\n');
}
