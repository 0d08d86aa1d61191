import { KeplerError } from '../../contract/errors.ts';
import { CLIP_KINDS } from './clip.ts';
import { DATETIME_KINDS } from './datetime/datetime-features.ts';
import { ENCODE_KINDS } from './encode/encode-categorical.ts';
import { MISSING_KINDS } from './missing/handle-missing.ts';
import { SCALE_KINDS } from './scale/scale.ts';
import type { StepKind } from './step.ts';
import { TEXT_KINDS } from './text/text-features.ts';

/** Every kind of step, by the name that a state keeps. What a step learned is known to its kind alone. */
const KINDS: Readonly<Record<string, StepKind<never, unknown>>> = {
  ...MISSING_KINDS,
  ...CLIP_KINDS,
  ...SCALE_KINDS,
  ...ENCODE_KINDS,
  ...DATETIME_KINDS,
  ...TEXT_KINDS,
};

type AnyKind = StepKind<Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>>;

/** @throws KeplerError invalid_arguments */
export function kindOf(name: string): AnyKind {
  if (Object.hasOwn(KINDS, name)) return KINDS[name] as unknown as AnyKind;
  throw new KeplerError(
    'invalid_arguments',
    `There is no preprocessing step "${name}". Make steps with handleMissing, clipOutliers, scale, encodeCategorical, datetimeFeatures, textFeatures.`,
  );
}
