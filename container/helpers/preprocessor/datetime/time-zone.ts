import { KeplerError } from '../../../contract/errors.ts';

/** Seconds for which a zone's offset cannot change in between: every change lies on a quarter of an hour. */
const SPAN = 900;

/** How many seconds a zone is ahead of UTC at a moment. */
export type ZoneOffset = (epochSeconds: number) => number;

/** @param zone An IANA name as `Europe/Zurich`, or UTC @throws KeplerError invalid_arguments */
export function zoneOffset(step: string, zone: string): ZoneOffset {
  if (zone === 'UTC') return () => 0;
  const format = formatOf(step, zone);
  const known = new Map<number, number>();
  return (epochSeconds) => {
    if (!Number.isFinite(epochSeconds)) return NaN;
    const span = Math.floor(epochSeconds / SPAN);
    let offset = known.get(span);
    if (offset === undefined) known.set(span, (offset = offsetAt(format, span * SPAN)));
    return offset;
  };
}

function formatOf(step: string, zone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch (error) {
    throw new KeplerError(
      'invalid_arguments',
      `${step}: there is no time zone "${zone}". Use a name such as UTC, Europe/Zurich or America/New_York.`,
      { cause: error },
    );
  }
}

/** Beyond what a Date holds there is no zone: such moments are no dates. */
function offsetAt(format: Intl.DateTimeFormat, epochSeconds: number): number {
  if (Math.abs(epochSeconds) > 8.64e12) return NaN;
  const parts = Object.fromEntries(
    format.formatToParts(epochSeconds * 1000).map(({ type, value }) => [type, value]),
  );
  const year = parts.era.startsWith('B') ? 1 - Number(parts.year) : Number(parts.year);
  const local = new Date(0);
  local.setUTCFullYear(year, Number(parts.month) - 1, Number(parts.day));
  local.setUTCHours(Number(parts.hour), Number(parts.minute), Number(parts.second));
  return local.getTime() / 1000 - epochSeconds;
}
