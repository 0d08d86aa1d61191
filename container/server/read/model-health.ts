import type { ModelEntry, VersionDigest } from '../../registry/model-index.ts';
import { CHAMPION } from '../../registry/names.ts';
import type { Bucket } from '../usage/buckets.ts';

export interface Health {
  readonly health: 'healthy' | 'attention' | 'failed' | 'idle';
  readonly reason: string;
}

const DAY = 86_400;
/** A model that nobody used for so long is idle. */
const IDLE_S = 30 * DAY;
/** So large a share of failed searches asks for attention. */
const MUCH = 0.1;

/**
 * How a model is, and why, in a sentence.
 * @param shown the champion, or undefined where there is none that can be read
 * @param lastUse seconds since 1970
 */
export function healthOf(
  { versions, damaged, aliases, whole }: ModelEntry,
  shown: VersionDigest | undefined,
  day: Bucket | undefined,
  lastUse: number | undefined,
  now: number,
): Health {
  const champion = aliases[CHAMPION];
  if (whole.length === 0) return { health: 'failed', reason: damaged[0] ?? 'No version can be read.' };
  if (champion === undefined) {
    const why = `No version is the champion, so apply needs a version: there are ${versions.slice(-5).join(', ')}.`;
    return damaged.length > 0
      ? { health: 'failed', reason: damaged[0] }
      : { health: 'attention', reason: why };
  }
  if (!shown)
    return { health: 'failed', reason: damaged[0] ?? `The champion, version ${champion}, cannot be read.` };
  if (damaged.length > 0) return { health: 'attention', reason: damaged[0] };
  if (day && day.errors > 0 && day.errors >= MUCH * day.searches) {
    return {
      health: 'attention',
      reason: `${day.errors} of the ${day.searches} searches of the last 24 hours failed: see kepler runs.`,
    };
  }
  const used = Math.max(lastUse ?? 0, whole[whole.length - 1].created);
  if (now - used > IDLE_S) {
    return { health: 'idle', reason: `No search has used it for ${Math.floor((now - used) / DAY)} days.` };
  }
  return { health: 'healthy', reason: 'All versions are whole, and searches that use it succeed.' };
}
