import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KEPLER_VERSION } from '../../container/contract/version.ts';
import { openEngine } from '../../splunk_app/src/bridge/containers/engine.ts';
import { headHandover } from '../../splunk_app/src/bridge/containers/lifecycle.ts';
import { runtimeSpec } from '../../splunk_app/src/bridge/containers/runtime-specs.ts';
import type { Case } from '../case.ts';
import { Closing } from '../closing.ts';
import { median } from '../measure.ts';

const LIMIT_S = 2;
const SOCKET = '/var/run/docker.sock';

/** From the order to create a container to a runtime that says it is ready; then a restart, a stop and the removal. */
export const container: Case = {
  name: 'container',
  title: 'a runtime in a container: create to healthy, restart to healthy',
  rounds: 5,
  open: () =>
    Closing.around(async (closing) => {
      const host = process.env.DOCKER_HOST || (existsSync(SOCKET) ? `unix://${SOCKET}` : undefined);
      if (!host) throw new Error('no container engine: set DOCKER_HOST');
      const image = process.env.KEPLER_BENCH_IMAGE || `kepler-cpu:${KEPLER_VERSION}`;
      const folder = mkdtempSync(join(tmpdir(), 'kepler-bench-container-'));
      closing.add(() => rmSync(folder, { recursive: true, force: true }));
      mkdirSync(join(folder, 'var/lib'), { recursive: true });
      const name = `bench-${process.pid}`;
      const engine = await openEngine({ host, installation: name });
      closing.add(async () => {
        if (await engine.inspect(name)) await engine.remove(name, { volumes: true });
      });
      const { version, cores } = await engine.check();
      const spec = runtimeSpec(name, new Map([['image', image], ['restart', 'no']])); // prettier-ignore
      const handover = headHandover(folder);
      return {
        notes: [`Docker ${version}, ${cores} cores, ${image} (${sizeOf(image)})`],
        contestants: [
          {
            name: 'create to healthy',
            run: async () => {
              const started = performance.now();
              await engine.create(spec, handover);
              const seconds = (performance.now() - started) / 1000;
              const again = performance.now();
              await engine.restart(name);
              const details = { 'restart to healthy ms': performance.now() - again };
              await engine.remove(name, { volumes: true });
              return { seconds, details };
            },
          },
        ],
        conclude: ([result]) => {
          const seconds = median(result.samples.map((sample) => sample.seconds));
          const verdict = seconds < LIMIT_S ? 'reached' : 'MISSED';
          return [`create to healthy, median ${seconds.toFixed(2)} s, limit ${LIMIT_S}: ${verdict}`];
        },
        close: () => closing.close(),
      };
    }),
};

/** What the engine says that it takes on the disk. */
function sizeOf(image: string): string {
  const { stdout } = spawnSync('docker', ['image', 'inspect', '--format', '{{.Size}}', image], {
    encoding: 'utf8',
  });
  return stdout ? `${(Number(stdout) / 1e6).toFixed(0)} MB` : 'size unknown';
}
