import type { IndexedEvent } from '../indexes/index-store.ts';
import { elementsOf, escapeXml, readXml, textIn } from '../xml/read-xml.ts';
import type { InputStanza } from './input-stanzas.ts';

/** How an input says that it wants to be run. */
export interface Scheme {
  readonly title: string;
  readonly streaming: 'xml' | 'simple';
  /** One process for all stanzas, rather than one each. */
  readonly single: boolean;
}

/** Reads what an executable answers to `--scheme`. */
export function readScheme(xml: string): Scheme {
  const root = readXml(xml);
  const value = (name: string) => {
    const [element] = elementsOf(root, name);
    return element ? textIn(element).trim() : '';
  };
  return {
    title: value('title'),
    streaming: value('streaming_mode') === 'xml' ? 'xml' : 'simple',
    single: value('use_single_instance') === 'true',
  };
}

/** What an input reads on its standard input. */
export function configurationXml(
  server: {
    readonly host: string;
    readonly uri: string;
    readonly sessionKey: string;
    readonly checkpoints: string;
  },
  stanzas: readonly InputStanza[],
): string {
  const list = stanzas.map(
    ({ name, app, parameters }) =>
      `<stanza name="${escapeXml(name)}" app="${escapeXml(app)}">${[...parameters]
        .map(([key, value]) => `<param name="${escapeXml(key)}">${escapeXml(value)}</param>`)
        .join('')}</stanza>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<input><server_host>${escapeXml(server.host)}</server_host><server_uri>${escapeXml(server.uri)}</server_uri><session_key>${escapeXml(server.sessionKey)}</session_key><checkpoint_dir>${escapeXml(server.checkpoints)}</checkpoint_dir><configuration>${list.join('')}</configuration></input>
`;
}

/** An event with the index that it goes to, as far as it was said. */
export interface InputEvent {
  readonly index: string;
  readonly event: IndexedEvent;
}

/** What is true of an input's events unless they say otherwise. */
export function defaultsOf({
  name,
  scheme,
  parameters,
}: InputStanza): Omit<IndexedEvent, 'raw' | 'time'> & { index: string } {
  return {
    index: parameters.get('index') ?? 'main',
    host: parameters.get('host') ?? 'sandbox',
    source: parameters.get('source') ?? name,
    sourcetype: parameters.get('sourcetype') ?? scheme,
  };
}

/**
 * Cuts an input's output into events as it comes: `<event>` elements of a `<stream>`, or a line each.
 */
export class EventReader {
  private rest = '';

  constructor(
    private readonly streaming: Scheme['streaming'],
    private readonly stanzas: readonly InputStanza[],
  ) {}

  read(text: string): InputEvent[] {
    this.rest += text;
    return this.streaming === 'xml' ? this.readElements() : this.readLines();
  }

  /** What stands behind the last line end when the output is over. */
  end(): InputEvent[] {
    if (this.streaming === 'xml' || this.rest.trim() === '') return [];
    return this.read('\n');
  }

  private readLines(): InputEvent[] {
    const lines = this.rest.split('\n');
    this.rest = lines.pop()!;
    const { index, ...defaults } = defaultsOf(this.stanzas[0]);
    return lines
      .filter((line) => line.trim() !== '')
      .map((raw) => ({ index, event: { ...defaults, time: Date.now() / 1000, raw } }));
  }

  private readElements(): InputEvent[] {
    const events: InputEvent[] = [];
    for (;;) {
      const start = this.rest.search(/<event[\s>]/);
      const end = this.rest.indexOf('</event>', start);
      if (start < 0 || end < 0) return events;
      const element = readXml(this.rest.slice(start, end + '</event>'.length));
      this.rest = this.rest.slice(end + '</event>'.length);
      const value = (name: string) => {
        const [found] = elementsOf(element, name);
        return found ? textIn(found) : undefined;
      };
      const raw = value('data');
      if (raw === undefined || raw === '') continue;
      const stanza = this.stanzas.find(({ name }) => name === element.attributes.stanza) ?? this.stanzas[0];
      const defaults = defaultsOf(stanza);
      events.push({
        index: value('index') ?? defaults.index,
        event: {
          time: Number(value('time') ?? Date.now() / 1000),
          host: value('host') ?? defaults.host,
          source: value('source') ?? defaults.source,
          sourcetype: value('sourcetype') ?? defaults.sourcetype,
          raw,
        },
      });
    }
  }
}
