import { APP, call } from './call.ts';
import { SplunkFailure } from './failure.ts';

const APP_WIDE = { app: APP, owner: 'nobody', sharing: 'app' } as const;

interface EntryReply {
  readonly entry: readonly { readonly name: string; readonly content: Readonly<Record<string, unknown>> }[];
}

/** Resolves to undefined where splunkd knows no such thing (404); other refusals stay failures. */
async function orNone<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof SplunkFailure && error.status === 404) return undefined;
    throw error;
  }
}

/** The settings of a stanza of kepler.conf, default and local together; undefined where there is no such stanza. */
export async function readStanza(stanza: string): Promise<Readonly<Record<string, string>> | undefined> {
  const reply = await orNone(
    call<EntryReply>(`configs/conf-kepler/${encodeURIComponent(stanza)}`, { namespace: APP_WIDE }),
  );
  if (!reply) return undefined;
  return Object.fromEntries(Object.entries(reply.entry[0].content).map(([k, v]) => [k, String(v ?? '')]));
}

/** Writes settings into a stanza of local/kepler.conf, which is made where it does not exist. */
export async function writeStanza(stanza: string, settings: Readonly<Record<string, string>>): Promise<void> {
  const exists = (await readStanza(stanza)) !== undefined;
  await call(exists ? `configs/conf-kepler/${encodeURIComponent(stanza)}` : 'configs/conf-kepler', {
    method: 'POST',
    namespace: APP_WIDE,
    parameters: exists ? settings : { name: stanza, ...settings },
  });
}

const REALM = 'kepler';
/** splunkd names a secret by its realm and name, each ended by a colon. */
const secretPath = (name: string): string => `storage/passwords/${encodeURIComponent(`${REALM}:${name}:`)}`;

/** Whether a secret is stored. Its value is never asked for: the page has no use for it. */
export async function hasSecret(name: string): Promise<boolean> {
  const reply = await call<EntryReply>('storage/passwords', {
    namespace: APP_WIDE,
    parameters: { count: 0, search: `realm=${REALM}` },
  });
  return reply.entry.some(({ content }) => content.realm === REALM && content.username === name);
}

/** Stores a secret, in the place of one that is there. It travels in the body of a POST, never in a search. */
export async function storeSecret(name: string, value: string): Promise<void> {
  const exists = await hasSecret(name);
  await call(exists ? secretPath(name) : 'storage/passwords', {
    method: 'POST',
    namespace: APP_WIDE,
    parameters: exists ? { password: value } : { name, password: value, realm: REALM },
  });
}

/** Whether Splunk still counts the app as new, and so sends its visitors to Setup. */
export async function isConfigured(): Promise<boolean> {
  const reply = await call<EntryReply>(`apps/local/${APP}`);
  return ['1', 'true'].includes(String(reply.entry[0].content.configured));
}

/** Tells Splunk that the app is set up (`[install] is_configured` in local/app.conf). */
export async function setConfigured(): Promise<void> {
  await call(`apps/local/${APP}`, { method: 'POST', parameters: { configured: true } });
}

/** Whether another app is installed and enabled. */
export async function hasApp(name: string): Promise<boolean> {
  const reply = await call<EntryReply>('apps/local', { parameters: { count: 0, search: name } });
  const found = reply.entry.find((entry) => entry.name === name);
  return found !== undefined && !['1', 'true'].includes(String(found.content.disabled));
}
