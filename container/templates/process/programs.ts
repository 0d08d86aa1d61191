/** Where the programs of templates lie: beside the program that asks. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TemplatePrograms } from './launch-template.ts';
import { scratchOf } from './scratch.ts';

export interface ProgramSettings {
  /** Folder of users' templates that were published. */
  readonly templateFolder: string;
  /** Templates in Python: the interpreter, and the folder of their environments. */
  readonly python?: { readonly command: string; readonly environments: string };
}

/** @param beside the program's own `import.meta.url` */
export function programsOf(
  beside: string,
  { templateFolder, python }: ProgramSettings,
): Required<TemplatePrograms> {
  return {
    host: fileURLToPath(new URL('./template-host.mjs', beside)),
    scratch: scratchOf(templateFolder),
    python: {
      command: python?.command ?? 'python3',
      environments: python?.environments ?? join(dirname(templateFolder), 'environments'),
      host: fileURLToPath(new URL('./python', beside)),
    },
  };
}
