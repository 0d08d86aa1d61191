import { createURL } from '@splunk/splunk-utils/url';
import { pageURL } from '../../components/index.ts';
import { APP, quoted } from '../../splunkd/index.ts';
import { addressOfModel, type ModelRow } from './model-row.ts';

/** The address of a model's page. */
export function modelURL(
  model: ModelRow,
  user: string | undefined,
  more: Readonly<Record<string, string>> = {},
): string {
  const { reference, owner, app } = addressOfModel(model, user, APP);
  return pageURL('model', {
    name: reference,
    ...(owner !== undefined && { owner }),
    ...(app !== undefined && { app }),
    ...more,
  });
}

/**
 * The search that uses a model, on rows that the user puts in its place. With `version` that version or alias,
 * else whatever is champion when it runs.
 */
export function applySearch(reference: string, version?: string): string {
  return `| apply ${quoted(version === undefined ? reference : `${reference}@${version}`)}`;
}

/** Search in the app in which the model's reference is understood: an app's model is only known there. */
export function searchInApp(model: Pick<ModelRow, 'namespace' | 'app'>, spl: string): string {
  const app = model.namespace === 'app' && model.app !== '' ? model.app : APP;
  return createURL(`app/${encodeURIComponent(app)}/search`, {
    q: spl,
    earliest: '-24h@h',
    latest: 'now',
  }) as string;
}
