/** A seeded stream of random numbers (splitmix32): the same seed gives the same trees on every machine. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** The stream of one part (a tree, a round) of a fit, whichever thread works on it. */
  static forPart(seed: number, part: number): Random {
    const mixed = new Random(Math.imul(seed | 0, 0x9e3779b1) ^ Math.imul(part + 1, 0x85ebca6b));
    mixed.next();
    return new Random(mixed.next());
  }

  /** A whole number from 0 to 2^32 - 1. */
  next(): number {
    this.state = (this.state + 0x9e3779b9) | 0;
    let z = this.state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  }

  /** A whole number from 0 to limit - 1. */
  below(limit: number): number {
    return Math.floor((this.next() / 4294967296) * limit);
  }

  /** A number from 0 to below 1. */
  share(): number {
    return this.next() / 4294967296;
  }
}
