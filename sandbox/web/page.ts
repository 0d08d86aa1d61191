import { serverInfo } from '../splunkd/rest/access.ts';
import { SPLUNK_VERSION } from '../splunkd/search-info.ts';
import { SANDBOX_BUILD } from '../splunkd/rest/reply.ts';
import { escapeHtml, scriptValue } from './html.ts';
import type { AppAbout, NavItem } from './app-files.ts';

export type Theme = 'light' | 'dark';

/** What a page is made for. */
export interface PageContext {
  readonly locale: string;
  readonly app: string;
  readonly about: AppAbout;
  readonly view: string;
  readonly label: string;
  readonly user: string;
  readonly theme: Theme;
  readonly port: number;
  readonly nav: readonly NavItem[];
}

/** What `$C` holds. */
export function splunkConfig(context: {
  readonly locale: string;
  readonly user: string;
  readonly theme: Theme;
  readonly port: number;
  readonly appBuild: string;
}): Readonly<Record<string, unknown>> {
  return {
    LOCALE: context.locale,
    MRSPARKLE_PORT_NUMBER: context.port,
    MRSPARKLE_ROOT_PATH: '',
    SPLUNKD_PATH: `/${context.locale}/splunkd/__raw`,
    USERNAME: context.user,
    BUILD_NUMBER: SANDBOX_BUILD,
    BUILD_PUSH_NUMBER: 0,
    APP_BUILD: context.appBuild,
    VERSION_LABEL: SPLUNK_VERSION,
    SERVER_ZONEINFO: Intl.DateTimeFormat().resolvedOptions().timeZone,
    SPLUNK_UI_THEME: context.theme,
    JS_LOGGER_MODE: 'None',
  };
}

/** What pages read before they have asked for anything. */
export function partials(): Readonly<Record<string, unknown>> {
  return { '/services/server/info': { entry: [{ name: 'server-info', content: serverInfo() }] } };
}

/** What layout.js draws the bars from. */
function chrome(context: PageContext): string {
  const { app, about, view, user, theme, nav } = context;
  return scriptValue({ app, label: about.label, version: about.version, view, user, theme, nav });
}

/** An address below `/<locale>/static/app/<app>/` with what makes it a new one after each release. */
export function staticAddress({ locale, app, about }: PageContext, path: string): string {
  return `/${locale}/static/@${SANDBOX_BUILD}:${about.build}/app/${app}/${path}`;
}

/** Stands in front of every page's own script, in both forms of view. */
export function headScripts(context: PageContext): string {
  const { locale } = context;
  return `<script src="/${locale}/config?autoload=1"></script>
<script src="/${locale}/static/@${SANDBOX_BUILD}/js/i18n.js"></script>
<script src="/${locale}/i18ncatalog?autoload=1"></script>
<script>window.__splunkd_partials__ = ${scriptValue(partials())}; window.__kepler_sandbox__ = ${chrome(context)};</script>`;
}

/** The page that Splunk 10.4 and later make around a view's script: `pages/splunk_ui_app.html`. */
export function splunkUiPage(context: PageContext, script: string): string {
  return `<!doctype html>
<html lang="${escapeHtml(context.locale)}" class="no-js">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(context.label)} | Kepler sandbox</title>
<link rel="icon" href="data:,">
</head>
<body>
${headScripts(context)}
<script src="${escapeHtml(script)}"></script>
</body>
</html>
`;
}
