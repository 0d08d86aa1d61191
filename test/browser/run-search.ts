import type { Page } from 'playwright-core';

/** What a search in the sandbox answered. */
export interface SearchAnswer {
  readonly results?: readonly Record<string, string | string[]>[];
  readonly messages?: readonly { readonly type: string; readonly text: string }[];
}

/** Runs a search as the page's user, in the app, and waits for its rows. The page must be one of Splunk Web's. */
export async function runSearch(page: Page, spl: string): Promise<SearchAnswer> {
  return page.evaluate(async (search) => {
    // This runs in the browser, whose types the tests of the browser are not compiled with.
    const { document, fetch, $C } = globalThis as unknown as {
      document: { cookie: string };
      fetch: typeof globalThis.fetch;
      $C: { MRSPARKLE_PORT_NUMBER: number; SPLUNKD_PATH: string; USERNAME: string };
    };
    const key = new RegExp(`splunkweb_csrf_token_${$C.MRSPARKLE_PORT_NUMBER}=([^;]*)`).exec(
      document.cookie,
    )?.[1];
    const reply = await fetch(`${$C.SPLUNKD_PATH}/servicesNS/${$C.USERNAME}/kepler/search/v2/jobs`, {
      method: 'POST',
      headers: {
        'X-Splunk-Form-Key': decodeURIComponent(key ?? ''),
        'X-Requested-With': 'XMLHttpRequest',
        'Content-Type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({ search, exec_mode: 'oneshot', output_mode: 'json' }).toString(),
    });
    if (!reply.ok) throw new Error(`${search}: ${reply.status} ${await reply.text()}`);
    return (await reply.json()) as SearchAnswer;
  }, spl);
}
