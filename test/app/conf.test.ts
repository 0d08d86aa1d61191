import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConf } from '../../splunk_app/src/bridge/conf-file.ts';
import { readSettings } from '../../splunk_app/src/bridge/settings.ts';
import { COMMAND_NAMES, OWN_COMMAND_NAMES } from '../../splunk_app/src/commands/catalogue.ts';
import { CAPABILITIES } from '../../container/contract/catalogue/types.ts';
import { KEPLER_VERSION } from '../../container/contract/version.ts';
import { frame, framesOf } from '../protocol/sources.ts';
import { searchbnf } from '../../docs/make-commands.ts';
import { getinfo } from './splunkd.ts';

const conf = (path: string) => parseConf(readFileSync(`splunk_app/${path}`, 'utf8'));
const ALL = [...COMMAND_NAMES, ...COMMAND_NAMES.map((name) => `k${name}`), ...OWN_COMMAND_NAMES];

describe('conf files', () => {
  it('declare every command, with keys that are valid for the chunked protocol', () => {
    const commands = conf('default/commands.conf');
    expect([...commands.keys()]).toEqual(ALL);
    const valid = /^(chunked|filename|command\.arg\.\d+|is_risky|maxwait|maxchunksize|run_in_preview)$/;
    for (const [name, settings] of commands) {
      expect(Object.fromEntries(settings)).toMatchObject({
        chunked: 'true',
        filename: 'kepler',
        'command.arg.1': name,
      });
      for (const key of settings.keys()) expect(key).toMatch(valid);
    }
  });

  it('keep the names of MLTK to the app, and export those with a k', () => {
    const meta = conf('metadata/default.meta');
    for (const name of COMMAND_NAMES) {
      expect(meta.get(`commands/${name}`)?.get('export')).toBe('none');
      expect(meta.get(`commands/k${name}`)?.get('export')).toBe('system');
    }
    for (const name of OWN_COMMAND_NAMES) expect(meta.get(`commands/${name}`)?.get('export')).toBe('system');
    expect(meta.get('')?.get('export')).toBe('none');
  });

  it('describe every command to the search assistant', () => {
    const help = conf('default/searchbnf.conf');
    for (const name of ALL) {
      const stanza = help.get(`${name}-command`);
      expect(stanza?.get('syntax')).toMatch(new RegExp(`^${name}\\b`));
      expect(stanza?.get('usage')).toBe('public');
    }
  });

  it('mark what changes or deletes as risky', () => {
    const commands = conf('default/commands.conf');
    const risky = [...commands]
      .filter(([, settings]) => settings.get('is_risky') === 'true')
      .map(([name]) => name);
    expect(risky).toEqual(['deletemodel', 'kdeletemodel', 'keplerctl']);
  });

  it('ship the capabilities of the catalogue, and a role that holds them', () => {
    const authorize = conf('default/authorize.conf');
    const role = authorize.get('role_kepler_admin')!;
    expect([...role.keys()].sort()).toEqual([...CAPABILITIES].sort());
    for (const name of CAPABILITIES) expect(authorize.has(`capability::${name}`)).toBe(true);
  });

  it('tell the search assistant of every noun and verb', () => {
    const text = readFileSync('splunk_app/default/searchbnf.conf', 'utf8');
    for (const command of ['kepler', 'keplerctl'] as const) expect(text).toContain(searchbnf(command).trim());
  });

  it('name one version, a reload, and what stays off the indexers', () => {
    const app = conf('default/app.conf');
    expect(app.get('launcher')?.get('version')).toBe(KEPLER_VERSION);
    expect(app.get('id')?.get('version')).toBe(KEPLER_VERSION);
    expect(app.get('triggers')?.get('reload.kepler')).toBe('simple');
    const denied = conf('default/distsearch.conf').get('replicationDenylist')?.get('kepler') ?? '';
    const pattern = new RegExp(`^${denied.replaceAll('...', '.*')}$`);
    for (const path of ['apps/kepler/linux_x86_64/bin/kepler', 'apps/kepler-0.1.0.tgz/bin/kepler']) {
      expect(path).toMatch(pattern);
    }
    expect('apps/kepler/default/app.conf').not.toMatch(pattern);
  });

  it('specify every setting that ships', () => {
    const spec = readFileSync('splunk_app/README/kepler.conf.spec', 'utf8');
    for (const key of conf('default/kepler.conf').get('runtime:main')!.keys())
      expect(spec).toMatch(new RegExp(`^${key} = `, 'm'));
    const home = mkdtempSync(join(tmpdir(), 'kepler-home-'));
    mkdirSync(join(home, 'etc/apps/kepler/default'), { recursive: true });
    copyFileSync('splunk_app/default/kepler.conf', join(home, 'etc/apps/kepler/default/kepler.conf'));
    expect(() => readSettings({ SPLUNK_HOME: home })).toThrow(/No runtime is set/);
    expect(readSettings({ SPLUNK_HOME: home, KEPLER_RUNTIME_URL: 'unix:///x' }).replyMs).toBe(120_000);
    rmSync(home, { recursive: true });
  });
});

describe('the launcher', () => {
  const run = (folder: string, env: Record<string, string>) =>
    spawnSync(join(folder, 'bin/kepler'), ['apply'], { input: frame(getinfo('m', { sid: '' })), env });
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kepler-app-'));
    mkdirSync(join(folder, 'bin'));
    copyFileSync('splunk_app/bin/kepler', join(folder, 'bin/kepler'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is executable', () => expect(statSync('splunk_app/bin/kepler').mode & 0o111).toBe(0o111));

  it('runs the bundle under an installed Node, whatever NODE_OPTIONS says', () => {
    copyFileSync('dist/app/kepler.cjs', join(folder, 'bin/kepler.cjs'));
    const { stdout, stderr, status } = run(folder, {
      PATH: process.env.PATH!,
      NODE_OPTIONS: '--require /nothing',
    });
    expect(framesOf(stdout)).toMatchObject([{ metadata: { type: 'stateful', required_fields: ['*'] } }]);
    expect([status, stderr.toString()]).toEqual([0, '']);
  });

  it('says in one reply what is missing', () => {
    const { stdout, stderr, status } = run(folder, { PATH: process.env.PATH! });
    const [reply] = framesOf(stdout);
    expect(reply.metadata).toMatchObject({
      finished: true,
      error: expect.stringMatching(/Linux\/x86_64; elsewhere it needs Node/),
    });
    expect([status, stderr.toString()]).toEqual([0, '']);
  });
});
