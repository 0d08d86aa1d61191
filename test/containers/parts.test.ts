import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { FITS } from '../../build/image/conformance.ts';
import { dsdlStanza } from '../../build/image/stanza.ts';
import { findRow, readTable } from '../../build/image/table.ts';
import { buildLookups } from '../../build/lookups.ts';
import { CATALOGUE } from '../../container/estimators/catalogue.ts';
import { parseConf } from '../../splunk_app/src/bridge/conf-file.ts';
import { createOptions, specDigest } from '../../splunk_app/src/bridge/containers/create-options.ts';
import { imageOfTag } from '../../splunk_app/src/bridge/containers/docker-images.ts';
import { engineError } from '../../splunk_app/src/bridge/containers/docker-errors.ts';
import { imageTable } from '../../splunk_app/src/bridge/containers/image-table.ts';
import { lastEndOf, readEvents } from '../../splunk_app/src/bridge/containers/engine-events.ts';
import { openEngine } from '../../splunk_app/src/bridge/containers/engine.ts';
import { logLines } from '../../splunk_app/src/bridge/containers/log-lines.ts';
import {
  configuredRuntimes,
  engineSettings,
  runtimeSpec,
} from '../../splunk_app/src/bridge/containers/runtime-specs.ts';
import type { ImageState } from '../../splunk_app/src/bridge/containers/types.ts';
import { eventXml, readInputConfig } from '../../splunk_app/src/inputs/scheme.ts';

describe('an image', () => {
  const of = (image: string, tag: string, version: string): ImageState => ({
    image,
    tag,
    version,
    id: '',
    about: '',
    base: '',
    packages: '',
    runtimes: '',
    sizeBytes: 1,
    created: 1,
  });
  const images = [
    of('kepler-cpu:2', 'cpu', '2'),
    of('kepler-cpu:1', 'cpu', '1'),
    of('r/kepler-gpu:1', 'gpu', '1'),
  ];

  it('is meant by its tag: the one of this release, else the newest; or by its name', () => {
    expect(imageOfTag(images, 'cpu', '1')).toBe('kepler-cpu:1');
    expect(imageOfTag(images, 'cpu', '3')).toBe('kepler-cpu:2');
    expect(imageOfTag(images, 'gpu', '2')).toBe('r/kepler-gpu:1');
    expect(imageOfTag(images, 'kepler-cpu:2', '1')).toBe('kepler-cpu:2');
    expect(imageOfTag(images, 'registry/other:5', '1')).toBe('registry/other:5');
  });
});

describe('settings of runtimes in containers', () => {
  it('have defaults, and every wrong one is named at once', () => {
    const [runtime] = configuredRuntimes(parseConf('[runtime:main]\nengine = docker\n'));
    expect(runtime).toMatchObject({
      engine: 'docker',
      spec: { mode: 'prod', cpu: 2, memoryMb: 4096, pids: 256, restart: 'on-failure', bind: '127.0.0.1' },
    });
    expect(runtimeSpec('a', new Map([['mode', 'dev']])).restart).toBe('no');
    const wrong =
      '[runtime:Main]\nengine = docker\nmode = prd\ncpu = many\nport = 70000\nbind = here\nrestart = sometimes\nvolume = /srv\n';
    expect(() => configuredRuntimes(parseConf(wrong))).toThrow(
      /(?=.*runtime:Main)(?=.*did you mean prod)(?=.*cpu = many)(?=.*port = 70000)(?=.*bind = here)(?=.*restart = sometimes)(?=.*volume = \/srv)/s,
    );
    expect(() => configuredRuntimes(parseConf('[runtime:a]\nengine = dokcer\n'))).toThrow(
      /did you mean docker/,
    );
  });

  it('say where the engine is: kepler.conf, then the environment, then the usual socket', () => {
    const conf = parseConf('[engine]\nhost = tcp://engine:2376\ncertificates = /c\n');
    expect(engineSettings(conf, { DOCKER_HOST: 'unix:///x' }, 'i')).toEqual({
      host: 'tcp://engine:2376',
      certificates: '/c',
      installation: 'i',
    });
    expect(engineSettings(new Map(), { DOCKER_HOST: 'unix:///x' }, 'i').host).toBe('unix:///x');
    expect(engineSettings(new Map(), {}, 'i').host).toBe('unix:///var/run/docker.sock');
  });

  it('tell by a digest whether a container must be created anew', () => {
    const spec = runtimeSpec('a', new Map());
    expect(specDigest({ ...spec, publicUrl: 'https://x' })).toBe(specDigest(spec));
    expect(specDigest({ ...spec, cpu: 1 })).not.toBe(specDigest(spec));
  });

  it('leave no room for a secret in what the engine shows', () => {
    const spec = runtimeSpec('a', new Map([['memory_mb', '1000'], ['cpu', '0.5']])); // prettier-ignore
    const options = createOptions(spec, {
      labels: {},
      models: 'm',
      handover: 'h',
      port: 1,
      secrets: ['hec_token'],
    });
    expect(options.Env).toContain('KEPLER_HEC_TOKEN_FILE=/etc/kepler/secrets/hec_token');
    expect(options.Env).toContain('KEPLER_MAX_MEMORY_MB=600');
    expect(options.Env).toContain('KEPLER_FIT_THREADS=1');
    expect(options.HostConfig?.NanoCpus).toBe(5e8);
    expect(options.HostConfig?.RestartPolicy).toEqual({ Name: 'on-failure', MaximumRetryCount: 5 });
  });
});

describe('failures of the engine', () => {
  it('each have their remedy', () => {
    const attempt = { host: 'unix:///d', doing: 'start it', name: 'main', port: 8443, image: 'x:1' };
    const of = (failure: object) => engineError(failure, attempt);
    const said = (statusCode: number, message: string) => of({ statusCode, json: { message } });
    expect(of({ code: 'EACCES', message: 'connect EACCES' })).toMatchObject({
      code: 'engine_unreachable',
      message: expect.stringMatching(/socket's group/),
    });
    expect(of({ code: 'ECONNREFUSED', message: 'refused' })).toMatchObject({
      code: 'engine_unreachable',
      message: expect.stringMatching(/Start Docker/),
    });
    expect(said(500, 'write /var/x: no space left on device')).toMatchObject({
      code: 'disk_full',
      message: expect.stringMatching(/docker system df/),
    });
    expect(said(500, 'Bind for 127.0.0.1:8443 failed: port is already allocated')).toMatchObject({
      code: 'port_taken',
      message: expect.stringMatching(/Port 8443/),
    });
    expect(said(404, 'No such image: x:1')).toMatchObject({
      code: 'image_missing',
      message: expect.stringMatching(/x:1.*docker load/),
    });
    expect(said(500, 'something odd')).toMatchObject({
      code: 'engine_refused',
      message: expect.stringMatching(/something odd/),
    });
  });

  it('are told where nobody answers, and where an address is none', async () => {
    const engine = await openEngine({ host: 'unix:///nonexistent.sock', installation: 'i' });
    await expect(engine.check()).rejects.toMatchObject({
      code: 'engine_unreachable',
      message: expect.stringMatching(/no such socket/i),
    });
    const remote = await openEngine({ host: 'tcp://127.0.0.1:1', installation: 'i' });
    await expect(remote.list()).rejects.toMatchObject({ code: 'engine_unreachable' });
    await expect(openEngine({ host: 'ssh://x', installation: 'i' })).rejects.toMatchObject({
      code: 'configuration',
    });
    const away = await openEngine({ host: 'tcp://192.0.2.1:2375', installation: 'i' });
    await expect(away.create(runtimeSpec('a', new Map()), { trustedKeys: {} })).rejects.toMatchObject({
      code: 'configuration',
      message: expect.stringMatching(/another machine.*bind/),
    });
  });
});

it('log lines are put together from frames of two streams', () => {
  const frame = (stream: number, text: string) => {
    const head = Buffer.alloc(8);
    head[0] = stream;
    head.writeUInt32BE(Buffer.byteLength(text), 4);
    return Buffer.concat([head, Buffer.from(text)]);
  };
  const time = '2026-01-02T03:04:05.5Z';
  const lines = logLines(
    Buffer.concat([frame(1, `${time} first\n${time} sec`), frame(2, `${time} oh no\n`), frame(1, 'ond\n')]),
  );
  const at = Date.parse(time) / 1000;
  expect(lines).toEqual([
    { time: at, stream: 'stdout', line: 'first' },
    { time: at, stream: 'stderr', line: 'oh no' },
    { time: at, stream: 'stdout', line: 'second' },
  ]);
});

it('the last end is found among events, also where its cause comes after it', () => {
  const event = (Action: string, at: number, more = {}) =>
    JSON.stringify({
      Action,
      timeNano: at * 1e9,
      Actor: { Attributes: { 'kepler.runtime': 'main', ...more } },
    });
  const text = [
    event('start', 1),
    event('oom', 2),
    event('die', 3, { exitCode: '137' }),
    event('start', 4),
    event('exec_create: node', 5),
    event('health_status: healthy', 6),
    event('die', 7, { exitCode: '1' }),
  ];
  const events = readEvents(text.join('\n'));
  expect(events.map(({ text }) => text)).toContain('is healthy');
  expect(events).toHaveLength(6);
  expect(lastEndOf(events)).toEqual({ code: 1, oom: false, at: 7 });
  expect(lastEndOf(events.slice(0, 3))).toEqual({ code: 137, oom: true, at: 3 });
  const late = readEvents([text[0], text[2], event('oom', 3.1), text[3]].join('\n'));
  expect(lastEndOf(late)).toEqual({ code: 137, oom: true, at: 3 });
  expect(lastEndOf([])).toBeUndefined();
});

it("splunkd's XML is read and written, whatever stands in it", () => {
  const config = readInputConfig(
    '<input><server_uri>https://a&amp;b</server_uri><session_key>k&#x41;</session_key><checkpoint_dir>/c</checkpoint_dir><configuration><stanza name="kepler_watch://&quot;x&quot;" app="kepler"><param name="last_lines"> 5 </param></stanza></configuration></input>',
  );
  expect(config).toEqual({
    serverUri: 'https://a&b',
    sessionKey: 'kA',
    checkpointFolder: '/c',
    stanza: 'kepler_watch://"x"',
    params: new Map([['last_lines', '5']]),
  });
  expect(eventXml('a"b', 1.5, { line: '<b> & \u0001 ]]>' })).toBe(
    '<event stanza="a&quot;b"><time>1.500</time><data>{"line":"&lt;b&gt; &amp; \\u0001 ]]&gt;"}</data></event>\n',
  );
});

describe('the table of images', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'kepler-images-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const read = (text: string) => {
    writeFileSync(join(folder, 'images.csv'), `tag,base,about,npm,pip,runtimes\n${text}`);
    return readTable(join(folder, 'images.csv'));
  };

  it('comes with the app, so that a search head lists what nobody has built yet', () => {
    const home = mkdtempSync(join(tmpdir(), 'kepler-table-'));
    expect(imageTable(home)).toEqual([]);
    const lookups = join(home, 'etc/apps/kepler/lookups');
    mkdirSync(lookups, { recursive: true });
    for (const path of buildLookups(lookups)) expect(dirname(path)).toBe(lookups);
    const written = imageTable(home);
    expect(written.map(({ tag }) => tag)).toEqual(readTable().map(({ tag }) => tag));
    expect(written[1]).toMatchObject({ tag: 'enterprise-cpu', pip: expect.stringContaining('torch aeon') });
    rmSync(home, { recursive: true });
  });

  it('that ships has the rows cpu and enterprise-cpu', () => {
    const rows = readTable();
    expect(findRow('cpu', rows)).toMatchObject({ npm: [], pip: [], runtimes: ['cpu'] });
    const { pip } = findRow('enterprise-cpu', rows);
    for (const name of [
      'scikit-learn',
      'tensorflow-cpu',
      'torch',
      'aeon',
      'statsmodels',
      'scipy',
      'matplotlib',
      'seaborn',
      'joblib',
    ]) {
      expect(pip).toContain(name);
    }
    expect(() => findRow('enterprse-cpu', rows)).toThrow(/did you mean enterprise-cpu/);
  });

  it('takes quoted cells, and names each that is wrong', () => {
    expect(read('a,base:1,"one, ""two""",left-pad@^1 @x/y,numpy>=2,cpu python\n')).toEqual([
      {
        tag: 'a',
        base: 'base:1',
        about: 'one, "two"',
        npm: ['left-pad@^1', '@x/y'],
        pip: ['numpy>=2'],
        runtimes: ['cpu', 'python'],
      },
    ]);
    expect(() => read('A b,,x,--evil ../p,numpy,cpu\nshort,row\n')).toThrow(
      /(?=.*"A b" cannot be a tag)(?=.*base is missing)(?=.*"--evil" is no package)(?=.*"\.\.\/p" is no package)(?=.*need the runtime python)(?=.*line 3: 6 cells)/s,
    );
  });

  it("takes a row of DSDL's table, whose lists must be there", () => {
    const row =
      'golden-cpu,redhat/ubi9,Dockerfile.redhat,base_functional.txt,specific_golden.txt,none,Dockerfile.redhat.requirements,Golden CPU\n';
    expect(() => read(row)).toThrow(
      /copy that file from its requirements_files to images\/golden-cpu\/base_functional\.txt/,
    );
  });

  it('gives the stanza that DSDL needs', () => {
    const row = { tag: 'x', base: 'b', about: 'what', npm: [], pip: [], runtimes: ['gpu', 'python'] };
    expect(dsdlStanza(row, 'kepler-x:1', 'registry.example/team')).toBe(
      '[kepler-x]\ntitle = Kepler x: what\nimage = kepler-x:1\nrepo = registry.example/team/\nruntime = none,nvidia\n',
    );
  });

  it('is tested with every built-in algorithm', () => {
    expect(Object.keys(FITS).sort()).toEqual([...CATALOGUE.keys()].sort());
  });
});
