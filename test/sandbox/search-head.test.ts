import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockOwner, tryLock } from '../../sandbox/lock.ts';
import { AppCommands, platformFolder } from '../../sandbox/splunkd/apps.ts';
import { parseConf } from '../../sandbox/splunkd/conf.ts';
import { SplunkHome } from '../../sandbox/splunkd/home.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kepler-home-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('conf files: stanzas, comments, continued lines, values with signs', () => {
  const conf = parseConf('# note\n[a b]\nk = v = w\nlong = one \\\n  two\n\n[]\nexport=system\r\n');
  expect(conf.get('a b')?.get('k')).toBe('v = w');
  expect(conf.get('a b')?.get('long')).toBe('one\n  two');
  expect(conf.get('')?.get('export')).toBe('system');
});

function app(name: string, conf: string, meta: string): void {
  const path = join(folder, 'etc/apps', name);
  for (const part of ['default', 'metadata', 'bin', 'linux_x86_64/bin'])
    mkdirSync(join(path, part), { recursive: true });
  writeFileSync(join(path, 'default/commands.conf'), conf);
  writeFileSync(join(path, 'metadata/default.meta'), meta);
}

test('commands: the platform’s executable first, arguments in order, .path files, exports', () => {
  app(
    'one',
    '[c]\nchunked = true\nfilename = run\ncommand.arg.2 = b\ncommand.arg.1 = $SPLUNK_HOME/a\n',
    '[]\nexport = none\n',
  );
  app(
    'two',
    '[d]\nchunked=true\nfilename = d.path\n[c]\nchunked = false\n',
    '[commands]\nexport = system\n[commands/c]\nexport = none\n',
  );
  const bin = join(folder, 'etc/apps/one/bin/run');
  const native = join(folder, `etc/apps/one/${platformFolder()}/bin/run`);
  writeFileSync(bin, '');
  writeFileSync(join(folder, 'etc/apps/two/bin/d.path'), '${SPLUNK_HOME}/tool\n');
  const commands = new AppCommands(folder);
  expect(commands.find('c', 'one')).toEqual({ name: 'c', app: 'one', file: bin, args: [`${folder}/a`, 'b'] });
  mkdirSync(join(native, '..'), { recursive: true });
  writeFileSync(native, '');
  expect(commands.find('c', 'one')?.file).toBe(native);
  expect(commands.find('d', 'one')).toMatchObject({ app: 'two', file: join(folder, 'tool') });
  expect(commands.find('c', 'three')).toBeUndefined();
  expect(commands.names('one')).toEqual(['c', 'd']);
  expect(() => commands.find('c', 'two')).toThrow(/not chunked/);
});

test('a home links the app, keeps its own settings, and hides its keys', () => {
  const source = join(folder, 'source');
  mkdirSync(join(source, 'default'), { recursive: true });
  writeFileSync(join(source, 'default/app.conf'), '[ui]\n');
  const home = new SplunkHome(join(folder, 'splunk'));
  home.prepare(source);
  home.setRuntime('unix:///x/runtime.sock');
  home.prepare(source);
  expect(readFileSync(join(home.path, 'etc/apps/kepler/default/app.conf'), 'utf8')).toBe('[ui]\n');
  expect(readFileSync(join(home.path, 'etc/apps/kepler/local/kepler.conf'), 'utf8')).toBe(
    '[runtime:main]\nurl = unix:///x/runtime.sock\n',
  );
  expect(existsSync(join(source, 'local'))).toBe(false);
  expect(statSync(home.keys).mode & 0o777).toBe(0o700);
  expect(home.password).toMatch(/^[0-9a-f]{48}$/);
});

test('a lock is held by one living process; one that a dead process left counts as none', () => {
  const path = join(folder, 'lock');
  const unlock = tryLock(path)!;
  expect(lockOwner(path)).toBe(process.pid);
  expect(tryLock(path)).toBeNull();
  unlock();
  // No process has this id: it is above the highest that Linux gives.
  writeFileSync(path, '4194305');
  expect(tryLock(path)).not.toBeNull();
});
