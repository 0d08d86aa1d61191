import type { OptionSchema, Params } from '../../contract/template.ts';
import { anyCase } from '../class-weight.ts';
import type { GrowLimits } from './grow-limits.ts';

/** Leaves at which a tree stops when neither its depth nor its leaves are limited, as in MLTK. */
const DEFAULT_LEAVES = 2000;

/** Options of every tree. */
export const treeOptions = {
  max_depth: {
    type: ['integer', 'null'],
    minimum: 1,
    description: 'Levels of splits at most; none for no limit.',
  },
  max_leaf_nodes: {
    type: ['integer', 'null'],
    minimum: 2,
    description: `Leaves of a tree at most, the most useful splits first; ${DEFAULT_LEAVES} when max_depth is not given.`,
  },
  min_samples_split: {
    type: 'number',
    default: 2,
    exclusiveMinimum: 0,
    anyOf: [{ exclusiveMaximum: 1 }, { minimum: 2, multipleOf: 1 }],
    allowed: 'a whole number from 2 or a share below 1',
    description: 'Rows that a node needs to be split: a whole number from 2, or a share of all rows below 1.',
  },
  min_samples_leaf: {
    type: 'number',
    default: 1,
    exclusiveMinimum: 0,
    anyOf: [{ exclusiveMaximum: 1 }, { minimum: 1, multipleOf: 1 }],
    allowed: 'a whole number from 1 or a share below 1',
    description: 'Rows that a leaf needs: a whole number, or a share of all rows below 1.',
  },
  min_weight_fraction_leaf: {
    type: 'number',
    default: 0,
    minimum: 0,
    maximum: 0.5,
    description: "Share of all rows' weight that a leaf needs.",
  },
  ccp_alpha: {
    type: 'number',
    default: 0,
    minimum: 0,
    description: 'Cost-complexity pruning: branches that gain less than this a leaf are cut; 0 for none.',
  },
  random_state: {
    type: ['integer', 'null'],
    default: 0,
    minimum: 0,
    maximum: 4294967295,
    description: 'Seed of all chance: the same seed and data give the same model.',
  },
} satisfies Record<string, OptionSchema>;

const FEATURE_WORDS = ['none', 'null', 'all', 'sqrt', 'auto', 'log2'];

export function maxFeaturesOption(byDefault: 'sqrt' | 'none'): OptionSchema {
  return {
    type: 'string',
    default: byDefault,
    pattern: `^(${FEATURE_WORDS.map(anyCase).join('|')}|0*[1-9]\\d*|0*\\.\\d*[1-9]\\d*|0*1\\.0*)$`,
    allowed: 'none, sqrt, log2, a whole number from 1 or a share from above 0 to 1.0',
    description:
      'Features tried at each split: none (all), sqrt, log2, a whole number, or a share such as 0.5 (1.0 is all).',
  };
}

export const criterionOption: OptionSchema = {
  type: 'string',
  default: 'gini',
  enum: ['gini', 'entropy', 'log_loss'],
  description: 'What purity is measured by: gini, or entropy (log_loss is another name for it).',
};

export const estimatorsOption: OptionSchema = {
  type: 'integer',
  default: 100,
  minimum: 1,
  maximum: 100_000,
  description: 'How many trees.',
};

/** How many features `max_features` means. More than there are count as all. */
function featuresTried(option: unknown, features: number): number {
  if (option === undefined || option === null) return features;
  const word = String(option).trim().toLowerCase();
  if (word === 'none' || word === 'null' || word === 'all') return features;
  if (word === 'sqrt' || word === 'auto') return Math.max(1, Math.floor(Math.sqrt(features)));
  if (word === 'log2') return Math.max(1, Math.floor(Math.log2(features)));
  if (/^\d+$/.test(word)) return Math.min(Number(word), features);
  return Math.max(1, Math.floor(Number(word) * features));
}

/** What the options mean for so many rows and features. */
export function growSettings(
  params: Params,
  rows: number,
  features: number,
): {
  limits: Omit<GrowLimits, 'minWeightLeaf'>;
  minWeightShare: number;
  maxFeatures: number;
  ccpAlpha: number;
  seed: number;
} {
  const number = (name: string, otherwise: number) =>
    typeof params[name] === 'number' ? (params[name] as number) : otherwise;
  const asRows = (value: number) => (value < 1 ? Math.ceil(value * rows) : value);
  const depth = number('max_depth', Infinity);
  return {
    limits: {
      maxDepth: depth,
      maxLeafNodes: number('max_leaf_nodes', depth === Infinity ? DEFAULT_LEAVES : Infinity),
      minSamplesSplit: Math.max(2, asRows(number('min_samples_split', 2))),
      minSamplesLeaf: Math.max(1, asRows(number('min_samples_leaf', 1))),
    },
    minWeightShare: number('min_weight_fraction_leaf', 0),
    maxFeatures: featuresTried(params.max_features, features),
    ccpAlpha: number('ccp_alpha', 0),
    seed: number('random_state', 0),
  };
}
