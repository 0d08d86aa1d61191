import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Chunks } from './data.ts';

export const MB = 1 << 20;

/** Which command runs, and in what surroundings. */
export interface CommandLine {
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface DriveOptions {
  readonly chunks: Chunks;
  readonly getinfo: Readonly<Record<string, unknown>>;
  /** Bytes of the pipes to and from the command. */
  readonly pipe?: number;
  /** How often the chunks are sent in all. */
  readonly repeat?: number;
  /** A file for the reply bodies. */
  readonly save?: string;
  /** Processes whose CPU seconds and peak memory are wanted. */
  readonly watch?: readonly number[];
}

/** What `driver.py` measured. */
export interface Drive {
  /** Start of the command to its exit. */
  readonly seconds: number;
  readonly getinfo_seconds: number;
  /** First byte of the first chunk to the last byte of the last reply. */
  readonly stream_seconds: number;
  readonly last_reply_seconds: number;
  readonly bytes_in: number;
  readonly bytes_out: number;
  readonly reply_bytes: readonly number[];
  readonly pipe: number;
  readonly required_fields?: readonly string[];
  readonly messages: readonly (readonly [string, string])[];
  readonly metrics: Readonly<Record<string, readonly number[]>>;
  readonly command: { readonly cpu_seconds: number; readonly peak_mb: number };
  readonly watched: readonly {
    readonly pid: number;
    readonly cpu_seconds: number;
    readonly peak_mb: number;
  }[];
}

/** Runs one command as splunkd would, and measures it. Rejects with the command's own error message. */
export async function drive(command: CommandLine, options: DriveOptions): Promise<Drive> {
  const folder = mkdtempSync(join(tmpdir(), 'kepler-drive-'));
  try {
    const spec = join(folder, 'spec.json');
    writeFileSync(
      spec,
      JSON.stringify({
        ...command,
        getinfo: options.getinfo,
        body: options.chunks.file,
        lengths: options.chunks.lengths,
        pipe: options.pipe ?? MB,
        repeat: options.repeat ?? 1,
        save: options.save ?? null,
        watch: options.watch ?? [],
      }),
    );
    return await new Promise((resolve, reject) => {
      execFile('python3', ['bench/driver.py', spec], { maxBuffer: 64 * MB }, (failure, stdout, stderr) => {
        const answer = (stdout ? JSON.parse(stdout) : {}) as Drive & { error?: string };
        if (answer.error) reject(new Error(`${command.argv.slice(0, 3).join(' ')}: ${answer.error}`));
        else if (failure) reject(new Error(`the driver failed: ${stderr || failure.message}`));
        else resolve(answer);
      });
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The metadata of a getinfo request as splunkd sends it on a search head. */
export function getinfo(
  command: string,
  rawArgs: string,
  where: { splunkdUri?: string; user?: string } = {},
) {
  return {
    action: 'getinfo',
    preview: false,
    streaming_command_will_restart: false,
    searchinfo: {
      args: rawArgs.split(' ').map((word) => word.replaceAll('"', '')),
      raw_args: rawArgs.split(' '),
      dispatch_dir: '/tmp/dispatch/1732190000.7',
      sid: '1732190000.7',
      app: 'kepler',
      owner: where.user ?? 'bench',
      username: where.user ?? 'bench',
      session_key: 'bench',
      splunkd_uri: where.splunkdUri ?? 'http://127.0.0.1:9',
      splunk_version: '10.0.0',
      search: encodeURIComponent(`| ${command} ${rawArgs}`),
      command,
      maxresultrows: 50_000,
      earliest_time: '0',
      latest_time: '0',
    },
  };
}
