/** Compiled kernels: esbuild (binary loader) and the test runner both hand over the bytes. */
declare module '#kernels/*.wasm' {
  const bytes: Uint8Array;
  export default bytes;
}

/** What the product uses of WebAssembly; the whole is declared with the DOM only, whose other globals Node.js lacks. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, unknown>>);
    readonly exports: Record<string, unknown>;
  }
  class Memory {
    constructor(descriptor: { initial: number; maximum?: number; shared?: boolean });
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  class Global {
    constructor(descriptor: { value: string; mutable?: boolean }, value?: unknown);
    value: unknown;
  }
}
