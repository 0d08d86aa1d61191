import { checkTree } from '../../build/package/checks.ts';
import type { Entry } from '../../build/package/archive.ts';

const text = (path: string, content = '', executable = false): Entry => ({
  path,
  content: { text: content },
  executable,
});

/** A tree without a fault. */
function tree(): Entry[] {
  return [
    text('app.manifest', '{"info": {"id": {"version": "1.2.3"}}}'),
    text('README.md'),
    text('LICENSE'),
    text('THIRD-PARTY-NOTICES.txt'),
    text(
      'default/app.conf',
      '[ui]\nsetup_view = setup\n[launcher]\nversion = 1.2.3\n[id]\nversion = 1.2.3\n',
    ),
    text('default/commands.conf', '[fit]\nchunked = true\n'),
    text('default/kepler.conf', '[hec]\ntoken =\n'),
    text('README/kepler.conf.spec'),
    text('default/data/ui/nav/default.xml'),
    text('default/data/ui/views/setup.xml'),
    text('metadata/default.meta'),
    text('bin/kepler', '', true),
    text('linux_x86_64/bin/kepler', '', true),
    text('static/appIcon.png'),
  ];
}

const replaced = (path: string, entry: Entry) => tree().map((old) => (old.path === path ? entry : old));
const without = (path: string) => tree().filter((entry) => entry.path !== path);

test('a tree without a fault may ship', () => {
  expect(checkTree(tree(), '1.2.3')).toEqual([]);
});

test.each<[string, Entry[], RegExp]>([
  ['a missing executable', without('linux_x86_64/bin/kepler'), /linux_x86_64\/bin\/kepler is missing/],
  [
    'an executable without its bit',
    replaced('bin/kepler', text('bin/kepler')),
    /bin\/kepler must be executable/,
  ],
  [
    'an execute bit elsewhere',
    [...tree(), text('default/x.conf', '', true)],
    /default\/x.conf may not be exec/,
  ],
  ['a source map', [...tree(), text('appserver/static/pages/a.js.map')], /a\.js\.map must not ship/],
  ['a source', [...tree(), text('bin/a.ts')], /bin\/a\.ts must not ship/],
  ['local settings', [...tree(), text('local/kepler.conf')], /local\/kepler\.conf must not ship/],
  ['a hidden file', [...tree(), text('default/.keep')], /\.keep must not ship/],
  [
    'a foreign version',
    replaced('app.manifest', text('app.manifest', '{"version": "1.2.4"}')),
    /says version 1\.2\.4/,
  ],
  [
    'a setup view that is not there',
    without('default/data/ui/views/setup.xml'),
    /names the setup view setup/,
  ],
  [
    "a core command's name",
    replaced('default/commands.conf', text('default/commands.conf', '[stats]\n')),
    /commands\.conf has stats/,
  ],
  [
    'a secret',
    replaced('default/kepler.conf', text('default/kepler.conf', '[hec]\ntoken = abc\n')),
    /gives token a value/,
  ],
  ['a conf without its spec', without('README/kepler.conf.spec'), /README\/kepler\.conf\.spec is missing/],
])('%s is found', (_what, entries, message) => {
  expect(checkTree(entries, '1.2.3')).toEqual([expect.stringMatching(message)]);
});
