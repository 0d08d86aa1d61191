import { readConf } from '../splunkd/conf.ts';
import { join } from 'node:path';
import { escapeHtml, scriptValue } from './html.ts';
import { SANDBOX_BUILD } from '../splunkd/rest/reply.ts';
import type { PageContext } from './page.ts';
import { headScripts } from './page.ts';

/** A search that the app brings for people to try. */
interface Example {
  readonly name: string;
  readonly about: string;
  readonly search: string;
}

function examplesOf(splunkHome: string, app: string): Example[] {
  const folder = join(splunkHome, 'etc/apps', app);
  const conf = readConf(join(folder, 'default/savedsearches.conf'), join(folder, 'local/savedsearches.conf'));
  return [...conf].flatMap(([name, settings]) => {
    const search = settings.get('search');
    return search === undefined || name === 'default'
      ? []
      : [{ name, about: settings.get('description') ?? '', search }];
  });
}

/** The stand-in's plain search page: a box, messages, a table. */
export function searchPage(context: PageContext, splunkHome: string): string {
  const base = `/${context.locale}/static/@${SANDBOX_BUILD}`;
  const examples = examplesOf(splunkHome, 'kepler');
  return `<!doctype html>
<html lang="${escapeHtml(context.locale)}" data-theme="${context.theme}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Search | Kepler sandbox</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${base}/sandbox/search.css">
</head>
<body>
${headScripts(context)}
<script>window.__kepler_examples__ = ${scriptValue(examples)};</script>
<script src="${base}/build/api/layout.js"></script>
<script src="${base}/sandbox/search.js"></script>
</body>
</html>
`;
}
