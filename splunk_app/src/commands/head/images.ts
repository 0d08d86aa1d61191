import { KeplerError } from '../../../../container/contract/errors.ts';
import { tableOf } from '../../../../container/contract/catalogue/rows.ts';
import type { Row } from '../../../../container/contract/catalogue/rows.ts';
import type { Noun } from '../../../../container/contract/catalogue/types.ts';
import type { ResultTable } from '../../../../container/contract/requests.ts';
import { KEPLER_VERSION } from '../../../../container/contract/version.ts';
import { imageTable } from '../../bridge/containers/image-table.ts';
import { configured } from './engine.ts';
import type { Head, Question } from './head.ts';

/**
 * The images that the engine has, and the rows of the table of images that it has not. Where no engine answers, the table
 * alone: what is built nobody knows then, and a warning says why.
 */
export async function images(head: Head, noun: Noun, { name }: Question): Promise<ResultTable> {
  const table = imageTable(head.splunkHome).map(({ tag, base, about, npm, pip, runtimes }) => ({
    tag,
    base,
    about,
    packages: [npm, pip].filter((list) => list !== '').join(' '),
    runtimes,
    image: `kepler-${tag}:${KEPLER_VERSION}`,
  }));
  const asked = (rows: readonly Row[]): Row[] =>
    rows.filter(({ tag, image }) => name === undefined || tag === name || image === name);
  let built: Row[];
  try {
    const engine = await configured(head).engine();
    built = (await engine.images()).map((image) => ({
      tag: image.tag,
      base: image.base,
      about: image.about,
      packages: image.packages,
      runtimes: image.runtimes,
      built: true,
      image: image.image,
      size_bytes: image.sizeBytes,
      created: image.created,
    }));
  } catch (error) {
    if (!(error instanceof KeplerError) || error.code !== 'engine_unreachable') throw error;
    return tableOf(noun.fields, asked(table), [{ level: 'WARN', text: error.message }]);
  }
  const has = (image: string): boolean =>
    built.some((each) => each.image === image || String(each.image).endsWith(`/${image}`));
  const missing = table.filter(({ image }) => !has(image)).map((row) => ({ ...row, built: false }));
  return tableOf(noun.fields, asked([...built, ...missing]));
}
