/** One measured run: the seconds that are compared, and whatever else belongs in the line. */
export interface Sample {
  readonly seconds: number;
  readonly details?: Readonly<Record<string, number | string>>;
}

/** One of those that are measured against each other in a case. */
export interface Contestant {
  readonly name: string;
  /** Rows that a run handles, for rows/s. */
  readonly rows?: number;
  /** Why it cannot run here; it is then named as absent. */
  readonly absent?: string;
  /** At most so many rounds, for what takes long. */
  readonly rounds?: number;
  run(round: number): Promise<Sample>;
}

/** A contestant's line in the table. */
export interface Result {
  readonly name: string;
  readonly rows?: number;
  readonly absent?: string;
  readonly rounds: number;
  readonly min?: number;
  readonly median?: number;
  readonly samples: readonly Sample[];
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The q-th quantile by rank, for latencies. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)];
}

/**
 * Runs all contestants round by round, each once a round, so that a machine that drifts drifts for all of them.
 * The order turns from round to round.
 */
export async function interleave(
  contestants: readonly Contestant[],
  rounds: number,
  report: (name: string, round: number) => void = () => {},
): Promise<Result[]> {
  const samples = new Map<Contestant, Sample[]>(contestants.map((c) => [c, []]));
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < contestants.length; i++) {
      const contestant = contestants[(i + round) % contestants.length];
      if (contestant.absent || round >= (contestant.rounds ?? rounds)) continue;
      report(contestant.name, round);
      samples.get(contestant)!.push(await contestant.run(round));
    }
  }
  return contestants.map((c) => {
    const own = samples.get(c)!;
    const seconds = own.map((s) => s.seconds);
    return {
      name: c.name,
      rows: c.rows,
      absent: c.absent,
      rounds: own.length,
      ...(own.length > 0 && { min: Math.min(...seconds), median: median(seconds) }),
      samples: own,
    };
  });
}
