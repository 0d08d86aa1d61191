import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readConf } from '../splunkd/conf.ts';

/** A path of splunkd that Splunk Web hands on. */
interface Exposed {
  readonly pattern: readonly string[];
  readonly methods: ReadonlySet<string>;
}

const ALL = 'GET,POST,PUT,DELETE';

/** Those of Splunk's own web.conf that the sandbox can answer. */
const BUILT_IN: readonly (readonly [pattern: string, methods: string])[] = [
  ['apps/local', 'GET'],
  ['apps/local/*', 'GET,POST'],
  ['authentication/current-context', 'GET'],
  ['authorization/capabilities', 'GET'],
  ['authorization/roles', 'GET'],
  ['configs/conf-*', ALL],
  ['configs/conf-*/**', ALL],
  ['data/indexes', 'GET'],
  ['data/lookup-table-files', 'GET'],
  ['data/ui/nav', 'GET'],
  ['data/ui/nav/*', 'GET'],
  ['data/ui/views', ALL],
  ['data/ui/views/**', ALL],
  ['saved/searches', ALL],
  ['saved/searches/**', ALL],
  ['search/jobs', ALL],
  ['search/jobs/**', ALL],
  ['search/parser', 'GET,POST'],
  ['search/v2/jobs', ALL],
  ['search/v2/jobs/**', ALL],
  ['search/v2/parser', 'GET,POST'],
  ['server/info', 'GET'],
  ['server/info/server-info', 'GET'],
  ['storage/collections/config/**', ALL],
  ['storage/collections/data/**', ALL],
  ['storage/passwords', ALL],
  ['storage/passwords/**', ALL],
];

function toExposed(pattern: string, methods: string): Exposed {
  return {
    pattern: pattern.split('/'),
    methods: new Set(methods.split(',').map((method) => method.trim().toUpperCase())),
  };
}

/** Splunk's `[expose:…]` stanzas, and those that the apps add. */
export class ExposedPaths {
  private readonly exposed: Exposed[];

  constructor(splunkHome: string) {
    this.exposed = BUILT_IN.map(([pattern, methods]) => toExposed(pattern, methods));
    const apps = join(splunkHome, 'etc/apps');
    for (const app of readdirSync(apps)) {
      const conf = readConf(join(apps, app, 'default/web.conf'), join(apps, app, 'local/web.conf'));
      for (const [stanza, settings] of conf) {
        const pattern = settings.get('pattern');
        if (!stanza.startsWith('expose:') || !pattern) continue;
        this.exposed.push(toExposed(pattern, settings.get('methods') ?? 'GET'));
      }
    }
  }

  /** @param path Below the server, such as `/servicesNS/nobody/kepler/storage/passwords`. */
  allows(method: string, path: string): boolean {
    const rest = /^\/services(?:NS\/[^/]+\/[^/]+)?\/(.+?)\/?$/.exec(path)?.[1];
    if (rest === undefined) return false;
    const segments = rest.split('/');
    // Dots would name another path than the one that was checked.
    if (segments.some((segment) => /^(\.|%2e)+$/i.test(segment))) return false;
    return this.exposed.some(({ methods, pattern }) => methods.has(method) && matches(pattern, segments));
  }
}

/** `*` is one element or its end, `**` any number of them at the end. */
function matches(pattern: readonly string[], segments: readonly string[]): boolean {
  if (pattern.at(-1) === '**') {
    if (segments.length < pattern.length) return false;
  } else if (segments.length !== pattern.length) return false;
  return pattern.every((element, i) => {
    if (element === '*' || element === '**') return true;
    return element.endsWith('*') ? segments[i].startsWith(element.slice(0, -1)) : segments[i] === element;
  });
}
