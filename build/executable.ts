import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { inject } from 'postject';
import { readFileSync } from 'node:fs';
import { EXECUTABLE } from './targets.ts';

const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/**
 * Makes the search commands' executable: a Node binary from npm with the bundle inside, so that a search head needs no
 * Node.js of its own. Blob and binary come from the same Node version, as single executables demand.
 * Elsewhere than on Linux/x64 the launcher `splunk_app/bin/kepler` runs the same bundle under an installed Node.
 */
export async function buildExecutable(): Promise<string> {
  copyFileSync(EXECUTABLE.bundle, EXECUTABLE.launcherBundle);
  if (!existsSync(EXECUTABLE.node) || process.platform !== 'linux' || process.arch !== 'x64') {
    return `${EXECUTABLE.launcherBundle} (no executable: this is ${process.platform}/${process.arch})`;
  }
  const work = mkdtempSync(join(tmpdir(), 'kepler-sea-'));
  try {
    const blob = join(work, 'kepler.blob');
    const config = join(work, 'sea.json');
    writeFileSync(
      config,
      JSON.stringify({
        main: resolve(EXECUTABLE.bundle),
        output: blob,
        disableExperimentalSEAWarning: true,
        useCodeCache: true,
        useSnapshot: false,
        // A search head's NODE_OPTIONS must not reach into the command.
        execArgvExtension: 'none',
      }),
    );
    execFileSync(resolve(EXECUTABLE.node), ['--experimental-sea-config', config], { stdio: 'pipe' });
    const binary = join(work, 'kepler');
    copyFileSync(EXECUTABLE.node, binary);
    chmodSync(binary, 0o755);
    strip(binary);
    await inject(binary, 'NODE_SEA_BLOB', readFileSync(blob), { sentinelFuse: FUSE });
    mkdirSync(dirname(EXECUTABLE.output), { recursive: true });
    const aside = `${EXECUTABLE.output}.${process.pid}`;
    copyFileSync(binary, aside);
    chmodSync(aside, 0o755);
    renameSync(aside, EXECUTABLE.output);
    return `${EXECUTABLE.output} (${(statSync(EXECUTABLE.output).size / 1e6).toFixed(1)} MB)`;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Symbols make up a seventh of the binary; without binutils it is only larger. Must come before the injection. */
function strip(binary: string): void {
  try {
    execFileSync('strip', [binary], { stdio: 'pipe' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
