import { KeplerError } from '../../../container/contract/errors.ts';
import { Splunkd } from './splunkd.ts';

const CAPABILITY_PREFIX = 'edit_kepler_';

/** What splunkd says that a user may do. */
export interface UserContext {
  readonly roles: readonly string[];
  /** Kepler's own capabilities alone: a role may have hundreds of others. */
  readonly capabilities: readonly string[];
}

/**
 * Roles and capabilities of the user whose session key this is: one `authentication/current-context` call.
 * Rejects with a reason for people; the caller then goes on without them and says so.
 */
export async function fetchContext(splunkdUri: string, sessionKey: string): Promise<UserContext> {
  const splunkd = new Splunkd(splunkdUri, sessionKey);
  const { status, text } = await splunkd.ask('GET', '/services/authentication/current-context');
  if (status !== 200)
    throw unknown(
      status === 401 ? 'splunkd does not know the session key' : `splunkd answered with status ${status}`,
    );
  try {
    const body = JSON.parse(text) as { entry: { content: { roles: unknown; capabilities?: unknown } }[] };
    const { roles, capabilities } = body.entry[0].content;
    if (Array.isArray(roles)) {
      return {
        roles: texts(roles),
        capabilities: texts(capabilities).filter((name) => name.startsWith(CAPABILITY_PREFIX)),
      };
    }
  } catch {
    // Answered below: whatever it was, it does not say which roles there are.
  }
  throw unknown('splunkd answered with something else than a context');
}

const texts = (list: unknown): string[] =>
  Array.isArray(list) ? list.filter((item): item is string => typeof item === 'string') : [];

const unknown = (why: string): KeplerError => new KeplerError('configuration', why);
