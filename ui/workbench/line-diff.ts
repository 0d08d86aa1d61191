/** Two texts line by line: what went, what came, what stayed. */

export interface DiffLine {
  readonly kind: 'same' | 'gone' | 'new';
  readonly text: string;
  /** Numbers in the old and the new text, from 1. */
  readonly before?: number;
  readonly after?: number;
}

/** More lines than that times that are compared as wholes. */
const MOST_CELLS = 4_000_000;

/** By the longest common subsequence of the lines between the common beginning and the common end. */
export function diffLines(before: string, after: string): DiffLine[] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end])
    end++;
  const lines: DiffLine[] = [];
  const same = (i: number, j: number) =>
    lines.push({ kind: 'same', text: a[i], before: i + 1, after: j + 1 });
  for (let i = 0; i < start; i++) same(i, i);
  lines.push(...between(a, b, start, a.length - end, b.length - end));
  for (let k = end; k > 0; k--) same(a.length - k, b.length - k);
  return lines;
}

function between(
  a: readonly string[],
  b: readonly string[],
  start: number,
  aEnd: number,
  bEnd: number,
): DiffLine[] {
  const [n, m] = [aEnd - start, bEnd - start];
  const gone = (i: number): DiffLine => ({ kind: 'gone', text: a[start + i], before: start + i + 1 });
  const come = (j: number): DiffLine => ({ kind: 'new', text: b[start + j], after: start + j + 1 });
  if (n * m > MOST_CELLS || n === 0 || m === 0) {
    return [...Array.from({ length: n }, (_, i) => gone(i)), ...Array.from({ length: m }, (_, j) => come(j))];
  }
  // longest[i][j]: of the lines from i and j on.
  const width = m + 1;
  const longest = new Uint32Array((n + 1) * width);
  for (let i = n - 1; i >= 0; i--) {
    for (let j = m - 1; j >= 0; j--) {
      longest[i * width + j] =
        a[start + i] === b[start + j]
          ? longest[(i + 1) * width + j + 1] + 1
          : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
    }
  }
  const lines: DiffLine[] = [];
  for (let i = 0, j = 0; i < n || j < m;) {
    if (i < n && j < m && a[start + i] === b[start + j]) {
      lines.push({ kind: 'same', text: a[start + i], before: start + i + 1, after: start + j + 1 });
      i++;
      j++;
    } else if (j === m || (i < n && longest[(i + 1) * width + j] >= longest[i * width + j + 1])) {
      lines.push(gone(i++));
    } else lines.push(come(j++));
  }
  return lines;
}

/** Only what changed, with some lines around it; null stands for lines left out. */
export function withContext(lines: readonly DiffLine[], around = 3): (DiffLine | null)[] {
  const near = new Uint8Array(lines.length);
  lines.forEach(({ kind }, at) => {
    if (kind !== 'same')
      for (let i = Math.max(0, at - around); i <= Math.min(lines.length - 1, at + around); i++) near[i] = 1;
  });
  const shown: (DiffLine | null)[] = [];
  lines.forEach((line, at) => {
    if (near[at]) shown.push(line);
    else if (shown.length === 0 || shown.at(-1) !== null) shown.push(null);
  });
  return shown;
}
