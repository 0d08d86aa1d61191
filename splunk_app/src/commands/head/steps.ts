import type { Row } from '../../../../container/contract/catalogue/rows.ts';
import { KeplerError } from '../../../../container/contract/errors.ts';

/** What a step found, in words; with `attention`, something to know that is no failure. */
export type Found = string | { readonly message: string; readonly attention: string };

export interface Step {
  readonly step: string;
  /** What to do where it fails. */
  readonly remedy: string;
  run(): Promise<Found> | Found;
}

/** Tries one step after another. What stands behind a failed one was not tried. */
export async function trySteps(check: string, steps: readonly Step[]): Promise<Row[]> {
  const rows: Row[] = [];
  let failed = false;
  for (const { step, remedy, run } of steps) {
    if (failed) {
      rows.push({ check, step, state: 'not tried' });
      continue;
    }
    const from = performance.now();
    const ms = () => Math.round(10 * (performance.now() - from)) / 10;
    try {
      const found = await run();
      rows.push(
        typeof found === 'string'
          ? { check, step, state: 'ok', ms: ms(), message: found }
          : { check, step, state: 'attention', ms: ms(), message: found.message, remedy: found.attention },
      );
    } catch (error) {
      failed = true;
      const message = error instanceof Error ? error.message : String(error);
      rows.push({ check, step, state: 'failed', ms: ms(), message, remedy: remedyOf(error, remedy) });
    }
  }
  return rows;
}

/** A refusal for want of a right is remedied by the right alone. */
function remedyOf(error: unknown, remedy: string): string {
  if (error instanceof KeplerError && error.code === 'forbidden')
    return 'Ask an administrator for the role kepler_admin.';
  return remedy;
}
