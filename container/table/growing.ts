const SEGMENT = 1 << 16;

type Values = Float64Array | Int32Array | Uint32Array;

/** A column of values that grows row by row without being copied: pieces of 65,536 values, made one at the end. */
export class Growing<T extends Values> {
  readonly #make: (length: number) => T;
  readonly #segments: T[] = [];
  length = 0;

  constructor(make: (length: number) => T) {
    this.#make = make;
  }

  append(values: T): void {
    for (let from = 0; from < values.length;) {
      const room = this.#room();
      const count = Math.min(room.length, values.length - from);
      room.set(values.subarray(from, from + count) as never);
      this.length += count;
      from += count;
    }
  }

  appendSame(value: number, count: number): void {
    for (let left = count; left > 0;) {
      const room = this.#room();
      const some = Math.min(room.length, left);
      room.fill(value, 0, some);
      this.length += some;
      left -= some;
    }
  }

  /** All values in one array; the pieces are given up as they are copied. */
  take(): T {
    if (this.#segments.length === 1 && this.length === this.#segments[0].length) return this.#segments[0];
    const all = this.#make(this.length);
    let at = 0;
    for (;;) {
      const segment = this.#segments.shift();
      if (!segment) break;
      const some = segment.subarray(0, Math.min(segment.length, this.length - at));
      all.set(some as never, at);
      at += some.length;
    }
    this.length = 0;
    return all;
  }

  /** All values in one array, kept. */
  peek(): T {
    const all = this.take();
    this.#segments.push(all);
    this.length = all.length;
    this.append = () => {
      throw new Error('A column that was looked at as a whole takes no more values.');
    };
    return all;
  }

  /** What is free of the last piece. */
  #room(): T {
    const used = this.length % SEGMENT;
    if (used === 0) this.#segments.push(this.#make(SEGMENT));
    return this.#segments[this.#segments.length - 1].subarray(used) as T;
  }
}
