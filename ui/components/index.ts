/** What the pages are made of. */
export { ConfirmDialog, type ConfirmDialogProps } from './confirm-dialog.tsx';
export { CopyButton } from './copy-button.tsx';
export { DataStates, StaleLine, type DataStatesProps } from './data-states.tsx';
export { FactStrip, type Fact } from './fact-strip.tsx';
export { FailureMessage } from './failure-message.tsx';
export { MessageLine } from './message-line.tsx';
export { HIGH, Meter } from './meter.tsx';
export { PageHead } from './page-head.tsx';
export { ProgressLine } from './progress-line.tsx';
export { MenuButton, RowMenu, type MenuEntry, type OpenMenu } from './row-menu.tsx';
export { pageURL, SearchLink, searchURL } from './search-link.tsx';
export { SkeletonLines, SkeletonTable } from './skeleton.tsx';
export { StateMark, type State } from './state-mark.tsx';
export { useAddress } from './use-address.ts';
export { useDeed, type Deed } from './use-deed.ts';
export { useOpener } from './use-opener.ts';
