/** What every template must do, tried on a few rows before it is published. */
import { KeplerError } from '../contract/errors.ts';
import type { Params } from '../contract/template.ts';
import { checkOnnx } from './conformance-onnx.ts';
import type { Frame } from './process/frames.ts';
import type { TemplateProcess } from './process/template-process.ts';
import type { TemplateDraft } from './store.ts';
import { decodeOutputs, encodeTable } from './tables.ts';
import { trialOf } from './trial-rows.ts';

const KEY = 'try';

/**
 * Runs init, fit, apply (twice), summary, and what else the template has.
 * @param rows staged rows, or the template's own example; else it is tried on made-up ones
 * @throws KeplerError template_failed or template_invalid, saying which of them failed, and how
 */
export async function tryOut(process: TemplateProcess, draft: TemplateDraft, rows?: unknown): Promise<void> {
  const trial = trialOf(draft, rows);
  const { features, target } = trial;
  const given = { ...defaultsOf(draft), ...trial.params };
  // Options without a default are for whoever calls it: then only loading was tried.
  if ((draft.params.required ?? []).some((name) => !(name in given))) return;
  const step = async (what: string, header: Record<string, unknown>, body?: Uint8Array) => {
    try {
      return await process.ask(header, body);
    } catch (error) {
      if (!(error instanceof KeplerError)) throw error;
      throw new KeplerError(error.code, `${error.message} (tried: ${what} on ${trial.called})`, {
        cause: error,
      });
    }
  };
  const shape = {
    rows: features.rows,
    features: features.columns.length,
    ...(target?.kind === 'classes' && { classes: target.classes.length }),
  };
  const params = (await step('init', { op: 'init', params: given, shape })).header.params as Params;
  const described = target && {
    name: target.name,
    kind: draft.prepare === 'none' && target.kind === 'classes' ? rawKind(target) : target.kind,
  };
  const table = encodeTable(features, target);
  await step('fit', { op: 'fit', params, target: described, key: KEY }, table);
  const some = encodeTable(features);
  const ask = { op: 'apply', key: KEY, options: params, target: target?.name };
  const first = await step('apply', ask, some);
  checkAnswer(draft, first, features.rows);
  if (draft.kind === 'classifier' && target?.kind === 'classes') checkClasses(draft, first, target.classes);
  const second = await step('apply', ask, some);
  if (Buffer.compare(Buffer.from(first.body), Buffer.from(second.body)) !== 0) {
    throw refused(
      draft,
      'apply answers the same rows differently the second time. Keep what is random in fit.',
    );
  }
  if (draft.params.properties.probabilities && target?.kind === 'classes') {
    const options = { ...params, probabilities: true };
    checkAnswer(
      draft,
      await step('probabilities', { ...ask, options, classes: target.classes }, some),
      features.rows,
    );
  }
  await step('summary', { op: 'summary', key: KEY });
  const { can } = draft;
  if (can.evaluate) {
    await step('evaluate', { op: 'evaluate', key: KEY, options: params, target: described }, table);
  }
  if (can.explain) {
    const explained = { op: 'explain', key: KEY, options: params, target: target?.name };
    checkAnswer(draft, await step('explain', explained, some), features.rows);
  }
  if (can.toOnnx) {
    const { body } = await step('toOnnx', { op: 'onnx', key: KEY, features: features.columns.length });
    await checkOnnx(draft, trial, body, decodeOutputs(first.body).outputs);
  }
  if (can.partialFit) {
    await step('partialFit', { op: 'fit', params, target: described, key: `${KEY} on`, from: KEY }, table);
  }
}

function rawKind({ ofNumbers }: { readonly ofNumbers?: boolean }): 'number' | 'text' {
  return ofNumbers ? 'number' : 'text';
}

function defaultsOf({ params }: TemplateDraft): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(params.properties)
      .filter(([, schema]) => schema.default !== undefined)
      .map(([name, schema]) => [name, schema.default]),
  );
}

function checkAnswer(draft: TemplateDraft, { body }: Frame, wanted: number): void {
  const { rows, outputs } = decodeOutputs(body);
  if (rows !== wanted)
    throw refused(draft, `apply returns ${rows} rows for ${wanted}; each row needs an answer.`);
  const names = outputs.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw refused(draft, `apply returns two columns "${twice}".`);
}

/** Places among the classes are taken for classes by nobody: a prediction is the class itself. */
function checkClasses(draft: TemplateDraft, { body }: Frame, classes: readonly string[]): void {
  const [answer] = decodeOutputs(body).outputs;
  if (answer?.kind !== 'number' || answer.values.length === 0) return;
  if (answer.values.some((value) => Number.isNaN(value) || classes.includes(String(value)))) return;
  throw refused(
    draft,
    `apply of a classifier returned ${answer.values[0]}, which is none of the classes it was fitted on (${classes.slice(0, 3).join(', ')}). Return the class itself: keep target.classes, and answer classes[code].`,
  );
}

function refused({ name }: TemplateDraft, why: string): KeplerError {
  return new KeplerError('template_invalid', `The template ${name} was not published: ${why}`);
}
