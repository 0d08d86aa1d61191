import { spawnSync } from 'node:child_process';
import { docker, imageForTests, withEngine } from './stage.ts';

// The first of the files builds the image.
jest.setTimeout(600_000);

/** The limit for linux/x64. */
const MOST_BYTES = 120e6;

withEngine("the runtime's image", () => {
  let image: string;
  beforeAll(async () => {
    ({ image } = await imageForTests());
  });

  const inside = (script: string): string =>
    docker('run', '--rm', '--network', 'none', '--read-only', '--entrypoint', 'node', image, '-e', script);

  it('is small when packed, runs as a user without rights, and tests its own health without a shell', () => {
    const packed = spawnSync('sh', ['-c', `docker save ${image} | gzip -1 | wc -c`], { encoding: 'utf8' });
    expect(Number(packed.stdout)).toBeGreaterThan(20e6);
    expect(Number(packed.stdout)).toBeLessThan(MOST_BYTES);
    const [{ Config }] = JSON.parse(docker('image', 'inspect', image)) as {
      Config: {
        User: string;
        Healthcheck: { Test: string[] };
        Entrypoint: string[];
        Labels: Record<string, string>;
      };
    }[];
    expect(Config.User).toBe('1001:0');
    expect(Config.Healthcheck.Test).toEqual(['CMD', 'node', '/app/health.mjs']);
    expect(Config.Entrypoint).toEqual(['node', '/app/dist/runtime/main.mjs']);
    expect(Config.Labels).toMatchObject({
      'kepler.image': 'cpu',
      'org.opencontainers.image.licenses': 'Apache-2.0',
    });
  });

  it('adds no shell, compiler or package manager, and libraries for linux/x64 alone', () => {
    const names = 'sh bash npm npx pip apt dpkg apk gcc cc make tsx tsc'.split(' ');
    const script = `const { existsSync } = require('fs'); const found = ${JSON.stringify(names)}.flatMap((n) => ['/app', '/app/node_modules', '/app/node_modules/.bin', '/opt/kepler', '/usr/local/lib/node_modules'].map((d) => d + '/' + n)).filter((p) => existsSync(p)); console.log(JSON.stringify(found))`;
    expect(JSON.parse(inside(script))).toEqual([]);
    const platforms = inside(
      "console.log(require('fs').readdirSync('/app/node_modules/onnxruntime-node/bin/napi-v6').join())",
    );
    expect(platforms).toBe('linux');
  });

  it('carries a bill of materials of what is in it, and the licences', () => {
    const bill = JSON.parse(
      inside("process.stdout.write(require('fs').readFileSync('/app/sbom.cdx.json'))"),
    ) as {
      bomFormat: string;
      components: { name: string; version: string; purl: string }[];
    };
    expect(bill.bomFormat).toBe('CycloneDX');
    const names = bill.components.map(({ name }) => name);
    for (const name of ['express', 'ajv', 'pino', 'jose', 'onnxruntime-node', 'react'])
      expect(names).toContain(name);
    for (const name of ['dockerode', 'playwright-core', 'webpack', 'jest']) expect(names).not.toContain(name);
    expect(
      inside(
        "console.log(require('fs').readFileSync('/app/THIRD-PARTY-NOTICES.txt', 'utf8').length > 10000)",
      ),
    ).toBe('true');
  });

  it('runs alone, confined as compose.yaml has it, and says the code for enrolment', async () => {
    const name = `kepler-alone-${process.pid}`;
    const confined = [
      '--read-only',
      '--tmpfs',
      '/tmp',
      '--cap-drop',
      'ALL',
      '--security-opt',
      'no-new-privileges:true',
    ];
    docker('run', '--detach', '--name', name, ...confined, image);
    try {
      const log = () => spawnSync('docker', ['logs', name], { encoding: 'utf8' }).stdout;
      while (!log().includes('"listening"')) await new Promise((resolve) => setTimeout(resolve, 200));
      expect(log()).toMatch(/K1-/);
      for (;;) {
        const { status } = spawnSync('docker', ['exec', name, 'node', '/app/health.mjs']);
        if (status === 0) break;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      // A template in TypeScript is bundled, its types checked, and tried in its process, as in any other installation.
      docker('exec', name, 'node', '-e', `(${writeTemplates.toString()})()`);
      while (!/Good\.ts.*is served/.test(log()) || !/Bad\.ts.*is not served/.test(log()))
        await new Promise((resolve) => setTimeout(resolve, 200));
      expect(log()).toMatch(/Bad\.ts was not published, line 5: Property 'nothing' does not exist/);
    } finally {
      docker('rm', '--force', '--volumes', name);
    }
  });
});

/** Runs in the container. */
function writeTemplates(): void {
  const { mkdirSync, writeFileSync } = process.getBuiltinModule('node:fs');
  const folder = '/var/lib/kepler/templates-src';
  mkdirSync(folder, { recursive: true });
  const text = (name: string, factor: string) => `import { defineTemplate } from 'kepler';
export default defineTemplate({
  name: '${name}', kind: 'transformer',
  fit: () => ({ factor: 3 }),
  apply: (state, { columns }) => columns[0].map((value) => ${factor} * value),
});
`;
  writeFileSync(`${folder}/Good.ts`, text('Good', 'state.factor'));
  writeFileSync(`${folder}/Bad.ts`, text('Bad', 'state.nothing'));
}
