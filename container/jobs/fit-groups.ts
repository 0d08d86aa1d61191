import { KeplerError } from '../contract/errors.ts';
import { plural } from '../contract/plural.ts';
import type { ErrorCode } from '../contract/errors.ts';
import { describeGroup, describeGroups } from '../contract/groups.ts';
import type { GroupedState, GroupKey } from '../contract/groups.ts';
import type { FitInput, Params, State, Template, TemplateContext } from '../contract/template.ts';
import type { Prepared } from '../table/prepare.ts';
import { rowsByGroup, sortedPlaces } from './group-rows.ts';
import type { GroupedRows, Grouping } from './group-rows.ts';
import { rowsOf, targetOf } from './row-subsets.ts';

/** What only says that a group's rows cannot be learnt from; anything else ends the whole fit. */
const OF_THE_GROUP: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'invalid_arguments',
  'target_constant',
  'target_null',
  'too_many_classes',
  'no_features',
  'no_valid_rows',
  'not_numeric',
  'invalid_data',
  'template_failed',
]);

/** Different warnings of groups that are shown; there may be thousands. */
const MOST_WARNINGS = 3;

export interface FittedGroups {
  readonly state: GroupedState;
  /** For each of the grouping's keys its place among the state's groups; -1 where it could not be fitted. */
  readonly places: Int32Array;
  readonly trainedRows: number;
}

/**
 * Worker: a state a group, each from its own rows alone; one group's rows are gathered at a time.
 *
 * @param before The groups that partial_fit goes on with.
 * @throws KeplerError where no group could be fitted: what was wrong with the first
 */
export async function fitGroups(
  template: Template,
  params: Params,
  prepared: Prepared,
  grouping: Grouping,
  before: GroupedState | undefined,
  context: TemplateContext,
): Promise<FittedGroups> {
  const { keys, by } = grouping;
  const rows = rowsByGroup(grouping, prepared.places);
  const known = new Map(before?.groups.map((key, place) => [JSON.stringify(key), place]));
  const warnings = new Map<string, GroupKey[]>();
  const failed: { key: GroupKey; rows: number; error: KeplerError }[] = [];
  const found: { key: GroupKey; state: State; params: Params }[] = [];
  let trainedRows = 0;

  for (let g = 0; g < keys.length; g++) {
    context.progress(g / keys.length, describeGroup(by, keys[g]));
    const key = JSON.stringify(keys[g]);
    const place = known.get(key);
    const earlier = place === undefined ? undefined : before;
    const own: TemplateContext = {
      ...context,
      warn: (text) => {
        const said = warnings.get(text);
        if (said) said.push(keys[g]);
        else warnings.set(text, [keys[g]]);
      },
      progress: (share, text) => context.progress((g + share) / keys.length, text),
    };
    const count = rows.starts[g + 1] - rows.starts[g];
    try {
      const fitted = await fitOne(template, params, inputOf(prepared, rows, g), own, earlier, place ?? 0);
      found.push({ key: keys[g], ...fitted });
      trainedRows += count;
      known.delete(key);
    } catch (error) {
      if (!(error instanceof KeplerError) || !OF_THE_GROUP.has(error.code)) throw error;
      failed.push({ key: keys[g], rows: count, error });
    }
  }

  // Groups of an earlier fit stay as they were where they have no new rows, or none to learn from.
  for (const place of known.values()) {
    if (before) {
      found.push({ key: before.groups[place], state: before.states[place], params: before.params[place] });
    }
  }
  sayWhatFailed(by, keys.length, failed, trainedRows, context);
  sayWarnings(by, warnings, context);
  const sorted = sortedPlaces(found.map(({ key }) => key)).map((i) => found[i]);
  const places = new Map(sorted.map(({ key }, place) => [JSON.stringify(key), place]));
  return {
    state: {
      groups: sorted.map(({ key }) => key),
      states: sorted.map(({ state }) => state),
      params: sorted.map((one) => one.params),
    },
    places: Int32Array.from(keys, (key) => places.get(JSON.stringify(key)) ?? -1),
    trainedRows,
  };
}

async function fitOne(
  template: Template,
  params: Params,
  input: FitInput,
  context: TemplateContext,
  before: GroupedState | undefined,
  place: number,
): Promise<{ state: State; params: Params }> {
  const { features, target } = input;
  if (features.rows === 0) {
    throw new KeplerError('no_valid_rows', 'None of its rows is among those drawn by sample_count.');
  }
  if (before && template.partialFit) {
    const used = before.params[place];
    return { state: await template.partialFit(before.states[place], used, input, context), params: used };
  }
  if (target?.kind === 'classes' && target.classes.length < 2) {
    throw new KeplerError(
      'target_constant',
      `"${target.name}" has only one value ("${target.classes[0]}") there; a classifier needs at least two.`,
    );
  }
  const used = template.init(params, {
    rows: features.rows,
    features: features.columns.length,
    ...(target?.kind === 'classes' && { classes: target.classes.length }),
  });
  return { state: await template.fit(used, input, context), params: used };
}

function inputOf(prepared: Prepared, { order, starts }: GroupedRows, group: number): FitInput {
  const rows = order.subarray(starts[group], starts[group + 1]);
  return {
    features: rowsOf(prepared.features, rows),
    ...(prepared.target && { target: targetOf(prepared.target, rows) }),
  };
}

function sayWhatFailed(
  by: readonly string[],
  groups: number,
  failed: readonly { key: GroupKey; rows: number; error: KeplerError }[],
  trainedRows: number,
  context: TemplateContext,
): void {
  if (failed.length === 0) return;
  const [{ key, error }] = failed;
  const first = `${describeGroup(by, key)}: ${error.message}`;
  if (trainedRows === 0) {
    const all = groups === 1 ? 'The only group' : `None of the ${groups} groups`;
    throw new KeplerError(error.code, `${all} could ${groups === 1 ? 'not ' : ''}be fitted. ${first}`);
  }
  const rows = failed.reduce((sum, one) => sum + one.rows, 0);
  context.warn(
    `${failed.length} of ${groups} groups (${rows} ${plural(rows, 'row', 'rows')}) could not be fitted: ${describeGroups(
      by,
      failed.map((one) => one.key),
    )}. ${first}`,
  );
}

function sayWarnings(
  by: readonly string[],
  warnings: ReadonlyMap<string, readonly GroupKey[]>,
  context: TemplateContext,
): void {
  const texts = [...warnings];
  for (const [text, keys] of texts.slice(0, MOST_WARNINGS)) {
    context.warn(`${text} (${keys.length > 1 ? `${keys.length} groups: ` : ''}${describeGroups(by, keys)})`);
  }
  if (texts.length > MOST_WARNINGS) {
    context.warn(`There were ${texts.length - MOST_WARNINGS} more warnings like these in other groups.`);
  }
}
