import type { ImageRow } from './table.ts';

/**
 * What an existing DSDL needs in `etc/apps/mltk-container/local/images.conf` to offer the image: the form that its own build
 * script writes.
 */
export function dsdlStanza(row: ImageRow, image: string, repository: string): string {
  const runtime = row.runtimes.includes('gpu') ? 'none,nvidia' : 'none';
  return [
    `[kepler-${row.tag}]`,
    `title = Kepler ${row.tag}: ${row.about}`,
    `image = ${image}`,
    `repo = ${repository === '' ? 'local/' : `${repository.replace(/\/$/, '')}/`}`,
    `runtime = ${runtime}`,
    '',
  ].join('\n');
}
