import type { ModelName } from '../../contract/requests.ts';
import type { Identity } from '../authenticate.ts';
import { asKeplerError } from '../error-handler.ts';
import type { RunKind } from './run.ts';
import type { Usage } from './usage.ts';

/** Does something that is asked in one request, and records it as a run. */
export async function counted<T extends { readonly rows: readonly unknown[] }>(
  usage: Usage,
  kind: RunKind,
  { namespace, name, version }: ModelName & { readonly version?: number },
  { principal, sid }: Identity,
  task: () => Promise<T>,
): Promise<T> {
  const { user, app } = principal;
  const from = performance.now();
  const model = {
    namespace,
    owner: namespace === 'user' ? user : app,
    name,
    ...(version !== undefined && { version }),
  };
  const run = () => ({
    time: Date.now() / 1000,
    kind,
    model,
    user,
    app,
    sid,
    ms: Math.round(100 * (performance.now() - from)) / 100,
  });
  try {
    const result = await task();
    usage.record({ ...run(), rows: result.rows.length, status: 'ok' });
    return result;
  } catch (error) {
    const { code, message } = asKeplerError(error);
    usage.record({ ...run(), rows: 0, status: 'error', code, message });
    throw error;
  }
}
