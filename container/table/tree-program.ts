import type { Preparation } from '../contract/table.ts';
import type { TreeEnsemble } from '../contract/template.ts';
import type { ScoreProgram } from './score-program.ts';
import { scoreRange } from './scoring-share.ts';
import { Region } from './table-memory.ts';
import type { TableMemory } from './table-memory.ts';

const NODE_BYTES = 16;

/**
 * An ensemble of trees over a float32 matrix, row after row. Behind a row's features stands a zero: leaves ask it and go to
 * themselves, so that every row can take as many steps as its tree is deep.
 */
export class TreeProgram implements ScoreProgram {
  readonly outputs: number;
  readonly #memory: TableMemory;
  readonly #plan: TreeEnsemble;
  readonly #preparation: Preparation;
  readonly #rowBytes: number;
  readonly #matrix: Region;
  readonly #nodes: number;
  readonly #values: number;
  readonly #roots: number;
  readonly #depths: number;
  readonly #firsts: number;
  /** Of each text field: where in a row the 1 of each code stands. */
  readonly #levels: ReadonlyMap<number, number>;
  /** How far down all trees together a row goes. */
  readonly #steps: number;
  #stride = -1;

  constructor(memory: TableMemory, plan: TreeEnsemble, preparation: Preparation) {
    this.outputs = plan.outputs;
    this.#memory = memory;
    this.#plan = plan;
    this.#preparation = preparation;
    this.#rowBytes = 4 * (plan.features + 1);
    this.#matrix = new Region(memory);
    this.#nodes = this.#writeNodes();
    this.#values = memory.reserve(plan.values.length * 8);
    memory.doubles.set(plan.values, this.#values / 8);
    const trees = plan.roots.length;
    this.#roots = memory.reserve(trees * 4);
    memory.words.set(
      plan.roots.map((root) => root * NODE_BYTES),
      this.#roots / 4,
    );
    this.#depths = memory.reserve(trees * 4);
    memory.integers.set(plan.depths, this.#depths / 4);
    this.#firsts = memory.reserve(trees * 4);
    this.#levels = this.#writeLevels();
    this.#steps = plan.depths.reduce((sum, depth) => sum + depth, 0);
  }

  run(fields: readonly number[], rows: number, out: number, stride: number): void {
    const { scoring } = this.#memory;
    const matrix = this.#matrix.ensure(rows * this.#rowBytes);
    this.#memory.bytes.fill(0, matrix, matrix + rows * this.#rowBytes);
    const place = new Map(this.#preparation.fields.map((field, i) => [field.name, i]));
    this.#preparation.columns.forEach((column, feature) => {
      if (column.kind !== 'number') return;
      scoring.toRows(fields[place.get(column.field) as number], rows, matrix + feature * 4, this.#rowBytes);
    });
    for (const [field, places] of this.#levels) {
      scoring.setLevels(fields[field], rows, places, matrix, this.#rowBytes);
    }
    this.#setStride(stride);
    for (let k = 0; k < this.outputs; k++) scoring.fill(out + k * stride, rows, this.#plan.base[k]);
    const call = {
      x: matrix,
      rowBytes: this.#rowBytes,
      count: this.#plan.roots.length,
      roots: this.#roots,
      depths: this.#depths,
      firsts: this.#firsts,
      nodes: this.#nodes,
      values: this.#values,
      width: this.#plan.leafWidth,
      out,
      stride,
    };
    const { crew } = this.#memory;
    if (crew) crew.trees(call, rows, this.#steps);
    else scoreRange(scoring, call, 0, rows);
  }

  /** Which score each tree adds to lies `stride` bytes from the one before. */
  #setStride(stride: number): void {
    if (stride === this.#stride) return;
    this.#stride = stride;
    const { words } = this.#memory;
    for (let t = 0; t < this.#plan.roots.length; t++) {
      words[this.#firsts / 4 + t] = (this.#plan.treeOutput?.[t] ?? 0) * stride;
    }
  }

  #writeNodes(): number {
    const { feature, threshold, left, leafWidth, features } = this.#plan;
    const nodes = this.#memory.reserve(feature.length * NODE_BYTES);
    const words = new Uint32Array(feature.length * 4);
    const floats = new Float32Array(words.buffer);
    for (let n = 0; n < feature.length; n++) {
      const leaf = feature[n] < 0;
      words[4 * n] = 4 * (leaf ? features : feature[n]);
      floats[4 * n + 1] = leaf ? 0 : threshold[n];
      words[4 * n + 2] = NODE_BYTES * (leaf ? n : left[n]);
      words[4 * n + 3] = leaf ? 8 * leafWidth * left[n] : 0;
    }
    this.#memory.words.set(words, nodes / 4);
    return nodes;
  }

  #writeLevels(): Map<number, number> {
    const levels = new Map<number, number>();
    this.#preparation.fields.forEach((field, i) => {
      if (field.kind !== 'text') return;
      const texts = field.levels ?? [];
      const places = this.#memory.reserve((texts.length + 2) * 4);
      const values = new Int32Array(texts.length + 2).fill(-1);
      this.#preparation.columns.forEach((column, feature) => {
        if (column.kind === 'level' && column.field === field.name) {
          values[texts.indexOf(column.level) + 2] = feature * 4;
        }
      });
      this.#memory.integers.set(values, places / 4);
      levels.set(i, places);
    });
    return levels;
  }
}
