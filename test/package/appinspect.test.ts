/** Splunk's own check of an app, on the very file that ships. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXECUTABLE } from '../../build/targets.ts';
import { makePackage } from '../../build/package/make.ts';

const inspector = '.kepler/venv/appinspect/bin/splunk-appinspect';
const ready = existsSync(inspector) && existsSync(EXECUTABLE.output);
const inspect = ready ? test : test.skip;

interface Check {
  readonly name: string;
  readonly tags: readonly string[];
  readonly result: string;
  readonly messages: readonly { readonly message: string }[];
}

/** The tag sets that must be without a finding; every `private_*` besides. */
const CLEAN = ['cloud', 'migration_victoria', 'future', 'packaging_standards'];

/** What comes with a modular input, whatever it does: "No action required" and "if this file is necessary on indexers". */
const UNAVOIDABLE = ['check_for_modular_inputs', 'check_for_indexer_synced_configs'];
/** Findings that ask for no action, by name, each with its reason. */
const KNOWN: Readonly<Record<string, string>> = {
  check_aarch64_compatibility: 'every x86-64 executable fails it; not part of cloud vetting',
  ...Object.fromEntries(UNAVOIDABLE.map((name) => [name, 'the app has a modular input'])),
};

inspect(
  `has no finding${ready ? '' : ` (needs ${inspector} and the executable)`}`,
  async () => {
    const { path } = await makePackage();
    const report = join(mkdtempSync(join(tmpdir(), 'kepler-appinspect-')), 'report.json');
    const run = spawnSync(
      inspector,
      [
        'inspect',
        path,
        '--ci',
        '--skip-trusted-libraries-update',
        '--max-messages',
        'all',
        '--output-file',
        report,
      ],
      { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C.UTF-8' } },
    );
    if (!existsSync(report)) throw new Error(`AppInspect did not run: ${run.stdout}${run.stderr}`);
    const { reports } = JSON.parse(readFileSync(report, 'utf8')) as {
      reports: { groups: { checks: Check[] }[] }[];
    };
    const checks = reports[0].groups.flatMap((group) => group.checks);
    expect(checks.length).toBeGreaterThan(200);
    const found = checks.filter(({ result }) =>
      ['failure', 'error', 'warning', 'future', 'manual_check'].includes(result),
    );
    const unknown = found
      .filter(({ name }) => !Object.hasOwn(KNOWN, name))
      .map(
        ({ name, result, messages }) => `${name} (${result}): ${messages.map((m) => m.message).join(' / ')}`,
      );
    expect(unknown).toEqual([]);
    const unclean = found.filter(({ tags }) =>
      tags.some((tag) => CLEAN.includes(tag) || tag.startsWith('private_')),
    );
    expect(unclean.map(({ name }) => name).filter((name) => !UNAVOIDABLE.includes(name))).toEqual([]);
  },
  300_000,
);

inspect(
  'unpacks to an app whose executable starts',
  async () => {
    const { path } = await makePackage();
    const where = mkdtempSync(join(tmpdir(), 'kepler-package-'));
    execFileSync('tar', ['-xzf', path, '-C', where]);
    const started = spawnSync(join(where, 'kepler/bin/kepler'), ['apply'], { input: '' });
    expect([started.status, started.stderr.toString()]).toEqual([0, '']);
  },
  120_000,
);
