import type { Cell } from '../table/cell.ts';
import { cellFrom, cellValues } from '../table/cell.ts';
import { isNumeric, numberText } from '../spl/expression/values.ts';

/** Collects one field's values of one group. */
export interface Aggregate {
  add(value: string): void;
  result(): Cell;
}

const number = (value: number | null): Cell =>
  value === null || Number.isNaN(value) ? null : numberText(value);

class Count implements Aggregate {
  private count = 0;
  add(): void {
    this.count += 1;
  }
  result(): Cell {
    return String(this.count);
  }
}

/** Sums and squared deviations by Welford's method, which keeps its precision where the mean is large. */
class Moments implements Aggregate {
  private count = 0;
  private sum = 0;
  private squares = 0;
  private mean = 0;
  private deviations = 0;

  constructor(private readonly read: (moments: Moments) => number | null) {}

  add(value: string): void {
    if (!isNumeric(value)) return;
    const x = Number(value);
    this.count += 1;
    this.sum += x;
    this.squares += x * x;
    const delta = x - this.mean;
    this.mean += delta / this.count;
    this.deviations += delta * (x - this.mean);
  }

  result(): Cell {
    return this.count === 0 ? null : number(this.read(this));
  }

  static readonly readers: Readonly<Record<string, (m: Moments) => number | null>> = {
    sum: (m) => m.sum,
    avg: (m) => m.sum / m.count,
    mean: (m) => m.sum / m.count,
    sumsq: (m) => m.squares,
    var: (m) => (m.count === 1 ? 0 : m.deviations / (m.count - 1)),
    varp: (m) => m.deviations / m.count,
    stdev: (m) => Math.sqrt(m.count === 1 ? 0 : m.deviations / (m.count - 1)),
    stdevp: (m) => Math.sqrt(m.deviations / m.count),
  };
}

/** Least and greatest: by size where all values are numbers, else as texts. */
class Extreme implements Aggregate {
  private low: number | null = null;
  private high: number | null = null;
  private first: string | null = null;
  private last: string | null = null;
  private allNumbers = true;

  constructor(private readonly kind: 'min' | 'max' | 'range') {}

  add(value: string): void {
    if (this.allNumbers && isNumeric(value)) {
      const x = Number(value);
      if (this.low === null || x < this.low) this.low = x;
      if (this.high === null || x > this.high) this.high = x;
    } else {
      this.allNumbers = false;
    }
    if (this.first === null || value < this.first) this.first = value;
    if (this.last === null || value > this.last) this.last = value;
  }

  result(): Cell {
    if (this.first === null) return null;
    if (!this.allNumbers) return this.kind === 'min' ? this.first : this.kind === 'max' ? this.last : null;
    if (this.kind === 'range') return number(this.high! - this.low!);
    return number(this.kind === 'min' ? this.low : this.high);
  }
}

class First implements Aggregate {
  private value: string | null = null;
  add(value: string): void {
    this.value ??= value;
  }
  result(): Cell {
    return this.value;
  }
}

class Last implements Aggregate {
  private value: string | null = null;
  add(value: string): void {
    this.value = value;
  }
  result(): Cell {
    return this.value;
  }
}

class Distinct implements Aggregate {
  private readonly counts = new Map<string, number>();

  constructor(private readonly kind: 'dc' | 'values' | 'mode') {}

  add(value: string): void {
    this.counts.set(value, (this.counts.get(value) ?? 0) + 1);
  }

  result(): Cell {
    if (this.kind === 'dc') return String(this.counts.size);
    if (this.kind === 'values') return cellFrom([...this.counts.keys()].sort());
    let best: [string | null, number] = [null, 0];
    for (const [value, count] of this.counts) if (count > best[1]) best = [value, count];
    return best[0];
  }
}

/** SPL lists at most 100 values. */
const LIST_LIMIT = 100;

class List implements Aggregate {
  private readonly values: string[] = [];
  add(value: string): void {
    if (this.values.length < LIST_LIMIT) this.values.push(value);
  }
  result(): Cell {
    return cellFrom(this.values);
  }
}

/** Nearest rank; of two middle values the higher one, as SPL's median. */
class Percentile implements Aggregate {
  private readonly values: number[] = [];

  constructor(private readonly share: number) {}

  add(value: string): void {
    if (isNumeric(value)) this.values.push(Number(value));
  }

  result(): Cell {
    if (this.values.length === 0) return null;
    const sorted = Float64Array.from(this.values).sort();
    return number(sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * this.share) / 100))]);
  }
}

const PERCENTILE = /^(?:perc|p|exactperc|upperperc)(\d+(?:\.\d+)?)$/;

/** What makes an aggregate of this name; undefined where there is none. */
export function aggregateOf(name: string): (() => Aggregate) | undefined {
  const lower = name.toLowerCase();
  const moments = Object.hasOwn(Moments.readers, lower) ? Moments.readers[lower] : undefined;
  if (moments) return () => new Moments(moments);
  const percentile = PERCENTILE.exec(lower);
  if (percentile && Number(percentile[1]) <= 100) return () => new Percentile(Number(percentile[1]));
  switch (lower) {
    case 'count':
    case 'c':
      return () => new Count();
    case 'min':
    case 'max':
    case 'range':
      return () => new Extreme(lower);
    case 'dc':
    case 'distinct_count':
    case 'estdc':
      return () => new Distinct('dc');
    case 'values':
    case 'mode':
      return () => new Distinct(lower);
    case 'median':
      return () => new Percentile(50);
    case 'list':
      return () => new List();
    case 'first':
    case 'earliest':
      return () => new First();
    case 'last':
    case 'latest':
      return () => new Last();
    default:
      return undefined;
  }
}

export const AGGREGATES =
  'avg, count, dc, first, last, list, max, mean, median, min, mode, perc<N>, range, stdev, stdevp, sum, sumsq, values, var, varp';

/** Adds each of the cell's values. */
export function addCell(aggregate: Aggregate, cell: Cell): void {
  if (typeof cell === 'string') aggregate.add(cell);
  else for (const value of cellValues(cell)) aggregate.add(value);
}
