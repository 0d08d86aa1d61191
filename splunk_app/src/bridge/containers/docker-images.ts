import type Docker from 'dockerode';
import { imageMissing, type Attempt } from './docker-errors.ts';
import { LABELS } from './labels.ts';
import type { ImageState } from './types.ts';

/**
 * Sees to it that the engine has the image. One with a repository in its name is pulled from there; a bare name never is, for
 * anybody could publish it. @throws KeplerError image_missing
 */
export async function ensureImage(docker: Docker, image: string, attempt: Attempt): Promise<void> {
  try {
    await docker.getImage(image).inspect();
    return;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode !== 404) throw error;
    if (!image.includes('/')) throw imageMissing(attempt, error);
  }
  try {
    const progress = await docker.pull(image);
    await new Promise<void>((resolve, reject) =>
      docker.modem.followProgress(progress, (error) => (error ? reject(error) : resolve())),
    );
  } catch (error) {
    // A full disk has a remedy of its own.
    if (/no space left/i.test((error as Error).message)) throw error;
    throw imageMissing(attempt, error);
  }
}

/**
 * The image that a tag of images.csv means: the one of this release, else the newest; what is no tag of an image that is there is
 * taken for a name.
 */
export function imageOfTag(images: readonly ImageState[], wanted: string, version: string): string {
  if (images.some(({ image }) => image === wanted)) return wanted;
  const tagged = images.filter(({ tag }) => tag === wanted);
  return (tagged.find((image) => image.version === version) ?? tagged[0])?.image ?? wanted;
}

/** What Kepler's builds have made, newest first. */
export async function listImages(docker: Docker): Promise<ImageState[]> {
  const found = await docker.listImages({ filters: { label: [LABELS.image] } });
  return found
    .flatMap((image) =>
      (image.RepoTags ?? [])
        .filter((name) => name !== '<none>:<none>')
        .map((name) => ({
          image: name,
          tag: image.Labels[LABELS.image],
          id: image.Id.replace(/^sha256:/, '').slice(0, 12),
          version: image.Labels[LABELS.version] ?? '',
          about: image.Labels[LABELS.about] ?? '',
          base: image.Labels[LABELS.base] ?? '',
          packages: image.Labels[LABELS.packages] ?? '',
          runtimes: image.Labels[LABELS.runtimes] ?? '',
          sizeBytes: image.Size,
          created: image.Created,
        })),
    )
    .sort((a, b) => b.created - a.created);
}
