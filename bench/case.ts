import type { Contestant, Result } from './measure.ts';

/** A benchmark: who is measured, against whom, and what has been claimed of it. */
export interface Case {
  readonly name: string;
  readonly title: string;
  /** Rounds where none are asked for. */
  readonly rounds: number;
  open(): Promise<OpenCase>;
}

export interface OpenCase {
  readonly contestants: readonly Contestant[];
  /** The contestant that the others are compared with; ratios say how many times as fast as it they are. */
  readonly baseline?: string;
  /** What was checked once, before the clock: versions, equality of results. */
  readonly notes?: readonly string[];
  /** The claims: a contestant is at least so many times as fast as another (the baseline where none is named). */
  readonly goals?: readonly Goal[];
  /** What is said about the results once they are there. */
  conclude?(results: readonly Result[]): readonly string[];
  close(): Promise<void>;
}

export interface Goal {
  readonly contestant: string;
  readonly against?: string;
  /** Least ratio of seconds, theirs to ours. */
  readonly atLeast: number;
  readonly aim?: number;
}
