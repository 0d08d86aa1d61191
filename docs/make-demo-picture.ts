/**
 * Turns the demo's real output into the README's picture:
 *   script -qec 'npm run --silent demo' demo.txt && npx tsx docs/make-demo-picture.ts demo.txt [FROM-LINE TO-LINE]
 * Colours are those of the terminal; without a terminal's output it is plain.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const PICTURE = 'docs/images/demo.svg';
const [CHARACTER, LINE, MARGIN, MOST_COLUMNS] = [7.8, 18, 20, 120];
const COLOURS: Readonly<Record<number, string>> = {
  31: '#ff7b72',
  32: '#7ee787',
  33: '#e3b341',
  36: '#79c0ff',
};

interface Piece {
  readonly text: string;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly colour?: string;
}

/** What stands on the screen in the end: of a line that was written over, its last state. */
export function lastStates(output: string): string[] {
  return output
    .replaceAll('\r\n', '\n')
    .split('\n')
    .filter((line) => !/^Script (started|done) on /.test(line))
    .map((line) => line.split('\r').pop()!.replaceAll('\u001b[2K', ''))
    .filter((line, i, all) => line !== '' || all[i - 1] !== '');
}

/** A line in pieces of one style each. */
export function pieces(line: string): Piece[] {
  const found: Piece[] = [];
  let [bold, dim, colour]: [boolean, boolean, string | undefined] = [false, false, undefined];
  let columns = 0;
  // eslint-disable-next-line no-control-regex -- escape sequences are what is looked for
  for (const part of line.split(/(\u001b\[[\d;]*m)/)) {
    // eslint-disable-next-line no-control-regex
    const codes = /^\u001b\[([\d;]*)m$/.exec(part);
    if (codes) {
      for (const code of codes[1].split(';').map(Number)) {
        if (code === 0) [bold, dim, colour] = [false, false, undefined];
        else if (code === 1) bold = true;
        else if (code === 2) dim = true;
        else if (COLOURS[code]) colour = COLOURS[code];
      }
    } else if (part) {
      const text = part.slice(0, Math.max(0, MOST_COLUMNS - columns));
      columns += part.length;
      if (text) found.push({ text, bold, dim, colour });
    }
  }
  return found;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** The picture of some lines, as SVG. */
export function picture(lines: readonly string[]): string {
  const styled = lines.map(pieces);
  const widest = Math.max(
    40,
    ...styled.map((line) => line.reduce((sum, piece) => sum + piece.text.length, 0)),
  );
  const [width, height] = [Math.ceil(widest * CHARACTER + 2 * MARGIN), lines.length * LINE + 2 * MARGIN];
  const text = styled.map((line, i) => {
    const spans = line.map(({ text, bold, dim, colour }) => {
      const fill = colour ? ` fill="${colour}"` : dim ? ' fill="#8b949e"' : '';
      return `<tspan${fill}${bold ? ' font-weight="bold"' : ''}>${escaped(text)}</tspan>`;
    });
    return `<text x="${MARGIN}" y="${MARGIN + (i + 1) * LINE - 5}">${spans.join('')}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    '<title>Output of npm run demo</title>',
    `<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>`,
    '<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="13" fill="#e6edf3" xml:space="preserve">',
    ...text,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [file, from = '1', to] = process.argv.slice(2);
  const lines = lastStates(readFileSync(file, 'utf8'));
  writeFileSync(PICTURE, picture(lines.slice(Number(from) - 1, to === undefined ? undefined : Number(to))));
}
