/** Computes scores[k] at `out + k * stride` of a block's rows from its fields. */
export interface ScoreProgram {
  readonly outputs: number;
  /** @param fields Addresses, in the order of the preparation's fields. */
  run(fields: readonly number[], rows: number, out: number, stride: number): void;
}
