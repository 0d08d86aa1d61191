import { getDefaultFetchInit } from '@splunk/splunk-utils/fetch';
import { createRESTURL } from '@splunk/splunk-utils/url';

/** The ids of searches under way. What runs when the page goes is cancelled, by a request that outlives the page. */
export const running = new Set<string>();

export function cancelAtSplunkd(sid: string): void {
  const url = createRESTURL(`search/jobs/${encodeURIComponent(sid)}/control`) as string;
  // Nobody is left to tell whether it worked; a search that is not asked for ends by auto_cancel.
  fetch(url, {
    ...(getDefaultFetchInit() as RequestInit),
    method: 'POST',
    keepalive: true,
    body: 'output_mode=json&action=cancel',
  }).catch(() => undefined);
}

if (typeof window !== 'undefined') {
  window.addEventListener('pagehide', () => {
    for (const sid of running) cancelAtSplunkd(sid);
    running.clear();
  });
}
