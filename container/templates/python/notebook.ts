/** A notebook as a module: its cells that are named or tagged, one after the other. */
import { KeplerError } from '../../contract/errors.ts';

export interface NotebookModule {
  readonly text: string;
  /** The line of the module at which a cell begins, and what it is called. */
  readonly cells: readonly { readonly line: number; readonly name: string }[];
  /** What is not part of the module, for whoever asks why. */
  readonly left: { readonly cells: number; readonly magics: readonly string[] };
}

/** Tags of our own; DSDL exports every cell that has a name. */
const TAGS = new Set(
  'template import params init fit partial_fit apply probabilities evaluate explain to_onnx save load summary'.split(
    ' ',
  ),
);
/** Python never begins a line like this; IPython takes it as a command. */
const MAGIC = /^[ \t]*(?:%{1,2}[A-Za-z]|![ \t]*\S)/;

interface Cell {
  readonly cell_type?: string;
  readonly source?: string | readonly string[];
  readonly metadata?: { readonly name?: unknown; readonly tags?: unknown };
}

/** @throws KeplerError template_invalid where it is no notebook, or none of its cells is meant */
export function notebookModule(source: string, text: string): NotebookModule {
  const lines: string[] = [];
  const cells: { line: number; name: string }[] = [];
  const magics: string[] = [];
  let left = 0;
  for (const cell of cellsOf(source, text)) {
    if (cell.cell_type !== 'code') continue;
    const name = nameOf(cell);
    if (name === undefined) {
      left++;
      continue;
    }
    cells.push({ line: lines.length + 1, name });
    const code = typeof cell.source === 'string' ? cell.source : (cell.source ?? []).join('');
    for (const line of code.split('\n')) {
      const magic = MAGIC.test(line);
      if (magic) magics.push(line.trim());
      lines.push(magic ? '' : line);
    }
    lines.push('');
  }
  if (cells.length === 0) {
    throw new KeplerError(
      'template_invalid',
      `The template ${source} was not published: no cell of the notebook is named ("name": "mltkc_fit" in its metadata) or tagged (${[...TAGS].slice(2).join(', ')}). Copy base.ipynb, or tag the cells that make up the template.`,
    );
  }
  return { text: lines.join('\n'), cells, left: { cells: left, magics } };
}

function cellsOf(source: string, text: string): readonly Cell[] {
  let cells: unknown;
  try {
    ({ cells } = JSON.parse(text) as { cells?: unknown });
  } catch (cause) {
    throw new KeplerError(
      'template_invalid',
      `The template ${source} was not published: it is no notebook (${(cause as Error).message}).`,
      { cause },
    );
  }
  if (Array.isArray(cells)) return cells as Cell[];
  throw new KeplerError(
    'template_invalid',
    `The template ${source} was not published: it has no cells. Notebooks of format 4 are read; save it with a JupyterLab of these years.`,
  );
}

/** What the cell is called; undefined where it is not part of the template. */
function nameOf({ metadata }: Cell): string | undefined {
  const tags = Array.isArray(metadata?.tags) ? metadata.tags.map(String) : [];
  if (tags.includes('test')) return undefined;
  if (typeof metadata?.name === 'string' && metadata.name !== '') return metadata.name;
  return tags.find((tag) => TAGS.has(tag));
}
