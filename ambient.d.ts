/** Compiled kernels: esbuild (binary loader) and the test runner both hand over the bytes. */
declare module '#kernels/*.wasm' {
  const bytes: Uint8Array;
  export default bytes;
}

declare module 'postject' {
  export function inject(
    file: string,
    resource: string,
    data: Buffer,
    options: { sentinelFuse: string },
  ): Promise<void>;
}
