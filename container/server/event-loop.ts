import { monitorEventLoopDelay } from 'node:perf_hooks';

export interface LoopDelay {
  /** Milliseconds by which the event loop came late, over the last one to two minutes. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

const WINDOW_MS = 60_000;
const RESOLUTION_MS = 10;

/** Watches how late the event loop runs. Two windows: one that is being filled and the one before. */
export class LoopMonitor {
  readonly #histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  readonly #timer: NodeJS.Timeout;
  #before: LoopDelay = { p50: 0, p99: 0, max: 0 };

  constructor() {
    this.#histogram.enable();
    this.#timer = setInterval(() => {
      this.#before = this.#current();
      this.#histogram.reset();
    }, WINDOW_MS).unref();
  }

  read(): LoopDelay {
    const now = this.#current();
    return {
      p50: Math.max(now.p50, this.#before.p50),
      p99: Math.max(now.p99, this.#before.p99),
      max: Math.max(now.max, this.#before.max),
    };
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#histogram.disable();
  }

  /** The histogram measures the gap between two ticks of its timer: what exceeds the timer's own period is delay. */
  #current(): LoopDelay {
    const delay = (ns: number) => Math.max(0, Math.round((ns / 1e6 - RESOLUTION_MS) * 100) / 100);
    if (this.#histogram.count === 0) return { p50: 0, p99: 0, max: 0 };
    return {
      p50: delay(this.#histogram.percentile(50)),
      p99: delay(this.#histogram.percentile(99)),
      max: delay(this.#histogram.max),
    };
  }
}
