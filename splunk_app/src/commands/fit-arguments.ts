import { drivesContainer } from '../../../container/contract/dsdl.ts';
import type { FitSpec } from '../../../container/contract/requests.ts';
import { readTell } from './tell-options.ts';
import { OptionReader, rawOptions, sortArguments, type Problems, type Sorted } from './grammar.ts';
import { isAlias, parseTargetName } from '../../../container/contract/model-name.ts';

export const FIT_USAGE =
  '| fit <algorithm> [<option>=<value> …] [<target> from] <field or glob> … [by "<field>,…"] [into [app:]<model>] [as <field>]';

/** `from` with nothing before it. */
export const NO_TARGET =
  'nothing stands before from; name the target there, the field to predict, or leave from out.';

/** `stage` keeps the rows for whoever writes the template, and trains nothing. */
const MODES = ['fit', 'stage'] as const;

const UNSEEN = ['default', 'skip', 'stop'] as const;

/** Algorithms of MLTK that give no model: their result holds for the rows they saw. */
const WITHOUT_MODEL = [
  'DBSCAN',
  'LocalOutlierFactor',
  'SpectralClustering',
  'HashingVectorizer',
  'ARIMA',
  'ACF',
  'PACF',
];

/** Options that people write, and what they are called. */
const MISNAMED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  dbscan: { minpts: 'min_samples', min_pts: 'min_samples', epsilon: 'eps' },
  localoutlierfactor: { minpts: 'n_neighbors', min_pts: 'n_neighbors', k: 'n_neighbors' },
  kmeans: { n_clusters: 'k', clusters: 'k' },
  pca: { n_components: 'k', components: 'k' },
};

/** Reads the arguments of `fit`. Where `problems` has entries afterwards, the spec is what could be understood. */
export function parseFit(rawArgs: string | readonly string[], probe: boolean, problems: Problems): FitSpec {
  const sorted = sortArguments(
    rawArgs,
    { command: 'fit', keywords: ['into', 'as', 'by', 'from'], tilde: 'from', probe },
    problems,
  );
  const [algorithm = '', ...before] = sorted.before;
  if (!algorithm) problems.add('the name of an algorithm is missing, such as LinearRegression or KMeans.');
  const targets = sorted.after ? before : [];
  const fields = sorted.after ?? before;
  checkFields(algorithm, targets, fields, sorted, problems);

  const measures = sorted.options.has('kfold_cv');
  const reader = new OptionReader(sorted.options, problems);
  const into = sorted.into === undefined ? undefined : parseTargetName(sorted.into, problems);
  const common = {
    apply: reader.boolean('apply', true),
    partialFit: reader.boolean('partial_fit', false),
    promote: reader.boolean('promote', true),
    alias: reader.text('alias'),
    sampleCount: reader.integer('sample_count', 1),
    sampleSeed: reader.integer('sample_seed', 0),
    kfoldCv: reader.integer('kfold_cv', 2),
    holdout: reader.number('holdout', (share) => share > 0 && share < 1, 'above 0 and below 1, such as 0.2'),
    holdoutBy: reader.text('holdout_by'),
    holdoutSeed: reader.integer('holdout_seed', 0),
    unseenValue: reader.choice('unseen_value', UNSEEN),
  };
  const tell = readTell(reader);
  // What stands beside the algo of a container is the container's to know, its own mode=stage too.
  const driven = drivesContainer(algorithm);
  const stages = !driven && reader.choice('mode', MODES) === 'stage';
  const hasInto = sorted.into !== undefined;
  if (stages && !hasInto) problems.add('mode=stage needs into <data set>: the name to store the rows under.');
  if (measures && hasInto && !stages) problems.add('kfold_cv only measures; it cannot be used with into.');
  if (measures && !common.apply)
    problems.add('kfold_cv answers with its measures in place of the rows; leave out apply=f.');
  if (measures && common.partialFit) problems.add('kfold_cv cannot be used with partial_fit.');
  if (common.partialFit && !hasInto)
    problems.add('partial_fit=t needs into <model>: the model to go on with.');
  if (!common.promote && !hasInto) problems.add('promote=f needs into <model>.');
  if (common.alias !== undefined && !hasInto) problems.add('alias= needs into <model>.');
  if (common.alias !== undefined && !isAlias(common.alias)) {
    problems.add(`alias=${common.alias} is no alias: letters, digits and _, not beginning with a digit.`);
  }
  if (common.alias === 'champion' && !common.promote)
    problems.add('alias=champion and promote=f contradict each other; leave one of them out.');
  if (hasInto && !stages && WITHOUT_MODEL.some((name) => name.toLowerCase() === algorithm.toLowerCase())) {
    problems.add(
      `${algorithm} makes no model that could be applied to other rows; leave out into ${sorted.into}.`,
    );
  }
  if (!driven) takeMisnamed(algorithm, sorted.options, problems);
  return {
    algorithm,
    ...(stages && { mode: 'stage' as const }),
    options: rawOptions(sorted.options),
    targets,
    fields,
    by: sorted.by,
    ...(into && { into }),
    ...(tell && { tell }),
    ...(sorted.as !== undefined && { as: sorted.as }),
    ...common,
  };
}

function checkFields(
  algorithm: string,
  targets: readonly string[],
  fields: readonly string[],
  { after, globs }: Sorted,
  problems: Problems,
): void {
  if (after && targets.length === 0) problems.add(NO_TARGET);
  if (algorithm && fields.length === 0) {
    problems.add(
      after ? 'no field stands after from.' : 'no field is named; give at least one, or * for all.',
    );
  }
  if ([...targets, ...fields].includes('')) problems.add('a field name is empty ("").');
  const glob = targets.find((name) => globs.has(name));
  if (glob !== undefined)
    problems.add(`the target ${glob} must be one field, not a glob; quote it if a field is called so.`);
  const both = targets.find((name) => fields.includes(name));
  if (both !== undefined)
    problems.add(`${both} is both target and feature; name it on one side of from only.`);
}

/** Reports options that go by another name, and takes them out, so that the runtime does not report them again. */
function takeMisnamed(algorithm: string, options: Map<string, string>, problems: Problems): void {
  const misnamed = MISNAMED[algorithm.toLowerCase()] ?? {};
  for (const name of [...options.keys()]) {
    const known = misnamed[name.toLowerCase()];
    if (known === undefined) continue;
    problems.add(`${algorithm} does not know the option ${name}; it is called ${known}.`);
    options.delete(name);
  }
}
