/** Which registry templates ask and fits are told to: Kepler's own, MLflow's, or both. */
import type { MlflowSettings, WhichRegistry } from '../helpers/registry/index.ts';
import { fileNamedBy, secretOf } from './secret-file.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface RegistrySettings {
  readonly which: WhichRegistry;
  /** Present where `which` is not `kepler`. */
  readonly mlflow?: MlflowSettings;
}

const WHICH: readonly WhichRegistry[] = ['kepler', 'mlflow', 'both'];

/** @param problems Takes a sentence for each setting that is wrong. */
export function readRegistrySettings(environment: Environment, problems: string[]): RegistrySettings {
  const value = (name: string) => environment[name]?.trim() || undefined;
  const url = secretOf(value, 'KEPLER_MLFLOW_URL', problems);
  const which = value('KEPLER_REGISTRY') ?? (url === undefined ? 'kepler' : 'both');
  if (!WHICH.includes(which as WhichRegistry)) {
    problems.push(`KEPLER_REGISTRY must be one of ${WHICH.join(', ')}, not "${which}".`);
    return { which: 'kepler' };
  }
  if (which === 'kepler') return { which };
  if (url === undefined) {
    problems.push(
      `KEPLER_REGISTRY is ${which}, but KEPLER_MLFLOW_URL is not set: the address of MLflow's server.`,
    );
    return { which: 'kepler' };
  }
  if (!/^https?:\/\/[^/]/.test(url))
    problems.push(`KEPLER_MLFLOW_URL must be such as https://mlflow:5000, not "${url}".`);
  const fingerprint = value('KEPLER_MLFLOW_FINGERPRINT')
    ?.replace(/^sha256:/i, '')
    .replaceAll(':', '');
  return {
    which: which as WhichRegistry,
    mlflow: {
      url,
      token: secretOf(value, 'KEPLER_MLFLOW_TOKEN', problems),
      user: secretOf(value, 'KEPLER_MLFLOW_USER', problems),
      password: secretOf(value, 'KEPLER_MLFLOW_PASSWORD', problems),
      fingerprint,
      ca: fileNamedBy(value, 'KEPLER_MLFLOW_CA_FILE', problems),
      experiment: value('KEPLER_MLFLOW_EXPERIMENT') ?? 'kepler',
    },
  };
}
