/** Asks the advisory services of npm and PyPI about an image's packages, where they can be reached. */
import { attempt } from './command.ts';
import { pythonTool, type Locks } from './locks.ts';

export interface ScanReport {
  readonly what: string;
  /** Why it was not scanned, where it was not. */
  readonly notScanned?: string;
  /** A line each. */
  readonly found: readonly string[];
  /** Whether one of them forbids publishing: of severity high or critical, or of a kind that has no severity. */
  readonly grave: boolean;
}

export function scan(locks: Locks): ScanReport[] {
  const reports = [scanNpm("npm packages of Kepler's own", '.')];
  if (locks.npm) reports.push(scanNpm('npm packages of the row', locks.npm));
  if (locks.pip) reports.push(scanPip(locks.pip));
  return reports;
}

interface NpmAudit {
  readonly message?: string;
  readonly error?: { readonly summary?: string };
  readonly vulnerabilities?: Readonly<
    Record<string, { readonly severity: string; readonly range: string; readonly via: readonly unknown[] }>
  >;
}

function scanNpm(what: string, folder: string): ScanReport {
  const { stdout, stderr } = attempt('npm', ['audit', '--omit=dev', '--omit=optional', '--package-lock-only', '--json', '--fetch-retries=0', '--fetch-timeout=20000'], folder); // prettier-ignore
  const audit = parse<NpmAudit>(stdout);
  if (!audit?.vulnerabilities) {
    const why = audit?.message ?? audit?.error?.summary ?? lastLine(stderr) ?? 'no answer';
    return { what, notScanned: why, found: [], grave: false };
  }
  const all = Object.entries(audit.vulnerabilities);
  return {
    what,
    found: all.map(([name, { severity, range }]) => `${name} ${range}: ${severity}`),
    grave: all.some(([, { severity }]) => severity === 'high' || severity === 'critical'),
  };
}

interface PipAudit {
  readonly dependencies: readonly {
    readonly name: string;
    readonly version: string;
    readonly vulns?: readonly { readonly id: string; readonly fix_versions: readonly string[] }[];
  }[];
}

function scanPip(lock: string): ScanReport {
  const what = 'pip packages of the row';
  let program: string;
  try {
    program = pythonTool('pip-audit');
  } catch (error) {
    return { what, notScanned: (error as Error).message, found: [], grave: false };
  }
  const args = [
    '-r',
    lock,
    '--require-hashes',
    '--disable-pip',
    '--format',
    'json',
    '--progress-spinner',
    'off',
  ];
  const { stdout, stderr } = attempt(program, args);
  const audit = parse<PipAudit>(stdout);
  if (!audit) return { what, notScanned: lastLine(stderr) ?? 'no answer', found: [], grave: false };
  const found = audit.dependencies.flatMap(({ name, version, vulns = [] }) =>
    vulns.map(({ id, fix_versions }) => {
      const fixed = fix_versions.length > 0 ? `, fixed in ${fix_versions.join(', ')}` : '';
      return `${name} ${version}: ${id}${fixed}`;
    }),
  );
  return { what, found, grave: found.length > 0 };
}

function parse<T>(text: string): T | undefined {
  try {
    return JSON.parse(text) as T;
  } catch {
    // The caller then says what was said instead.
    return undefined;
  }
}

const lastLine = (text: string): string | undefined => text.trim().split('\n').pop() || undefined;
