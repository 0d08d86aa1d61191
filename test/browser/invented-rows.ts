import type { Page } from 'playwright-core';

type Row = Readonly<Record<string, string>>;

/**
 * Answers the searches of a page that `rowsOf` knows with invented rows, for states that no sandbox has (a container that ran
 * out of memory); all other calls reach the sandbox. To be called before the page is opened.
 */
export async function inventRows(
  page: Page,
  rowsOf: (spl: string) => readonly Row[] | undefined,
): Promise<void> {
  const jobs = new Map<string, readonly Row[]>();
  await page.route('**/splunkd/__raw/**', async (route) => {
    const request = route.request();
    const url = new URL(request.url());
    const json = (body: unknown, status = 200) =>
      route.fulfill({ status, contentType: 'application/json', body: JSON.stringify(body) });
    if (url.pathname.endsWith('/search/jobs') && request.method() === 'POST') {
      const form = new URLSearchParams(request.postData() ?? '');
      const rows = rowsOf(form.get('search') ?? '');
      if (!rows) return route.continue();
      if (form.get('exec_mode') === 'oneshot') return json(resultsOf(rows));
      const sid = `invented.${jobs.size + 1}`;
      jobs.set(sid, rows);
      return json({ sid }, 201);
    }
    const asked = url.searchParams.getAll('id');
    if (asked.length > 0 && asked.every((sid) => jobs.has(sid))) {
      const content = (sid: string) => ({
        sid,
        dispatchState: 'DONE',
        doneProgress: 1,
        isDone: true,
        isFailed: false,
        isFinalized: false,
        messages: [],
      });
      return json({ entry: asked.map((sid) => ({ name: sid, content: content(sid) })) });
    }
    const rows = jobs.get(/\/jobs\/([^/]+)\/(?:results|control)$/.exec(url.pathname)?.[1] ?? '');
    if (!rows) return route.continue();
    return json(resultsOf(rows));
  });
}

function resultsOf(rows: readonly Row[]): unknown {
  const fields = Object.keys(rows[0] ?? {}).map((name) => ({ name }));
  return { preview: false, init_offset: 0, fields, results: rows, messages: [] };
}
