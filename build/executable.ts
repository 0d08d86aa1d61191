import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { keepSnapshotHashes } from './snapshot-hashes.ts';
import { EXECUTABLE } from './targets.ts';

const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/**
 * Makes the search commands' executable: a Node binary from npm with the bundle inside, so that a search head needs no
 * Node.js of its own. Blob and binary come from the same Node version, as single executables demand.
 * Elsewhere than on Linux/x64 the launcher `splunk_app/bin/kepler` runs the same bundle under an installed Node.
 */
export function buildExecutable(): string {
  copyFileSync(EXECUTABLE.bundle, EXECUTABLE.launcherBundle);
  copyFileSync(EXECUTABLE.engineBundle, EXECUTABLE.launcherEngineBundle);
  if (!existsSync(EXECUTABLE.node) || process.platform !== 'linux' || process.arch !== 'x64') {
    return `${EXECUTABLE.launcherBundle} (no executable: this is ${process.platform}/${process.arch})`;
  }
  const work = mkdtempSync(join(tmpdir(), 'kepler-sea-'));
  try {
    const blob = join(work, 'kepler.blob');
    writeFileSync(blob, makeBlob(work));
    const binary = join(work, 'kepler');
    copyFileSync(EXECUTABLE.node, binary);
    chmodSync(binary, 0o755);
    strip(binary);
    keepSnapshotHashes(binary, resolve(EXECUTABLE.node));
    inject(binary, blob);
    checkStart(binary);
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

/**
 * The bundle with its code cache, in which every function is compiled already: what Node makes by itself holds only the
 * outermost, and compiling the others at every start takes 5 ms. The cache is made with V8's `--no-lazy` and marked as one
 * made without, which is what the executable starts with; the two differ in when functions are compiled, not in what into.
 */
function makeBlob(work: string): Buffer {
  const make = (name: string, flags: readonly string[]): Buffer => {
    const output = join(work, `${name}.blob`);
    const config = join(work, `${name}.json`);
    writeFileSync(
      config,
      JSON.stringify({
        main: resolve(EXECUTABLE.searches),
        output,
        assets: {
          [EXECUTABLE.wholeAsset]: resolve(EXECUTABLE.bundle),
          [EXECUTABLE.engineAsset]: resolve(EXECUTABLE.engineBundle),
        },
        disableExperimentalSEAWarning: true,
        useCodeCache: true,
        useSnapshot: false,
        // A search head's NODE_OPTIONS must not reach into the command.
        execArgvExtension: 'none',
        // A command is one thread's work: starting and joining the others costs 1 ms or more. And no signal opens a debugger.
        execArgv: ['--v8-pool-size=1', '--disable-sigusr1'],
      }),
    );
    const args = [...flags, '--experimental-sea-config', config];
    execFileSync(resolve(EXECUTABLE.node), args, { stdio: 'pipe' });
    return readFileSync(output);
  };
  const plain = make('plain', []);
  const eager = make('eager', ['--no-lazy']);
  // V8's header: magic number, hash of the version, of the source, of the flags; a word each.
  const cacheOf = (blob: Buffer): number => {
    for (let at = 0; at + 16 <= blob.length; at++) if (blob.readUInt16LE(at + 2) === 0xc0de) return at;
    throw new Error('the blob holds no code cache');
  };
  plain.copy(eager, cacheOf(eager) + 12, cacheOf(plain) + 12, cacheOf(plain) + 16);
  return eager;
}

/** A cache that V8 refuses costs time and a line on stderr, which splunkd would log as an error. */
function checkStart(binary: string): void {
  // One that begins in the bundle of searches over rows, and one that reads the whole.
  for (const name of ['apply', 'kepler']) {
    const { status, stderr } = spawnSync(binary, [name], { input: '' });
    if (status !== 0 || stderr.length > 0)
      throw new Error(`the executable does not start ${name} well: ${stderr}`);
  }
}

/** As a program of its own: its library prints warnings about section names, which concern nobody, to the terminal. */
function inject(binary: string, blob: string): void {
  const args = [binary, 'NODE_SEA_BLOB', blob, '--sentinel-fuse', FUSE];
  execFileSync(process.execPath, ['node_modules/postject/dist/cli.js', ...args], { stdio: 'pipe' });
}

/** Symbols make up a seventh of the binary; without binutils it is only larger. Must come before the injection. */
function strip(binary: string): void {
  try {
    execFileSync('strip', [binary], { stdio: 'pipe' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
