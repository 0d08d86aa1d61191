import { Batch } from '../table/batch.ts';
import type { Cell } from '../table/cell.ts';
import { wildcard } from '../spl/arguments.ts';
import type { SearchExpression } from '../spl/search-expression.ts';
import { bindSearch } from '../spl/search-expression.ts';
import { timeOf } from '../spl/time-modifier.ts';
import { keepRows } from '../commands/command.ts';
import { fieldsOf } from './event-fields.ts';
import type { IndexStore, IndexedEvent } from './index-store.ts';
import type { TimeRange } from './time-range.ts';

const CHUNK = 10_000;
/** Where searches look that name no index. */
const DEFAULT_INDEX = 'main';

/**
 * The events of a search's first command, the newest first.
 * @param now Seconds since 1970.
 * @param addresses Whether each event tells where it lies.
 */
export async function* searchIndexes(
  expression: SearchExpression,
  indexes: IndexStore,
  range: TimeRange,
  now = Date.now() / 1000,
  addresses = false,
): AsyncGenerator<Batch> {
  const { rest, times, patterns } = takeApart(expression);
  const earliest = times.earliest ?? range.earliest;
  const latest = times.latest ?? range.latest;
  const [from, to] = [
    earliest === '' ? 0 : timeOf(earliest, now),
    latest === '' ? Infinity : timeOf(latest, now),
  ];
  const names = named(patterns, indexes.names());
  const found: { event: IndexedEvent; index: string }[] = [];
  for (const index of names)
    for await (const event of indexes.read(index, from, to)) found.push({ event, index });
  // Of the same time the later one comes first, too.
  found.reverse().sort((a, b) => b.event.time - a.event.time);
  for (let at = 0; at < found.length; at += CHUNK) {
    const batch = toBatch(
      found.slice(at, at + CHUNK).map(({ event, index }) => {
        const fields = fieldsOf(event, index);
        if (addresses && event.place) {
          fields.set('_bkt', `${index}~${event.place.bucket}~sandbox`);
          fields.set('_cd', `${event.place.bucket}:${event.place.line}`);
        }
        return fields;
      }),
    );
    yield rest ? keepRows(batch, bindSearch(rest, batch)) : batch;
  }
}

/** What the search says of time and of indexes, apart from what it says of events. */
function takeApart(expression: SearchExpression): {
  rest: SearchExpression | null;
  times: { earliest?: string; latest?: string };
  patterns: string[];
} {
  const times: { earliest?: string; latest?: string } = {};
  const parts = expression.kind === 'and' ? expression.parts : [expression];
  const kept = parts.filter((part) => {
    if (part.kind !== 'compare' || part.operator !== '=') return true;
    if (part.field !== 'earliest' && part.field !== 'latest') return true;
    times[part.field] = part.values[0];
    return false;
  });
  return {
    rest: kept.length === 0 ? null : { kind: 'and', parts: kept },
    times,
    patterns: indexesIn(expression),
  };
}

function indexesIn(expression: SearchExpression): string[] {
  switch (expression.kind) {
    case 'compare':
      return expression.field === 'index' && expression.operator === '=' ? [...expression.values] : [];
    case 'and':
    case 'or':
      return expression.parts.flatMap(indexesIn);
    default:
      return [];
  }
}

function named(patterns: readonly string[], names: readonly string[]): string[] {
  if (patterns.length === 0) return [DEFAULT_INDEX];
  const found = new Set<string>();
  for (const pattern of patterns) {
    const test = wildcard(pattern);
    for (const name of names) if (test.test(name)) found.add(name);
  }
  return [...found];
}

function toBatch(rows: readonly Map<string, Cell>[]): Batch {
  const fields = new Set(rows.flatMap((row) => [...row.keys()]));
  return Batch.fromCells(
    rows.length,
    [...fields].map((field) => [field, rows.map((row) => row.get(field) ?? null)] as const),
  );
}
