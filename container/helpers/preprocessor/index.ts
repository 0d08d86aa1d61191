/** What a template imports of the preprocessor. */
export { clipOutliers } from './clip.ts';
export type { ClipOptions } from './clip.ts';
export { datetimeFeatures } from './datetime/datetime-features.ts';
export type { DatetimeOptions } from './datetime/datetime-features.ts';
export { encodeCategorical } from './encode/encode-categorical.ts';
export type { EncodeOptions } from './encode/encode-options.ts';
export { handleMissing } from './missing/handle-missing.ts';
export type { MissingOptions } from './missing/missing-options.ts';
export { featureNames, inverseTransform, preprocessor, toOnnx, transform } from './pipeline.ts';
export type { FitOptions, Fitted, Preprocessor, PreprocessorState } from './pipeline.ts';
export { scale } from './scale/scale.ts';
export type { ScaleOptions } from './scale/scale-options.ts';
export { standardPreprocessing } from './standard-preprocessing.ts';
export type { StandardOptions } from './standard-preprocessing.ts';
export { tableOf } from './table.ts';
export type { PlainColumn, PreparedTable, TableInput } from './table.ts';
export { textFeatures } from './text/text-features.ts';
export type { TextOptions } from './text/text-options.ts';
