import type { TextOptions } from './text-options.ts';
import type { Analysis } from './tokens.ts';

export function analysisOf(options: TextOptions): Analysis {
  return {
    analyzer: options.analyzer ?? 'word',
    ngramRange: options.ngramRange ?? [1, 1],
    lowercase: options.lowercase ?? true,
    stopWords: options.stopWords ?? null,
    tokenPattern: options.tokenPattern ?? null,
  };
}
