/** On what and with what a template is run: what the form holds, and what it begins with. */
import type { DataEntry, DescribeReply } from '../../container/contract/workbench.ts';

export interface FormState {
  readonly data: string;
  readonly target: string;
  /** Empty: all but the target. */
  readonly features: readonly string[];
  /** As typed; an option that is not named has its default. */
  readonly options: Readonly<Record<string, string>>;
  readonly holdout: boolean;
}

export const HOLDOUT = 0.2;

/** Whether templates of the kind predict a field. */
export const predicts = (kind: string | undefined): boolean => kind === 'regressor' || kind === 'classifier';

/** What fits the template best: a data set that was staged for it, else the first. */
export function chooseData(entries: readonly DataEntry[], template: string): string {
  return (entries.find((entry) => entry.template === template) ?? entries[0])?.id ?? '';
}

/** The form for a data set: what was staged with it, else what its fields suggest. */
export function formFor(entry: DataEntry | undefined, kind: DescribeReply['kind'] | undefined): FormState {
  const fields = entry?.fields ?? [];
  const suggested =
    kind === 'classifier'
      ? fields.filter((field) => field.kind === 'text').at(-1)
      : fields.filter((field) => field.kind === 'number').at(-1);
  return {
    data: entry?.id ?? '',
    target: predicts(kind) ? (entry?.target ?? suggested?.name ?? '') : '',
    features: entry?.features ?? [],
    options: entry?.options ?? {},
    holdout: false,
  };
}

/** The fields that a run learns from. */
export function featuresOf({ features, target }: FormState, entry: DataEntry | undefined): string[] {
  const all = (entry?.fields ?? []).map(({ name }) => name).filter((name) => name !== target);
  return features.length === 0 ? all : all.filter((name) => features.includes(name));
}

const quoted = (name: string): string =>
  /^\w+$/.test(name) ? name : `"${name.replace(/(["\\])/g, '\\$1')}"`;

/** The search that does the same, once the template is published. */
export function searchOf(template: string, form: FormState, entry: DataEntry | undefined): string {
  const options = Object.entries(form.options)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}=${/^[\w.+-]+$/.test(value) ? value : quoted(value)}`);
  const target = form.target === '' ? [] : [quoted(form.target), 'from'];
  const fields = featuresOf(form, entry).map(quoted);
  return ['| fit', template, ...options, ...target, ...fields, 'into my_model'].join(' ');
}
