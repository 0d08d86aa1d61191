import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PYTHON } from './python.ts';

const CHECK = `
import sys, onnx
for name in sys.argv[1:]:
    onnx.checker.check_model(onnx.load(name), full_check=True)
`;

/** Runs `onnx.checker` with full_check over models; throws with what it finds wrong. */
export function checkModels(models: readonly Uint8Array[]): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'kepler-onnx-'));
  try {
    const files = models.map((model, k) => {
      const file = path.join(folder, `${k}.onnx`);
      writeFileSync(file, model);
      return file;
    });
    execFileSync(PYTHON, ['-c', CHECK, ...files], { stdio: ['ignore', 'ignore', 'pipe'] });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
