import { openEngine } from '../../bridge/containers/engine.ts';
import { configuredRuntimes, engineSettings, readKeplerConf } from '../../bridge/containers/runtime-specs.ts';
import type { ConfiguredRuntime } from '../../bridge/containers/runtime-specs.ts';
import type { ContainerEngine } from '../../bridge/containers/types.ts';
import type { Conf } from '../../bridge/conf-file.ts';
import { headKey } from '../../bridge/identity.ts';
import type { Head } from './head.ts';

export interface Configured {
  readonly conf: Conf;
  readonly runtimes: readonly ConfiguredRuntime[];
  /** Opened at first need; nothing is asked of it yet. */
  engine(): Promise<ContainerEngine>;
}

/** What kepler.conf says of runtimes and of the engine. @throws KeplerError configuration */
export function configured(head: Head): Configured {
  const conf = readKeplerConf(head.splunkHome);
  let engine: Promise<ContainerEngine> | undefined;
  return {
    conf,
    runtimes: configuredRuntimes(conf),
    engine: () => (engine ??= openEngine(engineSettings(conf, head.env, headKey(head.splunkHome).kid))),
  };
}
