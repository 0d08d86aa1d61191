import { existsSync, readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import type { NextFunction, Request, Response } from 'express';
import express, { Router } from 'express';
import { readAbout, readNav, readView } from './app-files.ts';
import { dashboardPage } from './dashboard-page.ts';
import { errorPage, scriptValue } from './html.ts';
import { accountRoutes } from './login.ts';
import { messagesOf } from './message-catalogue.ts';
import { TemplateError, renderTemplate } from './mako.ts';
import type { PageContext, Theme } from './page.ts';
import { splunkConfig, splunkUiPage, staticAddress } from './page.ts';
import { splunkdProxy } from './proxy.ts';
import { searchPage } from './search-page.ts';
import { WebSessions, cookiesOf } from './sessions.ts';
import { staticFiles } from './statics.ts';

export interface WebOptions {
  readonly splunkHome: string;
  /** Address of splunkd's REST interface. */
  readonly splunkd: string;
  /** Where the stand-in's own scripts lie: `sandbox/web/assets`. */
  readonly assets: string;
  /** The port to take where it is free, so that pages left open find the server again; any free one else. */
  readonly port?: number;
}

const LOCALE = /^[a-z]{2}-[A-Z]{2}$/;

/** The part of Splunk Web that shows an app's pages, on the loopback address. */
export class WebServer {
  private readonly sessions = new WebSessions(() => this.port);

  private constructor(
    private readonly server: Server,
    private readonly options: WebOptions,
  ) {
    server.on('request', this.application());
  }

  static async listen(options: WebOptions): Promise<WebServer> {
    const server = createServer({ keepAliveTimeout: 5_000 });
    const web = new WebServer(server, options);
    const listen = (port: number) =>
      new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, '127.0.0.1', resolve);
      });
    await listen(options.port ?? 0).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE' || !options.port) throw error;
      return listen(0);
    });
    return web;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private application(): express.Express {
    const { splunkHome, splunkd, assets } = this.options;
    const app = express();
    app.disable('x-powered-by');
    app.use('/static', staticFiles(splunkHome, assets));
    const local = Router({ mergeParams: true });
    local.use((request, response, next) => {
      response.locals.locale = String(request.params.locale);
      next();
    });
    local.use('/static', staticFiles(splunkHome, assets));
    local.use(accountRoutes(splunkd, this.sessions));
    local.use('/splunkd/__raw', splunkdProxy(splunkd, splunkHome, this.sessions));
    local.get('/config', (request, response) => this.config(request, response));
    local.get('/i18ncatalog', (request, response) => {
      const folder = join(splunkHome, 'etc/apps', appOf(request));
      const catalog = messagesOf(folder, response.locals.locale as string);
      response
        .type('js')
        .send(
          `i18n_register({"plural": function(n) { return n == 1 ? 0 : 1; }, "catalog": ${scriptValue(catalog)}});\n`,
        );
    });
    local.get('/', (_request, response) =>
      response.redirect(`/${response.locals.locale as string}/app/kepler`),
    );
    local.get('/app/:app{/:view}', (request, response) => this.page(request, response));
    app.use('/:locale', (request, response, next) =>
      LOCALE.test(request.params.locale) ? local(request, response, next) : next(),
    );
    app.get('/', (_request, response) => response.redirect('/en-US/'));
    app.use((request: Request, response: Response) => {
      response
        .status(404)
        .type('html')
        .send(errorPage('Not Found', `There is no page at ${request.originalUrl}.`));
    });
    app.use((error: Error, _request: Request, response: Response, _next: NextFunction) => {
      console.error(error);
      response.status(500).type('html').send(errorPage('Internal Server Error', error.message));
    });
    return app;
  }

  private config(request: Request, response: Response): void {
    const app = appOf(request);
    const config = splunkConfig({
      locale: response.locals.locale as string,
      user: this.sessions.of(request)?.user ?? '',
      theme: themeOf(request),
      port: this.port,
      appBuild: readAbout(this.options.splunkHome, app).build,
    });
    response.setHeader('cache-control', 'no-store');
    response.type('js').send(`window.$C = ${scriptValue(config)};\n`);
  }

  private page(request: Request, response: Response): void {
    const { splunkHome } = this.options;
    const locale = response.locals.locale as string;
    const app = String(request.params.app);
    const session = this.sessions.of(request);
    if (!session) {
      const back = encodeURIComponent(request.originalUrl);
      return response.redirect(303, `/${locale}/account/login?return_to=${back}`);
    }
    const refuse = (what: string) =>
      void response.status(404).type('html').send(errorPage('Not Found', what));
    if (!/^\w+$/.test(app) || !existsSync(join(splunkHome, 'etc/apps', app))) {
      return refuse(`There is no app '${app}'.`);
    }
    const nav = readNav(splunkHome, app, locale);
    const name = request.params.view === undefined ? undefined : String(request.params.view);
    if (name === undefined) return response.redirect(`/${locale}/app/${app}/${nav.home}`);
    const view = readView(splunkHome, app, name);
    const context: PageContext = {
      locale,
      app,
      about: readAbout(splunkHome, app),
      view: name,
      label: view?.label ?? name,
      user: session.user,
      theme: themeOf(request),
      port: this.port,
      nav: nav.items,
    };
    response.setHeader('cache-control', 'no-store');
    if (view === undefined) {
      if (name === 'search') return void response.type('html').send(searchPage(context, splunkHome));
      return refuse(`The app '${app}' has no view '${name}'.`);
    }
    if (view.kind === 'dashboard') return void response.type('html').send(dashboardPage(context, view));
    try {
      response.type('html').send(this.viewPage(view.template, context));
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      response.status(500).type('html').send(errorPage('The page cannot be shown', error.message));
    }
  }

  /** Both forms of view: from 10.4 on Splunk's own page around the script, before it a template of the app. */
  private viewPage(template: string, context: PageContext): string {
    if (template === 'pages/splunk_ui_app.html') {
      const script = `pages/${context.view}.js`;
      const file = join(this.options.splunkHome, 'etc/apps', context.app, 'appserver/static', script);
      if (!existsSync(file)) {
        throw new TemplateError(`The page's script ${file} does not exist. Build it with 'npm run build'.`);
      }
      return splunkUiPage(context, staticAddress(context, script));
    }
    const own = /^(\w+):\/templates\/(.+)$/.exec(template);
    if (!own || basename(own[2]) !== own[2]) {
      throw new TemplateError(
        `The sandbox does not know the template '${template}' of the view '${context.view}'.`,
      );
    }
    const file = join(this.options.splunkHome, 'etc/apps', own[1], 'appserver/templates', own[2]);
    if (!existsSync(file)) throw new TemplateError(`There is no template ${file}.`);
    return renderTemplate(readFileSync(file, 'utf8'), context);
  }
}

function themeOf(request: Request): Theme {
  return cookiesOf(request).get('kepler_sandbox_theme') === 'dark' ? 'dark' : 'light';
}

/** The app on whose page the script stands that asks. */
function appOf(request: Request): string {
  return /\/app\/(\w+)/.exec(request.headers.referer ?? '')?.[1] ?? 'kepler';
}
