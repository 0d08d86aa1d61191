/** The pages' one door to Splunk: searches, who is signed in, settings. */
export { APP } from './call.ts';
export * as cells from './cells.ts';
export type { Cell, Row } from './cells.ts';
export { readContext, type UserContext } from './context.ts';
export { SplunkFailure, type FailureKind } from './failure.ts';
export { runSearch as runOnce, type SearchOptions, type SearchResult } from './search.ts';
export * as settings from './settings.ts';
export { keplerctlSearch, keplerSearch, quoted } from './spl.ts';
export { useRows, type Rows, type RowsOptions } from './use-rows.ts';
