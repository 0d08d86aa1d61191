import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Case, OpenCase } from '../case.ts';
import { Closing } from '../closing.ts';
import { comparePredictions } from '../compare.ts';
import { BENCH_FOLDER, measurements, type Chunks } from '../data.ts';
import { drive, getinfo, MB, type CommandLine, type Drive } from '../driver.ts';
import { DSDL_MODULES, startDsdl } from '../dsdl.ts';
import { absentPython, PYTHON, versionsOf } from '../environment.ts';
import type { Contestant, Sample } from '../measure.ts';
import { python } from '../python.ts';
import { openStage, type Stage } from '../stage.ts';

const ROWS = 1_000_000;
const MODEL = 'bench_model';
const DSDL = 'DSDL path';

interface Kind {
  readonly name: string;
  readonly title: string;
  /** What `fit` is asked for, before the target. */
  readonly fit: string;
  readonly options: string;
  /** Greatest relative difference of two predictions. */
  readonly tolerance: number;
  readonly goals: OpenCase['goals'];
  /** Rounds of the peer at most: it takes half a minute to a few. */
  readonly peerRounds: number;
  /** Makes the same model for the peer. */
  peerModel(stage: Stage, training: Chunks, folder: string): Promise<void>;
}

/** Kepler's names in the table. */
export const KEPLER = {
  unix: 'Kepler, Unix socket, 1 MB pipes',
  small: 'Kepler, Unix socket, 64 KB pipes',
  tls: 'Kepler, TLS, 1 MB pipes',
} as const;

const linear: Kind = {
  name: 'apply-linear',
  title: '1,000,000 rows x 10 numbers, linear model, splunkd to splunkd',
  fit: 'LinearRegression',
  options: '',
  tolerance: 1e-6,
  peerRounds: 2,
  goals: [
    { contestant: KEPLER.unix, atLeast: 50, aim: 65 },
    { contestant: KEPLER.small, atLeast: 40, aim: 50 },
    { contestant: KEPLER.tls, atLeast: 30, aim: 45 },
  ],
  async peerModel(_stage, training, folder) {
    const out = join(folder, `bench_${MODEL}.joblib`);
    await python(PYTHON.dsdl, [
      'bench/peers/models.py',
      'linear',
      training.file,
      'y',
      sorted(training).join(','),
      out,
    ]);
  },
};

const forest: Kind = {
  name: 'apply-forest',
  title: '1,000,000 rows x 10 numbers, forest of 100 trees of depth 10, splunkd to splunkd',
  fit: 'RandomForestRegressor',
  options: 'n_estimators=100 max_depth=10 random_state=1',
  tolerance: 1e-6,
  goals: [{ contestant: KEPLER.unix, atLeast: 20 }],
  peerRounds: 1,
  async peerModel(stage, _training, folder) {
    const onnx = readdirSync(stage.home, { recursive: true, encoding: 'utf8' }).find((path) =>
      path.endsWith('model.onnx'),
    );
    if (!onnx) throw new Error('the version has no model.onnx to take the trees from');
    const arrays = join(folder, 'trees.npz');
    await python(PYTHON.train, ['bench/peers/models.py', 'trees', join(stage.home, onnx), arrays]);
    await python(PYTHON.dsdl, [
      'bench/peers/models.py',
      'forest',
      arrays,
      join(folder, `bench_${MODEL}.joblib`),
    ]);
  },
};

/** Prepared columns are sorted by name; the peer's model gets them in the same order. */
function sorted(chunks: Chunks): string[] {
  return [...chunks.features].sort();
}

export function sampleOf(run: Drive): Sample {
  return {
    seconds: run.seconds,
    details: {
      'stream s': run.stream_seconds,
      'MB in': run.bytes_in / 1e6,
      'MB out': run.bytes_out / 1e6,
      'pipe KB': run.pipe / 1024,
      'command CPU s': run.command.cpu_seconds,
      'command peak MB': run.command.peak_mb,
      ...(run.watched[0] && {
        'server CPU s': run.watched[0].cpu_seconds,
        'server peak MB': run.watched[0].peak_mb,
      }),
    },
  };
}

function open(kind: Kind): Promise<OpenCase> {
  return Closing.around(async (closing) => {
    const stage = await openStage();
    closing.add(() => stage.close());
    const folder = mkdtempSync(join(resolve(BENCH_FOLDER), 'models-'));
    closing.add(() => rmSync(folder, { recursive: true, force: true }));
    const absent =
      absentPython(PYTHON.dsdl, DSDL_MODULES) ??
      (kind === forest ? absentPython(PYTHON.train, ['onnx']) : undefined);
    const rows = measurements(ROWS);
    const training = measurements(50_000, { target: true, seed: 7 });
    await stage.search(
      'fit',
      `${kind.fit} y from ${rows.features.join(' ')} ${kind.options} into ${MODEL} `.trim(),
      {
        chunks: training,
      },
    );
    const kepler = (options: { save?: string; pipe?: number; transport?: 'unix' | 'tls' }) =>
      stage.search('apply', MODEL, { chunks: rows, ...options });

    const outputs = join(resolve(BENCH_FOLDER), 'outputs');
    mkdirSync(outputs, { recursive: true });
    const ours = join(outputs, `${kind.name}-kepler.csv`);
    const theirs = join(outputs, `${kind.name}-dsdl.csv`);
    for (const file of [ours, theirs]) closing.add(() => rmSync(file, { force: true }));
    const notes: string[] = [];
    const checked = await kepler({ save: ours });
    for (const [level, text] of checked.messages) notes.push(`Kepler says ${level}: ${text}`);
    const dsdl = absent ? undefined : await openDsdl(kind, stage, training, folder);
    if (dsdl) {
      closing.add(() => dsdl.close());
      const peer = await drive(dsdl.command, {
        chunks: rows,
        getinfo: getinfo('apply', MODEL),
        save: theirs,
      });
      const same = await comparePredictions(
        rows,
        { file: ours, drive: checked },
        { file: theirs, drive: peer },
        folder,
        kind.tolerance,
      );
      notes.push(
        `compared: every field of ${same.rows.toLocaleString('en-US')} rows and every prediction, ` +
          `greatest relative difference ${same.worst_relative_difference.toExponential(1)}`,
        `peer: ${versionsOf(PYTHON.dsdl, ['pandas', 'scikit-learn', 'fastapi', 'uvicorn'])}`,
      );
    }

    /** A timed run must send exactly the bytes that were checked. */
    const likeChecked = (run: Drive): Drive => {
      if (run.reply_bytes.join() !== checked.reply_bytes.join()) {
        throw new Error('a timed run answered with other lengths than the run that was checked');
      }
      return run;
    };
    const contestants: Contestant[] = [
      { name: KEPLER.unix, rows: ROWS, run: async () => sampleOf(likeChecked(await kepler({}))) },
      {
        name: KEPLER.small,
        rows: ROWS,
        run: async () => sampleOf(likeChecked(await kepler({ pipe: 65536 }))),
      },
      {
        name: KEPLER.tls,
        rows: ROWS,
        absent: stage.noTls,
        run: async () => sampleOf(likeChecked(await kepler({ transport: 'tls' }))),
      },
      {
        name: DSDL,
        rows: ROWS,
        absent,
        rounds: kind.peerRounds,
        run: async () =>
          sampleOf(
            await drive(dsdl!.command, {
              chunks: rows,
              getinfo: getinfo('apply', MODEL),
              pipe: MB,
              watch: [dsdl!.pid],
            }),
          ),
      },
    ];
    return {
      contestants,
      baseline: DSDL,
      notes,
      goals: kind.goals,
      close: () => closing.close(),
    };
  });
}

async function openDsdl(
  kind: Kind,
  stage: Stage,
  training: Chunks,
  folder: string,
): Promise<{ pid: number; command: CommandLine; close(): Promise<void> }> {
  await kind.peerModel(stage, training, folder);
  const server = await startDsdl(folder);
  return {
    pid: server.pid,
    command: server.command(MODEL, 'y', sorted(training)),
    close: () => server.close(),
  };
}

export const applyLinear: Case = { ...pick(linear), rounds: 5, open: () => open(linear) };
export const applyForest: Case = { ...pick(forest), rounds: 3, open: () => open(forest) };

function pick({ name, title }: Kind): { name: string; title: string } {
  return { name, title };
}
