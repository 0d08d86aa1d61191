// For scripts that run from the sources: an import of a .wasm file gives its bytes, as it does in bundles and tests.
// `node --import tsx --import ./build/wasm-bytes.mjs docs/make-algorithms.ts`
import { register } from 'node:module';

const hooks = `export async function load(url, context, next) {
  if (!url.endsWith('.wasm')) return next(url, context);
  const source = 'import { readFileSync } from "node:fs"; export default new Uint8Array(readFileSync(new URL(' + JSON.stringify(url) + ')));';
  return { format: 'module', shortCircuit: true, source };
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`, import.meta.url);
