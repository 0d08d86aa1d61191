import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readConf } from '../splunkd/conf.ts';
import { elementsOf, readXml, textIn } from '../xml/read-xml.ts';
import type { XmlElement } from '../xml/read-xml.ts';
import { messagesOf } from './message-catalogue.ts';

/** A file of an app's `data/ui`, of `local` before `default`; undefined where there is none. */
function readUi(splunkHome: string, app: string, path: string): string | undefined {
  for (const layer of ['local', 'default']) {
    const file = join(splunkHome, 'etc/apps', app, layer, 'data/ui', path);
    if (existsSync(file)) return readFileSync(file, 'utf8');
  }
  return undefined;
}

export interface View {
  readonly name: string;
  readonly label: string;
  /** `page`: a script of the app's own makes it; `dashboard`: Splunk would draw it from what the XML says. */
  readonly kind: 'page' | 'dashboard';
  /** `pages/splunk_ui_app.html`, or `<app>:/templates/<file>` before 10.4. */
  readonly template: string;
  readonly xml: string;
}

export function readView(splunkHome: string, app: string, name: string): View | undefined {
  if (!/^\w+$/.test(name)) return undefined;
  const xml = readUi(splunkHome, app, `views/${name}.xml`);
  if (xml === undefined) return undefined;
  const root = readXml(xml);
  const [label] = elementsOf(root, 'label');
  const isPage = root.name === 'view' && root.attributes.type === 'html';
  return {
    name,
    label: label ? textIn(label).trim() : name,
    kind: isPage ? 'page' : 'dashboard',
    template: root.attributes.template ?? '',
    xml,
  };
}

export function viewNames(splunkHome: string, app: string): string[] {
  const names = ['local', 'default'].flatMap((layer) => {
    const folder = join(splunkHome, 'etc/apps', app, layer, 'data/ui/views');
    return existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.xml')) : [];
  });
  return [...new Set(names)].map((file) => file.slice(0, -'.xml'.length)).sort();
}

/** One entry of the app bar: a link, or a menu of them. */
export type NavItem =
  | { readonly label: string; readonly href: string; readonly view?: string }
  | { readonly label: string; readonly items: readonly NavItem[] };

export interface Nav {
  readonly items: readonly NavItem[];
  /** The view that the app opens with. */
  readonly home: string;
}

export function readNavXml(splunkHome: string, app: string): string | undefined {
  return readUi(splunkHome, app, 'nav/default.xml');
}

/** The app's navigation bar; labels and addresses for one language. */
export function readNav(splunkHome: string, app: string, locale: string): Nav {
  const xml = readNavXml(splunkHome, app);
  if (xml === undefined) return { items: [], home: 'search' };
  const root = readXml(xml);
  const texts = messagesOf(join(splunkHome, 'etc/apps', app), locale);
  const inLanguage = (text: string): string => texts[text] ?? text;
  let home: string | undefined;
  const itemsOf = (element: XmlElement): NavItem[] =>
    elementsOf(element).flatMap((child): NavItem[] => {
      const { attributes } = child;
      switch (child.name) {
        case 'view': {
          const names = attributes.name ? [attributes.name] : unnamed(splunkHome, app, root);
          if (attributes.default === 'true') home = attributes.name;
          return names.map((view) => ({
            view,
            label: inLanguage(
              readView(splunkHome, app, view)?.label ?? (view === 'search' ? 'Search' : view),
            ),
            href: `/${locale}/app/${app}/${view}`,
          }));
        }
        case 'collection':
          return [{ label: inLanguage(attributes.label ?? ''), items: itemsOf(child) }];
        case 'a':
          return [
            { label: inLanguage(textIn(child).trim()), href: localized(attributes.href ?? '#', locale) },
          ];
        default:
          return [];
      }
    });
  const items = itemsOf(root);
  return { items, home: home ?? 'search' };
}

/** `<view source="unclassified"/>`: the views that the bar does not name. */
function unnamed(splunkHome: string, app: string, root: XmlElement): string[] {
  const named = new Set<string>();
  const visit = (element: XmlElement) => {
    if (element.attributes.name) named.add(element.attributes.name);
    elementsOf(element).forEach(visit);
  };
  visit(root);
  return viewNames(splunkHome, app).filter((name) => !named.has(name));
}

function localized(href: string, locale: string): string {
  return /^\/(?!\/|[a-z]{2}-[A-Z]{2}\/)/.test(href) ? `/${locale}${href}` : href;
}

export interface AppAbout {
  readonly label: string;
  readonly version: string;
  /** Part of the address of static files, so that a new release is not answered from a cache. */
  readonly build: string;
}

export function readAbout(splunkHome: string, app: string): AppAbout {
  const folder = join(splunkHome, 'etc/apps', app);
  const conf = readConf(join(folder, 'default/app.conf'), join(folder, 'local/app.conf'));
  return {
    label: conf.get('ui')?.get('label') ?? app,
    version: conf.get('launcher')?.get('version') ?? '',
    build: conf.get('install')?.get('build') ?? '0',
  };
}
