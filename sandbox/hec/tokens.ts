import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readConf } from '../splunkd/conf.ts';
import { ConfStore } from '../splunkd/conf-store.ts';

/** The app that keeps the collector's settings, as in Splunk. */
const APP = 'splunk_httpinput';

export interface HecToken {
  readonly name: string;
  readonly token: string;
  readonly disabled: boolean;
  readonly index: string;
  /** Indexes that events may name; any where none is listed. */
  readonly indexes: readonly string[];
  readonly sourcetype: string;
  readonly source: string;
  readonly host: string;
  readonly useAck: boolean;
}

const isTrue = (value: string | undefined) => /^(1|true)$/i.test(value ?? '');

/** The tokens of `inputs.conf`: read at each request, so that a change shows at once. */
export class HecTokens {
  constructor(private readonly splunkHome: string) {}

  /** Makes the tokens that the sandbox comes with: `kepler`, and `kepler_ack`, which acknowledges. */
  prepare(): void {
    if (existsSync(this.file)) return;
    const store = new ConfStore(this.splunkHome);
    const place = { owner: 'nobody', app: APP };
    const common: [string, string][] = [
      ['disabled', '0'],
      ['index', 'kepler'],
      ['indexes', 'kepler,kepler_metrics,main'],
    ];
    store.write('inputs', 'http', [['disabled', '0']], place);
    store.write('inputs', 'http://kepler', [['token', randomUUID()], ...common], place);
    store.write('inputs', 'http://kepler_ack', [['token', randomUUID()], ...common, ['useACK', '1']], place);
  }

  all(): HecToken[] {
    return [...readConf(this.file)].flatMap(([stanza, settings]) => {
      const token = settings.get('token');
      if (!stanza.startsWith('http://') || token === undefined) return [];
      return [
        {
          name: stanza.slice('http://'.length),
          token,
          disabled: isTrue(settings.get('disabled')),
          index: settings.get('index') ?? 'main',
          indexes: (settings.get('indexes') ?? '')
            .split(',')
            .map((index) => index.trim())
            .filter((index) => index !== ''),
          sourcetype: settings.get('sourcetype') ?? 'httpevent',
          source: settings.get('source') ?? stanza.replace('://', ':'),
          host: settings.get('host') ?? '127.0.0.1',
          useAck: isTrue(settings.get('useACK')),
        },
      ];
    });
  }

  private get file(): string {
    return join(this.splunkHome, 'etc/apps', APP, 'local/inputs.conf');
  }
}
