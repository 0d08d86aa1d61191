/** Where traces go: under Kepler's names, or under those that OpenTelemetry gives its variables. */
import { secretOf } from '../secret-file.ts';

export interface TraceSettings {
  /** Of traces: it ends in /v1/traces where nothing else is said. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Undefined where no collector is named: then there are no traces.
 * @param problems takes a sentence for each setting that is wrong
 */
export function readTraceSettings(environment: Environment, problems: string[]): TraceSettings | undefined {
  const value = (name: string) => environment[name]?.trim() || undefined;
  const exact = value('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT');
  const base = value('KEPLER_OTLP_URL') ?? exact ?? value('OTEL_EXPORTER_OTLP_ENDPOINT');
  if (base === undefined) return undefined;
  if (!URL.canParse(base) || !/^https?:/.test(base)) {
    problems.push(
      `The address of the traces' collector (KEPLER_OTLP_URL) must be such as http://collector:4318, not "${base}".`,
    );
    return undefined;
  }
  const text = secretOf(value, 'KEPLER_OTLP_HEADERS', problems) ?? value('OTEL_EXPORTER_OTLP_HEADERS') ?? '';
  return { url: base === exact ? base : tracesAt(base), headers: headersIn(text, problems) };
}

function tracesAt(base: string): string {
  const url = new URL(base);
  if (!url.pathname.endsWith('/v1/traces')) url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/traces`;
  return url.href;
}

/** `name=value,name=value`, values percent-encoded where need be. */
function headersIn(text: string, problems: string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const pair of text.split(',').filter((part) => part.trim() !== '')) {
    const [, name, coded] = /^\s*([\w!#$%&'*+.^`|~-]+)\s*=\s*(.*?)\s*$/.exec(pair) ?? [];
    const value = name === undefined ? undefined : decoded(coded!);
    if (value !== undefined) headers[name!] = value;
    // The text may hold a secret: it is not repeated.
    else problems.push('KEPLER_OTLP_HEADERS must be such as name=value,name=value.');
  }
  return headers;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
