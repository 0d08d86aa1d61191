import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import type { Case, OpenCase } from '../case.ts';
import { Closing } from '../closing.ts';
import { BENCH_FOLDER, wide } from '../data.ts';
import { absentPython, PYTHON, versionsOf } from '../environment.ts';
import type { Contestant, Result } from '../measure.ts';
import { python } from '../python.ts';
import { openStage } from '../stage.ts';

const ROWS = 100_000;

interface Kind {
  readonly name: string;
  readonly title: string;
  readonly spl: string;
  readonly baseline: string;
  readonly peers: readonly {
    readonly name: string;
    readonly estimator: string;
    readonly needs: readonly string[];
  }[];
  readonly atLeast: number;
}

const forest: Kind = {
  name: 'fit-forest',
  title: '100,000 rows x 30, forest of 100 trees of depth 10',
  spl: 'RandomForestClassifier label from f* n_estimators=100 max_depth=10 random_state=1',
  baseline: 'scikit-learn RandomForestClassifier',
  peers: [
    { name: 'scikit-learn RandomForestClassifier', estimator: 'forest', needs: ['scikit-learn'] },
    { name: 'scikit-learn-intelex', estimator: 'forest-intelex', needs: ['scikit-learn-intelex'] },
  ],
  atLeast: 4,
};

const boosting: Kind = {
  name: 'fit-boosting',
  title: '100,000 rows x 30, boosting of 100 trees of 31 leaves',
  spl: 'GradientBoostingClassifier label from f* n_estimators=100 max_leaf_nodes=31 learning_rate=0.1 random_state=1',
  baseline: 'scikit-learn HistGradientBoostingClassifier',
  peers: [
    { name: 'scikit-learn HistGradientBoostingClassifier', estimator: 'boosting', needs: ['scikit-learn'] },
    { name: 'LightGBM', estimator: 'lightgbm', needs: ['lightgbm'] },
  ],
  atLeast: 1,
};

function open(kind: Kind): Promise<OpenCase> {
  return Closing.around(async (closing) => {
    const stage = await openStage();
    closing.add(() => stage.close());
    const [train, heldout] = [wide(ROWS, 'train'), wide(25_000, 'heldout')];
    const scored = join(resolve(BENCH_FOLDER), `${kind.name}-heldout.csv`);
    mkdirSync(resolve(BENCH_FOLDER), { recursive: true });
    closing.add(() => rmSync(scored, { force: true }));
    const threads = cpus().length;

    // Chunks have a header each; the peers read one table.
    const [trainFile, heldoutFile] = [singleTable(train, closing), singleTable(heldout, closing)];

    const contestants: Contestant[] = [
      {
        name: 'Kepler, whole search',
        rows: ROWS,
        run: async () => {
          const run = await stage.search('fit', `${kind.spl} into bench_model`, { chunks: train });
          const check = await stage.search('apply', 'bench_model', { chunks: heldout, save: scored });
          const [trained] = run.metrics['metric.train_ms'] ?? run.metrics['metric.kepler.train_ms'] ?? [];
          return {
            seconds: run.seconds,
            details: {
              'held-out accuracy': accuracy(scored, check.reply_bytes, 'label', 'predicted(label)'),
              ...(trained !== undefined && { 'training alone s': trained }),
              'runtime CPU s': run.watched[0].cpu_seconds,
              'runtime peak MB': run.watched[0].peak_mb,
            },
          };
        },
      },
      ...kind.peers.map((peer): Contestant => ({
        name: peer.name,
        rows: ROWS,
        absent: absentPython(PYTHON.train, peer.needs),
        run: async () => {
          const answer = await python<{ seconds: number; accuracy: number }>(
            PYTHON.train,
            ['bench/peers/train.py', peer.estimator, trainFile, heldoutFile, 'label', String(threads)],
            { OMP_NUM_THREADS: String(threads) },
          );
          return { seconds: answer.seconds, details: { 'held-out accuracy': answer.accuracy } };
        },
      })),
    ];
    return {
      contestants,
      baseline: kind.baseline,
      goals: [{ contestant: 'Kepler, whole search', atLeast: kind.atLeast }],
      notes: [
        `peers: ${versionsOf(PYTHON.train, ['scikit-learn', 'scikit-learn-intelex', 'lightgbm'])}, ${threads} threads, fit alone, rows in memory`,
        'Kepler: the whole search, rows read from the protocol and all sent back with a prediction; splits by 255-bin histograms',
      ],
      conclude: (results) => [scores(results)],
      close: () => closing.close(),
    };
  });
}

function scores(results: readonly Result[]): string {
  const parts = results
    .filter((r) => r.samples.length)
    .map((r) => `${r.name} ${r.samples.map((s) => s.details?.['held-out accuracy']).join(' / ')}`);
  return `held-out accuracy, a round each: ${parts.join('; ')}`;
}

/** The chunks as one CSV file with one header. */
function singleTable(chunks: ReturnType<typeof wide>, closing: Closing): string {
  const all = readFileSync(chunks.file);
  const parts: Buffer[] = [];
  let at = 0;
  for (const length of chunks.lengths) {
    const body = all.subarray(at, at + length);
    parts.push(parts.length ? body.subarray(body.indexOf(10) + 1) : body);
    at += length;
  }
  const file = chunks.file.replace(/\.csv$/, '.table.csv');
  writeFileSync(file, Buffer.concat(parts));
  closing.add(() => rmSync(file, { force: true }));
  return file;
}

/** Share of rows whose two columns agree; the generated rows hold no quoted line ends. */
function accuracy(file: string, lengths: readonly number[], truth: string, predicted: string): number {
  const all = readFileSync(file);
  let at = 0;
  let rows = 0;
  let right = 0;
  for (const length of lengths) {
    const [header, ...lines] = all
      .subarray(at, at + length)
      .toString('utf8')
      .trimEnd()
      .split(/\r?\n/);
    at += length;
    const names = header.split(',').map((name) => name.replace(/^"(.*)"$/, '$1'));
    const [t, p] = [names.indexOf(truth), names.indexOf(predicted)];
    if (t < 0 || p < 0) throw new Error(`the reply has the fields ${names.join(', ')}`);
    for (const line of lines) {
      const cells = line.split(',');
      rows++;
      if (cells[t] === cells[p].replace(/^"(.*)"$/, '$1')) right++;
    }
  }
  return right / rows;
}

export const fitForest: Case = {
  name: forest.name,
  title: forest.title,
  rounds: 3,
  open: () => open(forest),
};
export const fitBoosting: Case = {
  name: boosting.name,
  title: boosting.title,
  rounds: 3,
  open: () => open(boosting),
};
