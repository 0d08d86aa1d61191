import type { OpenCase } from './case.ts';
import type { Result } from './measure.ts';

/** Lays rows of text out in columns; the first is flush left, the others flush right. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, c) => Math.max(...rows.map((row) => row[c].length)));
  return rows
    .map((row) =>
      row
        .map((text, c) => (c === 0 ? text.padEnd(widths[c]) : text.padStart(widths[c])))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Seconds in the unit that keeps three or four digits. */
export function duration(seconds: number | undefined): string {
  if (seconds === undefined) return '';
  if (seconds < 0.2) return `${(seconds * 1000).toFixed(1)} ms`;
  return `${seconds.toFixed(seconds < 10 ? 3 : 1)} s`;
}

/** How many times as fast as the baseline. */
export function ratio(
  result: Result,
  baseline: Result | undefined,
  by: 'min' | 'median',
): number | undefined {
  if (!baseline || result === baseline) return undefined;
  const [own, other] = [result[by], baseline[by]];
  return own === undefined || other === undefined ? undefined : other / own;
}

/** One case's results as text. */
export function render(open: OpenCase, results: readonly Result[]): string {
  const baseline = results.find((r) => r.name === open.baseline);
  const head = [
    '',
    'rounds',
    'min',
    'median',
    'rows/s',
    baseline ? 'times min' : '',
    baseline ? 'times median' : '',
  ];
  const body = results.map((r) => {
    if (r.absent) return [r.name, 'absent', '', '', '', '', ''];
    const [least, middle] = [ratio(r, baseline, 'min'), ratio(r, baseline, 'median')];
    return [
      r.name,
      String(r.rounds),
      duration(r.min),
      duration(r.median),
      r.rows && r.min ? Math.round(r.rows / r.min).toLocaleString('en-US') : '',
      least === undefined ? '' : least.toFixed(2),
      middle === undefined ? '' : middle.toFixed(2),
    ];
  });
  const lines = [columns([head, ...body])];
  for (const result of results) {
    if (result.absent) lines.push(`  ${result.name}: ${result.absent}`);
    const best = result.samples.find((s) => s.seconds === result.min);
    const details = Object.entries(best?.details ?? {});
    if (details.length) {
      lines.push(`  ${result.name}: ${details.map(([k, v]) => `${k} ${format(v)}`).join(', ')}`);
    }
  }
  for (const goal of open.goals ?? []) {
    const against = results.find((r) => r.name === (goal.against ?? open.baseline));
    const subject = results.find((r) => r.name === goal.contestant);
    const reached = subject && ratio(subject, against, 'min');
    const verdict = reached === undefined ? 'not measured' : reached >= goal.atLeast ? 'reached' : 'MISSED';
    lines.push(
      `  goal: ${goal.contestant} at least ${Number(goal.atLeast.toFixed(2))} times as fast as ${against?.name ?? 'its peer'}` +
        `${goal.aim ? ` (aim ${goal.aim})` : ''}: ${reached === undefined ? '' : reached.toFixed(2) + ', '}${verdict}`,
    );
  }
  for (const note of [...(open.notes ?? []), ...(open.conclude?.(results) ?? [])]) lines.push(`  ${note}`);
  return lines.join('\n');
}

function format(value: number | string): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(4))) : value;
}
