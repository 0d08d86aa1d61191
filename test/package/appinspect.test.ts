/** Splunk's own check of an app, on the very file that ships. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PAGES, viewNames } from '../../build/pages-config.ts';
import { EXECUTABLE } from '../../build/targets.ts';
import { writeArchive } from '../../build/package/archive.ts';
import { APP_ID, makePackage, packageEntries } from '../../build/package/make.ts';

const inspector = '.kepler/venv/appinspect/bin/splunk-appinspect';
const ready = existsSync(inspector) && existsSync(EXECUTABLE.output);
const inspect = ready ? test : test.skip;

const folder = mkdtempSync(join(tmpdir(), 'kepler-package-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Packing takes seconds: the package is made once. */
let made: ReturnType<typeof makePackage> | undefined;
const packed = (): ReturnType<typeof makePackage> => (made ??= makePackage());

/**
 * The form of views before 10.4, in a package without the executable: it is the file that the other package has, as a test
 * below compares, and AppInspect takes twenty seconds to read its hundred megabytes dozens of times.
 */
async function packedOlder(): Promise<{ path: string }> {
  const path = join(folder, 'before-10.4.spl');
  const executable = EXECUTABLE.output.slice('splunk_app/'.length);
  const entries = packageEntries('before-10.4');
  await writeArchive(
    path,
    APP_ID,
    entries.filter((entry) => entry.path !== executable),
  );
  return { path };
}

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

/** What the template of the form before 10.4 adds, in that package alone. */
const OLDER: Readonly<Record<string, string>> = {
  check_for_custom_mako_templates: 'the form of view before 10.4 is a template',
  check_for_existence_of_python_code_block_in_mako_template: 'it makes the address of the page',
};

inspect.each([
  ['10.4', packed, KNOWN],
  ['before-10.4', packedOlder, { ...KNOWN, ...OLDER }],
] as const)(
  `has no finding, in the form of views %s${ready ? '' : ` (needs ${inspector} and the executable)`}`,
  async (form, pack, known) => {
    const { path } = await pack();
    const report = join(folder, `${form}.json`);
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
      .filter(({ name }) => !Object.hasOwn(known, name))
      .map(
        ({ name, result, messages }) => `${name} (${result}): ${messages.map((m) => m.message).join(' / ')}`,
      );
    expect(unknown).toEqual([]);
    const unclean = found.filter(({ tags }) =>
      tags.some((tag) => CLEAN.includes(tag) || tag.startsWith('private_')),
    );
    const allowed = form === '10.4' ? UNAVOIDABLE : [...UNAVOIDABLE, ...Object.keys(OLDER)];
    expect(unclean.map(({ name }) => name).filter((name) => !allowed.includes(name))).toEqual([]);
  },
  300_000,
);

inspect(
  'unpacks to an app whose executable starts',
  async () => {
    const { path } = await packed();
    execFileSync('tar', ['-xzf', path, '-C', folder]);
    const view = join(folder, 'kepler/default/data/ui/views/models.xml');
    expect(readFileSync(view, 'utf8')).toContain('template="pages/splunk_ui_app.html"');
    expect(existsSync(join(folder, 'kepler/appserver/templates'))).toBe(false);
    const started = spawnSync(join(folder, 'kepler/bin/kepler'), ['apply'], { input: '' });
    expect([started.status, started.stderr.toString()]).toEqual([0, '']);
  },
  120_000,
);

inspect(
  'for Splunk before 10.4 has views that name the template that it brings, and nothing else different',
  () => {
    /** What each file is: where it comes from, of a view its text. */
    const files = (form: '10.4' | 'before-10.4'): Map<string, string> =>
      new Map(
        packageEntries(form).map(({ path, content }) => [
          path,
          'text' in content
            ? content.text
            : path.endsWith('.xml')
              ? readFileSync(content.file, 'utf8')
              : content.file,
        ]),
      );
    const [older, newer] = [files('before-10.4'), files('10.4')];
    const template = 'appserver/templates/page.html';
    expect(older.get(template)).toBe(readFileSync(PAGES.template, 'utf8'));
    older.delete(template);
    for (const view of viewNames().map((name) => `default/data/ui/views/${name}.xml`)) {
      expect(older.get(view)).toContain('template="kepler:/templates/page.html" type="html"');
      older.delete(view);
      newer.delete(view);
    }
    expect(older).toEqual(newer);
  },
);
