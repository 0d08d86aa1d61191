/** A template's side of the pipe. Outside of a template's process (in its author's own tests) it prints instead. */

export interface Host {
  log(level: string, text: string, fields?: Readonly<Record<string, unknown>>): void;
  telemetry(event: Readonly<Record<string, unknown>>): void;
  /** Of the raw rows that it was given last: names of the columns that hold text. */
  texts(): readonly string[];
  /** Has a helper in the runtime do something. @throws Error what the runtime said was wrong, with its `code` */
  call(
    helper: string,
    method: string,
    args: Readonly<Record<string, unknown>>,
    body?: Uint8Array,
  ): Promise<{ readonly result: unknown; readonly body: Uint8Array }>;
}

/** The host program sets it; the template's bundle, which has a copy of this file of its own, finds it there. */
const KEY = Symbol.for('kepler.host');

const printing: Host = {
  log: (level, text, fields) =>
    process.stderr.write(`${level} ${text}${fields ? ` ${JSON.stringify(fields)}` : ''}\n`),
  telemetry: (event) => process.stderr.write(`telemetry ${JSON.stringify(event)}\n`),
  texts: () => [],
  call: (helper, method) =>
    Promise.reject(
      new Error(`${helper}.${method} needs the runtime: it works in a search and in the workbench.`),
    ),
};

export function host(): Host {
  return ((globalThis as Record<symbol, unknown>)[KEY] as Host | undefined) ?? printing;
}

export function setHost(value: Host): void {
  Object.defineProperty(globalThis, KEY, { value, writable: false, configurable: false });
}
