/** How long each part of a run took: the template's own functions apart from what stands around them. */
import type { RunTiming } from '../contract/workbench.ts';
import type { Template } from '../contract/template.ts';
import type { TemplateDoor } from '../templates/broker/door.ts';
import { TemplateFinder } from '../templates/finder.ts';
import type { TemplateStore } from '../templates/store.ts';

/** In which they come. */
const ORDER = ['reading the data', 'preparing the rows', 'init', 'fit', 'apply', 'summary', 'explain'];

export class Stopwatch {
  readonly #stages = new Map<string, number>();

  add(stage: string, ms: number): void {
    this.#stages.set(stage, (this.#stages.get(stage) ?? 0) + ms);
  }

  /** Measures a call, and what it promises. */
  timed<A extends unknown[], R>(stage: string, call: (...args: A) => R): (...args: A) => R {
    return (...args) => {
      const started = performance.now();
      const done = () => this.add(stage, performance.now() - started);
      let result: R;
      try {
        result = call(...args);
      } catch (error) {
        done();
        throw error;
      }
      if (!(result instanceof Promise)) {
        done();
        return result;
      }
      return result.finally(done) as R;
    };
  }

  get timing(): RunTiming {
    return [...this.#stages]
      .sort(([a], [b]) => ORDER.indexOf(a) - ORDER.indexOf(b))
      .map(([stage, ms]) => ({ stage, ms: Math.round(ms * 100) / 100 }));
  }
}

/** Finds templates whose functions are measured. */
export class TimedFinder extends TemplateFinder {
  readonly #watch: Stopwatch;
  readonly #timed = new Map<Template, Template>();

  constructor(store: TemplateStore, door: () => TemplateDoor, watch: Stopwatch) {
    super(store, { door });
    this.#watch = watch;
  }

  override find(name: string, version?: number): Template {
    const plain = super.find(name, version);
    let timed = this.#timed.get(plain);
    if (!timed) {
      timed = {
        ...plain,
        init: this.#watch.timed('init', plain.init.bind(plain)),
        fit: this.#watch.timed('fit', plain.fit.bind(plain)),
        apply: this.#watch.timed('apply', plain.apply.bind(plain)),
        summary: this.#watch.timed('summary', plain.summary.bind(plain)),
        ...(plain.explain && { explain: this.#watch.timed('explain', plain.explain.bind(plain)) }),
      };
      this.#timed.set(plain, timed);
    }
    return timed;
  }
}
