import { tableOf } from '../../../../container/contract/catalogue/rows.ts';
import type { Noun } from '../../../../container/contract/catalogue/types.ts';
import type { ResultTable } from '../../../../container/contract/requests.ts';
import { DEFAULT_IMAGE } from '../../bridge/containers/runtime-specs.ts';
import { configured } from './engine.ts';
import type { Head, Question } from './head.ts';

/** The images that the engine has, and the default one where it has not. */
export async function images(head: Head, noun: Noun, { name }: Question): Promise<ResultTable> {
  const engine = await configured(head).engine();
  const built = (await engine.images()).map((image) => ({
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
  const missing = built.some(({ image }) => image === DEFAULT_IMAGE || image.endsWith(`/${DEFAULT_IMAGE}`))
    ? []
    : [{ tag: DEFAULT_IMAGE.split(':')[0], about: 'the default image', built: false, image: DEFAULT_IMAGE }];
  const all = [...built, ...missing];
  return tableOf(
    noun.fields,
    name === undefined ? all : all.filter(({ tag, image }) => tag === name || image === name),
  );
}
