import type { Batch } from '../table/batch.ts';

/** Reads ahead of its consumer by so many items, so that what makes them and what uses them run at once. */
export async function* readAhead<T>(input: AsyncIterable<T>, depth: number): AsyncGenerator<T> {
  const iterator = input[Symbol.asyncIterator]();
  const ahead: Promise<IteratorResult<T>>[] = [];
  const pull = () => {
    const next = iterator.next();
    // A failure is reported where the item is used; until then it must not count as unhandled.
    next.catch(() => undefined);
    ahead.push(next);
  };
  try {
    for (let i = 0; i < depth; i++) pull();
    for (;;) {
      const result = await ahead.shift()!;
      if (result.done) return;
      pull();
      yield result.value;
    }
  } finally {
    await iterator.return?.();
  }
}

/** Each item, with whether it is the last one. */
export async function* markLast<T>(input: AsyncIterable<T>): AsyncGenerator<{ item: T; last: boolean }> {
  let held: { item: T } | undefined;
  for await (const item of input) {
    if (held) yield { item: held.item, last: false };
    held = { item };
  }
  if (held) yield { item: held.item, last: true };
}

/** Batches of at most so many rows; the first one may be smaller. */
export async function* limitRows(
  input: AsyncIterable<Batch>,
  limits: { readonly firstRows: number; readonly rows: number },
): AsyncGenerator<Batch> {
  let limit = limits.firstRows;
  for await (const batch of input) {
    for (let from = 0; from === 0 || from < batch.rows;) {
      const part = batch.slice(from, from + limit);
      from += Math.max(1, part.rows);
      limit = limits.rows;
      yield part;
    }
  }
}
