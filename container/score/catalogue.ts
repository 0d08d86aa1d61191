/** The doors of `score`: which methods there are, what a search needs of the data, and the table it gets. */
export { SCORE_METHODS } from './methods.ts';
export { checkScore, requiredFields, runScore } from './run-score.ts';
export type { FieldRule, ScoreMethod, ScoreTable, Warn } from './types.ts';
