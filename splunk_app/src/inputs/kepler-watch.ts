import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KeplerError } from '../../../container/contract/errors.ts';
import { openEngine } from '../bridge/containers/engine.ts';
import { headHandover } from '../bridge/containers/lifecycle.ts';
import { configuredRuntimes, engineSettings, readKeplerConf } from '../bridge/containers/runtime-specs.ts';
import { headKey } from '../bridge/identity.ts';
import { splunkHomeOf, type Environment } from '../bridge/settings.ts';
import { Splunkd } from '../bridge/splunkd.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { SCHEME, errorXml, eventXml, readInputConfig, type InputConfig } from './scheme.ts';
import { dsdlStanzas, handOverSecrets } from './secrets.ts';
import { SystemRuntimes } from './system-runtimes.ts';
import { helpTemplates } from './help-templates.ts';
import { watchContainers, type WatchEvent } from './watch.ts';

const DEFAULT_LAST_LINES = 20;
const MOST_LAST_LINES = 200;

/**
 * The modular input `kepler_watch`: one pass, then splunkd starts it again after the interval. Resolves to the exit status.
 * @param args what splunkd adds: `--scheme`, `--validate-arguments`, or nothing
 */
export async function runWatch(args: readonly string[], env: Environment): Promise<number> {
  if (args[0] === '--scheme') {
    process.stdout.write(SCHEME);
    return 0;
  }
  const config = readInputConfig(readFileSync(0, 'utf8'));
  if (args[0] === '--validate-arguments') return validate(config);
  process.stdout.write('<stream>\n');
  try {
    await pass(config, env);
    return 0;
  } finally {
    process.stdout.write('</stream>\n');
  }
}

function validate(config: InputConfig): number {
  try {
    lastLinesOf(config);
    return 0;
  } catch (error) {
    process.stdout.write(errorXml((error as Error).message));
    return 1;
  }
}

async function pass(config: InputConfig, env: Environment): Promise<void> {
  const now = Date.now() / 1000;
  const report = ({ time, details, ...event }: WatchEvent): void => {
    process.stdout.write(eventXml(config.stanza, time, { ...event, ...details }));
  };
  /** What goes wrong in one half of the work does not keep the other from being done. */
  const guarded = async (event: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      const code = error instanceof KeplerError ? error.code : 'internal';
      report({ time: now, level: 'ERROR', event, message: (error as Error).message, details: { code } });
    }
  };
  const splunkHome = splunkHomeOf(env);
  const folder = config.checkpointFolder || join(splunkHome, 'var', 'lib', 'kepler');
  const checkpoint = readCheckpoint(folder);
  await guarded('watch_failed', async () => {
    const conf = readKeplerConf(splunkHome);
    const runtimes = configuredRuntimes(conf);
    const lastLines = lastLinesOf(config);
    const splunkd = new Splunkd(config.serverUri, config.sessionKey);
    if (runtimes.some(({ engine }) => engine === 'docker')) {
      const engine = await openEngine(engineSettings(conf, env, headKey(splunkHome).kid));
      const connect = (name: string, url: string, fingerprint: string): Promise<void> =>
        splunkd.writeConf(`runtime:${name}`, { url, fingerprint });
      await guarded('watch_failed', () =>
        watchContainers({
          engine,
          runtimes,
          checkpoint,
          lastLines,
          now,
          report,
          handover: () => headHandover(splunkHome),
          connect,
        }),
      );
    }
    const system = new SystemRuntimes(env, config.serverUri, config.sessionKey);
    await guarded('secrets_failed', () =>
      handOverSecrets({
        splunkd,
        system,
        runtimes,
        hec: conf.get('hec'),
        dsdl: dsdlStanzas(conf),
        checkpoint,
        now,
        report,
      }),
    );
    await guarded('help_failed', () => helpTemplates({ splunkd, system, runtimes, checkpoint, now, report }));
  });
  writeCheckpoint(folder, checkpoint);
}

/** @throws KeplerError configuration */
function lastLinesOf({ params }: InputConfig): number {
  const given = params.get('last_lines') || String(DEFAULT_LAST_LINES);
  const lines = Number(given);
  if (Number.isInteger(lines) && lines >= 0 && lines <= MOST_LAST_LINES) return lines;
  throw new KeplerError(
    'configuration',
    `last_lines = ${given} must be a whole number from 0 to ${MOST_LAST_LINES} (inputs.conf [kepler_watch://<name>]).`,
  );
}
