import { setTimeout as sleep } from 'node:timers/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Preparation } from '../../container/contract/table.ts';
import type { TreeEnsemble } from '../../container/contract/template.ts';
import { ScoringCrew } from '../../container/table/scoring-crew.ts';
import { newSharedMemory, Region, TableMemory } from '../../container/table/table-memory.ts';
import { TreeProgram } from '../../container/table/tree-program.ts';

const TREES = 40;
const DEPTH = 6;
const ROWS = 3001;

/** Complete trees on two features with leaves that are all different. */
function ensemble(): TreeEnsemble {
  const inner = 2 ** DEPTH - 1;
  const nodes = 2 * inner + 1;
  const feature: number[] = [];
  const threshold: number[] = [];
  const left: number[] = [];
  for (let t = 0; t < TREES; t++) {
    for (let n = 0; n < nodes; n++) {
      feature.push(n < inner ? (n + t) % 2 : -1);
      threshold.push(Math.fround(Math.sin(n * 7 + t)));
      left.push(n < inner ? t * nodes + 2 * n + 1 : t * (inner + 1) + n - inner);
    }
  }
  const values = Float64Array.from({ length: TREES * (inner + 1) }, (_, i) => Math.cos(i) / 3);
  return {
    kind: 'trees',
    features: 2,
    outputs: 1,
    leafWidth: 1,
    base: Float64Array.of(0.5),
    feature: Int32Array.from(feature),
    threshold: Float32Array.from(threshold),
    left: Int32Array.from(left),
    values,
    roots: Int32Array.from({ length: TREES }, (_, t) => t * nodes),
    depths: Int32Array.from({ length: TREES }, () => DEPTH),
  } as unknown as TreeEnsemble;
}

const preparation: Preparation = {
  columns: ['a', 'b'].map((name) => ({ kind: 'number', name, field: name })),
  fields: ['a', 'b'].map((name) => ({ name, kind: 'number' })),
};

/** Scores of rows that differ from call to call. */
function scorer(memory: TableMemory): (call: number) => Float64Array {
  const program = new TreeProgram(memory, ensemble(), preparation);
  const columns = [new Region(memory), new Region(memory)];
  const out = new Region(memory);
  return (call) => {
    const fields = columns.map((region, f) => {
      const at = region.ensure(ROWS * 8);
      for (let r = 0; r < ROWS; r++) memory.doubles[at / 8 + r] = Math.sin(r * (f + 1) + call);
      return at;
    });
    const at = out.ensure(ROWS * 8);
    program.run(fields, ROWS, at, ROWS * 8);
    return memory.doubles.slice(at / 8, at / 8 + ROWS);
  };
}

function crewed(script: string): { memory: TableMemory; crew: ScoringCrew } {
  const memory = new TableMemory(newSharedMemory());
  const crew = new ScoringCrew(memory.memory, memory.scoring, pathToFileURL(resolve(script)));
  memory.crew = crew;
  return { memory, crew };
}

test('two threads give each row the very score that one gives', async () => {
  const alone = scorer(new TableMemory(newSharedMemory()));
  const { memory, crew } = crewed('dist/runtime/scoring-thread.mjs');
  const together = scorer(memory);
  let call = 0;
  for (const deadline = Date.now() + 240_000; crew.helped < 20 && Date.now() < deadline; call++) {
    expect(together(call)).toEqual(alone(call));
    await sleep(1);
  }
  expect(crew.helped).toBeGreaterThanOrEqual(20);
});

test('one thread scores all rows where there is no second', async () => {
  const { memory, crew } = crewed('dist/runtime/no-such-thread.mjs');
  const alone = scorer(new TableMemory(newSharedMemory()));
  const together = scorer(memory);
  for (let call = 0; call < 3; call++) {
    expect(together(call)).toEqual(alone(call));
    await sleep(20);
  }
  expect(crew.helped).toBe(0);
});
