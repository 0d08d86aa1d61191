/** Which part of the way to Splunk is wrong: address, certificate, token, capability or index. */
import { lookup } from 'node:dns/promises';
import { SplunkAnswerError, SplunkConnectionError } from './client.ts';
import type { SplunkClient } from './client.ts';

export type Subject = 'address' | 'certificate' | 'token' | 'capability' | 'index';

export interface Finding {
  readonly subject: Subject;
  readonly of: 'splunkd' | 'hec';
  readonly ok: boolean;
  /** What was found, and what to do where it is wrong. */
  readonly text: string;
}

export interface Expected {
  /** Capabilities that are needed. */
  readonly capabilities?: readonly string[];
  /** Indexes that are read or written. */
  readonly indexes?: readonly string[];
}

/** What searching takes. */
const SEARCHING = ['search'];

/**
 * Asks splunkd step by step; the first step that fails makes the ones behind it pointless, so they are left out.
 * @param settings names the settings to look at, for the messages
 */
export async function validateSplunkd(
  client: SplunkClient,
  expected: Expected,
  settings: { readonly address: string; readonly certificate: string; readonly token: string },
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const found = (subject: Subject, ok: boolean, text: string) =>
    findings.push({ subject, of: 'splunkd', ok, text });
  const unknownName = await nameProblem(client.url);
  if (unknownName !== undefined) {
    found('address', false, `${unknownName} Correct ${settings.address}.`);
    return findings;
  }
  let context: { entry?: { content?: Record<string, unknown> }[] };
  try {
    context = await client.ask('say who is asking', 'GET', '/authentication/current-context');
  } catch (error) {
    if (error instanceof SplunkConnectionError && error.untrusted) {
      found('address', true, `Something answers at ${client.url}.`);
      found('certificate', false, `${error.message} Set ${settings.certificate}.`);
    } else if (error instanceof SplunkAnswerError && error.httpStatus === 401) {
      found('address', true, `splunkd answers at ${client.url}.`);
      found('certificate', true, certificateText(client.url));
      found(
        'token',
        false,
        `Splunk says: ${error.said || 'it is not valid'}. Give a valid one in ${settings.token}.`,
      );
    } else {
      found('address', false, `${(error as Error).message} Correct ${settings.address}.`);
    }
    return findings;
  }
  const { username, capabilities = [] } = (context.entry?.[0]?.content ?? {}) as {
    username?: string;
    capabilities?: string[];
  };
  found('address', true, `splunkd answers at ${client.url}.`);
  found('certificate', true, certificateText(client.url));
  found('token', true, `Splunk knows it as ${username ?? 'a user without a name'}.`);
  const missing = [...SEARCHING, ...(expected.capabilities ?? [])].filter(
    (name) => !capabilities.includes(name),
  );
  found(
    'capability',
    missing.length === 0,
    missing.length === 0
      ? `${username} may search.`
      : `${username} lacks ${missing.join(', ')}. Give the user a role that has it.`,
  );
  for (const index of expected.indexes ?? []) {
    const { status } = await client.call('GET', `/data/indexes/${encodeURIComponent(index)}`);
    const ok = status === 200;
    found(
      'index',
      ok,
      ok
        ? `The index "${index}" is there.`
        : status === 403
          ? `${username} may not see whether there is an index "${index}".`
          : `There is no index "${index}" that ${username} can see. Create it, or correct its name.`,
    );
  }
  return findings;
}

function certificateText(url: string): string {
  return url.startsWith('https:')
    ? 'Its certificate is trusted.'
    : 'It has none: the connection is plain HTTP.';
}

/** What is wrong with the address before anything is sent. */
async function nameProblem(address: string): Promise<string | undefined> {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return `${JSON.stringify(address)} is no address such as https://splunk:8089.`;
  }
  if (!['http:', 'https:'].includes(url.protocol)) return `${address} must begin with https://.`;
  try {
    await lookup(url.hostname.replace(/^\[|\]$/g, ''));
    return undefined;
  } catch (error) {
    return `The name ${url.hostname} is not known (${(error as NodeJS.ErrnoException).code}).`;
  }
}
