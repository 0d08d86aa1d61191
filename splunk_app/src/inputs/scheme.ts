/** How splunkd learns what the modular input `kepler_watch` is, and speaks with it: XML, both ways. */

export const SCHEME = `<scheme>
  <title>Kepler watch</title>
  <description>Compares the runtimes of kepler.conf with the containers that run, creates those that are missing, reports those that died, starts them again by policy, and hands the token for telemetry to the runtimes.</description>
  <use_external_validation>true</use_external_validation>
  <streaming_mode>xml</streaming_mode>
  <use_single_instance>false</use_single_instance>
  <endpoint>
    <args>
      <arg name="last_lines">
        <title>Lines of the log with each crash</title>
        <description>How many of a container's last log lines an event about its end carries: 0 to 200, 20 if not given.</description>
        <required_on_create>false</required_on_create>
        <required_on_edit>false</required_on_edit>
      </arg>
    </args>
  </endpoint>
</scheme>
`;

/** What splunkd writes to the input's standard input. */
export interface InputConfig {
  readonly serverUri: string;
  readonly sessionKey: string;
  /** Folder that belongs to this input alone. */
  readonly checkpointFolder: string;
  /** `kepler_watch://<name>`. */
  readonly stanza: string;
  readonly params: ReadonlyMap<string, string>;
}

/** Reads splunkd's configuration, of a run (`<input>`) or of a validation (`<items>`). */
export function readInputConfig(xml: string): InputConfig {
  const text = (tag: string): string => {
    const found = new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(xml);
    return found ? plain(found[1]).trim() : '';
  };
  const stanza = /<(?:stanza|item)\s+name="([^"]*)"/.exec(xml);
  const params = new Map<string, string>();
  for (const [, name, value] of xml.matchAll(/<param\s+name="([^"]*)"\s*>([^<]*)<\/param>/g)) {
    params.set(plain(name), plain(value).trim());
  }
  return {
    serverUri: text('server_uri'),
    sessionKey: text('session_key'),
    checkpointFolder: text('checkpoint_dir'),
    stanza: stanza ? plain(stanza[1]) : '',
    params,
  };
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function plain(xml: string): string {
  return xml.replace(
    /&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi,
    (whole, hex: string, decimal: string, name: string) => {
      if (name !== undefined) return ENTITIES[name] ?? whole;
      return String.fromCodePoint(hex !== undefined ? parseInt(hex, 16) : Number(decimal));
    },
  );
}

/** Text as it may stand in XML: what XML has no place for at all becomes a question mark. */
export function escaped(text: string): string {
  return (
    text
      // eslint-disable-next-line no-control-regex
      .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '?')
      .replace(/[&<>]/g, (sign) => (sign === '&' ? '&amp;' : sign === '<' ? '&lt;' : '&gt;'))
  );
}

/** One event of the stream; time in seconds since 1970. */
export function eventXml(stanza: string, time: number, data: unknown): string {
  return `<event stanza="${escaped(stanza).replaceAll('"', '&quot;')}"><time>${time.toFixed(3)}</time><data>${escaped(JSON.stringify(data))}</data></event>\n`;
}

/** The wrong argument of a validation, in the form that splunkd shows to the person. */
export const errorXml = (message: string): string =>
  `<error><message>${escaped(message)}</message></error>\n`;
