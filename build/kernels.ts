import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, statSync } from 'node:fs';
import type { Kernel } from './targets.ts';

/** Compiles one AssemblyScript module. Nothing is allocated in it: memory is imported, and the host lays it out. */
export function buildKernel(kernel: Kernel): string {
  mkdirSync('dist/kernels', { recursive: true });
  const output = `dist/kernels/${kernel.name}.wasm`;
  const temporary = `${output}.${process.pid}`;
  const args = [
    kernel.entry,
    '--outFile',
    temporary,
    '-O3',
    '--noAssert',
    '--runtime',
    'stub',
    '--importMemory',
    '--noExportMemory',
    '--memoryBase',
    String(kernel.memoryBase),
    '--enable',
    'simd',
    '--enable',
    'threads',
    '--enable',
    'bulk-memory',
    '--use',
    'abort=',
    ...(kernel.shared ? ['--sharedMemory', '--initialMemory', '2', '--maximumMemory', '65536'] : []),
  ];
  // The compiler as a program of its own: imported, its ambient types would replace Node's.
  execFileSync(process.execPath, ['node_modules/assemblyscript/bin/asc.js', ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  renameSync(temporary, output);
  return `${output} (${statSync(output).size} bytes)`;
}
