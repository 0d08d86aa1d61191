/** What the checker of types and its thread say to each other. */

export interface TypesData {
  /** The source of module `kepler`, where this is an installation with sources. */
  readonly sdk: string;
}

/** A type error; lines and columns count from 1. */
export interface TypeProblem {
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
  readonly endLine?: number;
  readonly endColumn?: number;
}

export interface ToTypes {
  readonly id: number;
  readonly file: string;
  readonly text: string;
}

export interface FromTypes {
  readonly id: number;
  /** Absent where types cannot be checked here. */
  readonly problems?: readonly TypeProblem[];
  readonly failed?: string;
}
