import { SANDBOX_BUILD } from '../splunkd/rest/reply.ts';
import type { XmlElement } from '../xml/read-xml.ts';
import { elementsOf, readXml, textIn } from '../xml/read-xml.ts';
import type { View } from './app-files.ts';
import { escapeHtml } from './html.ts';
import type { PageContext } from './page.ts';
import { headScripts } from './page.ts';

interface NamedSearch {
  readonly name: string;
  readonly search: string;
}

/** The searches of a dashboard, of Dashboard Studio (JSON inside) or Simple XML. */
export function dashboardSearches(xml: string): NamedSearch[] {
  const root = readXml(xml);
  const [definition] = elementsOf(root, 'definition');
  if (definition) {
    const { dataSources = {} } = JSON.parse(textIn(definition)) as {
      dataSources?: Record<string, { name?: string; options?: { query?: string } }>;
    };
    return Object.entries(dataSources).flatMap(([key, { name, options }]) =>
      options?.query === undefined ? [] : [{ name: name ?? key, search: options.query }],
    );
  }
  const found: NamedSearch[] = [];
  const visit = (element: XmlElement, title: string) => {
    const [own] = elementsOf(element, 'title');
    const name = own ? textIn(own).trim() : title;
    for (const child of elementsOf(element)) {
      if (child.name === 'query') found.push({ name, search: textIn(child).trim() });
      else visit(child, name);
    }
  };
  visit(root, 'Search');
  return found;
}

/** The sandbox draws no dashboards: it shows what they ask, each search a click from being run. */
export function dashboardPage(context: PageContext, view: View): string {
  const base = `/${context.locale}/static/@${SANDBOX_BUILD}`;
  const items = dashboardSearches(view.xml).map(({ name, search }) => {
    const href = `/${context.locale}/app/${context.app}/search?q=${encodeURIComponent(search)}`;
    return `<dt>${escapeHtml(name)}</dt><dd><a href="${escapeHtml(href)}"><code>${escapeHtml(search)}</code></a></dd>`;
  });
  return `<!doctype html>
<html lang="${escapeHtml(context.locale)}" data-theme="${context.theme}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(view.label)} | Kepler sandbox</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${base}/sandbox/search.css">
</head>
<body>
${headScripts(context)}
<script src="${base}/build/api/layout.js"></script>
<template id="page"><main class="search"><h1>${escapeHtml(view.label)}</h1>
<p>Splunk draws this dashboard; the sandbox shows the searches behind it. Choose one to run it.</p>
<dl>${items.join('\n')}</dl></main></template>
<script>window.__splunk_layout__.create({}).getContainerElement().append(document.getElementById('page').content);</script>
</body>
</html>
`;
}
