const FIRST = 1 << 16;
/** Up to here a column grows fourfold: what is not written yet takes no memory. Beyond, it doubles. */
const LARGE_BYTES = 32 << 20;

type Values = Float64Array | Int32Array | Uint32Array;

/** A column of values that grows row by row, in one array that has room to spare. */
export class Growing<T extends Values> {
  readonly #make: (length: number) => T;
  #values: T;
  length = 0;

  constructor(make: (length: number) => T) {
    this.#make = make;
    this.#values = make(0);
  }

  append(values: T): void {
    this.#room(values.length).set(values as never);
    this.length += values.length;
  }

  appendSame(value: number, count: number): void {
    this.#room(count).fill(value);
    this.length += count;
  }

  /** All values, given up here. */
  take(): T {
    const all = this.peek();
    this.#values = this.#make(0);
    this.length = 0;
    return all;
  }

  /** All values so far. */
  peek(): T {
    return this.#values.subarray(0, this.length) as T;
  }

  /** The free places behind the last value, at least so many. */
  #room(count: number): T {
    const needed = this.length + count;
    if (needed > this.#values.length) {
      const grown = this.#values.length * (this.#values.byteLength < LARGE_BYTES ? 4 : 2);
      const larger = this.#make(Math.max(needed, grown, FIRST));
      larger.set(this.peek() as never);
      this.#values = larger;
    }
    return this.#values.subarray(this.length, needed) as T;
  }
}
