/** What every template must do, tried on made-up data before it is published. */
import { KeplerError } from '../contract/errors.ts';
import type { NumericTable, Params, Target } from '../contract/template.ts';
import type { TemplateProcess } from './process/template-process.ts';
import type { TemplateDraft } from './store.ts';
import { decodeOutputs, encodeTable } from './tables.ts';

const ROWS = 60;
const TARGET = 'y';

/**
 * Runs init, fit, apply (twice) and summary on a small table.
 * @throws KeplerError template_failed or template_invalid, saying which of them failed, and how
 */
export async function tryOut(process: TemplateProcess, draft: TemplateDraft): Promise<void> {
  const { features, target } = sample(draft);
  const described = target && { name: target.name, kind: target.kind };
  const defaults = Object.fromEntries(
    Object.entries(draft.params.properties)
      .filter(([, schema]) => schema.default !== undefined)
      .map(([name, schema]) => [name, schema.default]),
  );
  // Options without a default are for whoever calls it: then only loading was tried.
  if ((draft.params.required ?? []).some((name) => !(name in defaults))) return;
  const step = async (what: string, header: Record<string, unknown>, body?: Uint8Array) => {
    try {
      return await process.ask(header, body);
    } catch (error) {
      if (!(error instanceof KeplerError)) throw error;
      throw new KeplerError(error.code, `${error.message} (tried: ${what} on ${ROWS} made-up rows)`, {
        cause: error,
      });
    }
  };
  const shape = {
    rows: ROWS,
    features: features.columns.length,
    ...(target?.kind === 'classes' && { classes: target.classes.length }),
  };
  const { header } = await step('init', { op: 'init', params: defaults, shape });
  const params = header.params as Params;
  const table = encodeTable(features, target);
  await step('fit', { op: 'fit', params, target: described, key: 'try' }, table);
  const rows = encodeTable(features);
  const ask = { op: 'apply', key: 'try', options: {}, target: target?.name };
  const first = await step('apply', ask, rows);
  const { outputs } = decodeOutputs(first.body);
  const names = outputs.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new KeplerError(
      'template_invalid',
      `The template ${draft.name} was not published: apply returns two columns "${twice}".`,
    );
  }
  const second = await step('apply', ask, rows);
  if (Buffer.compare(Buffer.from(first.body), Buffer.from(second.body)) !== 0) {
    throw new KeplerError(
      'template_invalid',
      `The template ${draft.name} was not published: apply answers the same rows differently the second time. Keep what is random in fit.`,
    );
  }
  await step('summary', { op: 'summary', key: 'try' });
}

function sample({ kind }: TemplateDraft): { features: NumericTable; target?: Target } {
  const column = (step: number) => Float64Array.from({ length: ROWS }, (_, i) => ((i * step) % 17) / 4 - 2);
  const columns = [column(7), column(11), column(3)];
  const features = { rows: ROWS, names: ['a', 'b', 'c'], columns };
  if (kind === 'regressor') {
    const values = columns[0].map((a, i) => 2 * a - columns[1][i] + 0.5);
    return { features, target: { kind: 'number', name: TARGET, values } };
  }
  if (kind === 'classifier') {
    const codes = Int32Array.from(columns[0], (a, i) => (a + columns[2][i] > 0 ? 1 : 0));
    return { features, target: { kind: 'classes', name: TARGET, codes, classes: ['no', 'yes'] } };
  }
  return { features };
}
