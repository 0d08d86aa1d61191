/** Splunk's own check of an app, on the very file that ships. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PAGES, viewNames } from '../../build/pages-config.ts';
import { EXECUTABLE } from '../../build/targets.ts';
import { makePackage, type ViewForm } from '../../build/package/make.ts';

const inspector = '.kepler/venv/appinspect/bin/splunk-appinspect';
const ready = existsSync(inspector) && existsSync(EXECUTABLE.output);
const inspect = ready ? test : test.skip;

/** Each package is made once: packing takes seconds. */
const made = new Map<ViewForm, ReturnType<typeof makePackage>>();
function packed(form: ViewForm): ReturnType<typeof makePackage> {
  const making = made.get(form) ?? makePackage(form);
  made.set(form, making);
  return making;
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
  ['10.4', KNOWN],
  ['before-10.4', { ...KNOWN, ...OLDER }],
] as const)(
  `has no finding, in the form of views %s${ready ? '' : ` (needs ${inspector} and the executable)`}`,
  async (form, known) => {
    const { path } = await packed(form);
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
    const { path } = await packed('10.4');
    const where = mkdtempSync(join(tmpdir(), 'kepler-package-'));
    execFileSync('tar', ['-xzf', path, '-C', where]);
    const view = join(where, 'kepler/default/data/ui/views/models.xml');
    expect(readFileSync(view, 'utf8')).toContain('template="pages/splunk_ui_app.html"');
    expect(existsSync(join(where, 'kepler/appserver/templates'))).toBe(false);
    const started = spawnSync(join(where, 'kepler/bin/kepler'), ['apply'], { input: '' });
    expect([started.status, started.stderr.toString()]).toEqual([0, '']);
  },
  120_000,
);

inspect(
  'for Splunk before 10.4 has views that name the template that it brings, and nothing else different',
  async () => {
    const [older, newer] = [await packed('before-10.4'), await packed('10.4')];
    const list = (path: string) =>
      execFileSync('tar', ['-tzf', path], { encoding: 'utf8' }).trim().split('\n');
    const template = ['kepler/appserver/templates/', 'kepler/appserver/templates/page.html'];
    expect(list(older.path).filter((name) => !template.includes(name))).toEqual(list(newer.path));
    const where = mkdtempSync(join(tmpdir(), 'kepler-package-'));
    execFileSync('tar', ['-xzf', older.path, '-C', where, 'kepler/default/data/ui/views', template[1]]);
    for (const view of viewNames()) {
      const xml = readFileSync(join(where, `kepler/default/data/ui/views/${view}.xml`), 'utf8');
      expect(xml).toContain('template="kepler:/templates/page.html" type="html"');
    }
    expect(readFileSync(join(where, template[1]), 'utf8')).toBe(readFileSync(PAGES.template, 'utf8'));
  },
  120_000,
);
