import { KeplerError } from '../contract/errors.ts';
import { FIT_OPTIONS } from '../contract/fit-options.ts';
import { plural } from '../contract/plural.ts';
import type { FitSpec } from '../contract/requests.ts';
import type { Params, Template } from '../contract/template.ts';
import { parseParams } from '../estimators/options.ts';
import { isContainerTemplate, problemsInContainer } from '../templates/dsdl/container-template.ts';
import type { TemplateFinder } from '../templates/finder.ts';

/**
 * Everything about a fit that can be wrong before its rows are seen, in one error.
 * @throws KeplerError unknown_algorithm, invalid_arguments
 */
export function checkFit(spec: FitSpec, templates: TemplateFinder): { template: Template; params: Params } {
  const template = templates.find(spec.algorithm);
  const problems = problemsOf(template, spec);
  let params: Params = {};
  try {
    params = parseParams(template.params, spec.options, template.name, FIT_OPTIONS);
  } catch (error) {
    if (!(error instanceof KeplerError) || problems.length === 0) throw error;
    problems.unshift(error.message);
  }
  if (problems.length > 0) throw new KeplerError('invalid_arguments', problems.join(' '));
  return { template, params };
}

function problemsOf(template: Template, spec: FitSpec): string[] {
  const { name, kind } = template;
  const problems: string[] = [];
  const predicts = kind === 'regressor' || kind === 'classifier';
  if (predicts && !template.guessed && spec.targets.length === 0) {
    problems.push(`${name} needs the field to predict before "from": fit ${name} <field> from <fields>.`);
  } else if (predicts && spec.targets.length > 1) {
    problems.push(
      `${name} predicts one field, but ${spec.targets.length} stand before "from": ${spec.targets.map((t) => `"${t}"`).join(', ')}.`,
    );
  } else if (
    !predicts &&
    spec.targets.length > 0 &&
    !(template.prepare === 'none' && spec.targets.length === 1)
  ) {
    problems.push(`${name} predicts no field, so nothing stands before "from": fit ${name} <fields>.`);
  }
  if (isContainerTemplate(template)) problems.push(...problemsInContainer(spec));
  if (spec.fields.length === 0) problems.push(`${name} needs at least one field to learn from.`);
  problems.push(...problemsOfBy(spec));
  if (spec.partialFit && !template.partialFit) {
    problems.push(`${name} cannot go on from an earlier fit; leave partial_fit out.`);
  }
  if (spec.partialFit && !spec.into)
    problems.push('partial_fit=t needs a model to go on with: into <model>.');
  if (spec.kfoldCv !== undefined) {
    if (spec.kfoldCv < 2) problems.push('kfold_cv must be a whole number above 1.');
    if (!predicts) problems.push(`kfold_cv is for classifiers and regressors; ${name} is neither.`);
    if (spec.into) problems.push('kfold_cv makes no model, so it does not go with into.');
    if (spec.partialFit) problems.push('kfold_cv does not go with partial_fit.');
    if (spec.by.length > 0) problems.push('kfold_cv does not go with by; measure one group at a time.');
  }
  if (spec.unseenValue !== undefined && template.prepare === 'none') {
    problems.push(`${name} gets the rows as they are, so unseen_value says nothing to it; leave it out.`);
  }
  problems.push(...problemsOfHoldout(spec, template));
  if (spec.alias !== undefined && !spec.into) problems.push('alias= needs a model: into <model>.');
  return problems;
}

function problemsOfHoldout(
  { holdout, holdoutBy, holdoutSeed, ...spec }: FitSpec,
  { name, kind }: Template,
): string[] {
  const problems: string[] = [];
  if (holdout === undefined) {
    const alone = holdoutBy !== undefined ? 'holdout_by' : holdoutSeed !== undefined ? 'holdout_seed' : '';
    return alone ? [`${alone} needs holdout=<share of the rows>, such as holdout=0.2.`] : [];
  }
  const beside = [
    spec.kfoldCv !== undefined && 'kfold_cv, which measures on rows of its own',
    spec.by.length > 0 && 'by; measure one group at a time',
    spec.partialFit && 'partial_fit',
  ].filter((one) => one !== false);
  problems.push(...beside.map((one) => `holdout does not go with ${one}.`));
  if (kind === 'transformer')
    problems.push(`holdout measures predictions, and ${name} makes none; leave it out.`);
  if (holdoutBy?.includes('*')) problems.push('The field of holdout_by must be named in full, without "*".');
  return problems;
}

function problemsOfBy({ by, targets, fields }: FitSpec): string[] {
  const problems: string[] = [];
  if (fields.length > 0 && fields.every((name) => by.includes(name)))
    problems.push(
      `No field is left to learn from: ${fields.map((name) => `"${name}"`).join(', ')} ${plural(fields.length, 'stands', 'stand')} after by too, where rows are grouped.`,
    );
  if (by.some((name) => name.includes('*')))
    problems.push('Fields after by must be named in full, without "*".');
  const twice = by.find((name, i) => by.indexOf(name) < i);
  if (twice !== undefined) problems.push(`"${twice}" stands twice after by.`);
  const target = by.find((name) => targets.includes(name));
  if (target !== undefined) {
    problems.push(`"${target}" is the field to predict, so the rows cannot be grouped by it.`);
  }
  return problems;
}
