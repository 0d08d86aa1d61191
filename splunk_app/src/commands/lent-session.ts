import type { Need, SplunkSession } from '../../../container/contract/requests.ts';
import type { SearchInfo } from './search-info.ts';

/** The searcher's session for a template that declares that it needs Splunk; for no other. */
export function lentSession(
  { splunkdUri, sessionKey }: SearchInfo,
  needs: readonly Need[] | undefined,
): SplunkSession | undefined {
  if (!needs?.includes('splunk') || sessionKey === '') return undefined;
  return { uri: splunkdUri, key: sessionKey };
}
