import type { Noun } from '../../../../container/contract/catalogue/types.ts';
import type { ResultTable } from '../../../../container/contract/requests.ts';
import type { Session } from '../command.ts';
import { Head } from './head.ts';
import type { Question } from './head.ts';
import { health } from './health.ts';
import { images } from './images.ts';
import { runtimes } from './runtimes.ts';
import { settings } from './settings.ts';

type Reader = (head: Head, noun: Noun, question: Question) => Promise<ResultTable>;

/** Who answers each noun of the catalogue that the search head answers, or puts together. */
export const READERS: ReadonlyMap<string, Reader> = new Map(
  Object.entries({ runtimes, images, settings, health }),
);

/** @throws KeplerError */
export async function readOnHead(session: Session, noun: Noun, question: Question): Promise<ResultTable> {
  const reader = READERS.get(noun.name);
  if (!reader) throw new Error(`Nobody answers ${noun.name} on the search head.`);
  const head = await Head.open(session);
  try {
    const table = await reader(head, noun, question);
    return { ...table, messages: [...head.messages, ...(table.messages ?? [])] };
  } finally {
    head.close();
  }
}
