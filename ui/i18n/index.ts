/** The pages' words: `t('Stop {name}?', { name })`, counted texts, and formats of numbers and times. */
export * as format from './format.ts';
export { loadLanguage } from './load.ts';
export { count, parts, said, saidWithCode, t } from './translate.ts';
export type { Text } from './en.ts';
