import type { ReactNode } from 'react';

/** How something is: a shape, a colour and a word, never one of them alone. */
export type State = 'ok' | 'attention' | 'failed' | 'busy' | 'idle';

const SHAPES: Readonly<Record<State, ReactNode>> = {
  ok: <circle cx="6" cy="6" r="5" fill="currentColor" />,
  attention: <path d="M6 0.5 12 11.5H0Z" fill="currentColor" />,
  failed: <path d="M6 0 12 6 6 12 0 6Z" fill="currentColor" />,
  busy: <path d="M6 1.2A4.8 4.8 0 1 0 10.8 6" fill="none" stroke="currentColor" strokeWidth="2" />,
  idle: <circle cx="6" cy="6" r="4.2" fill="none" stroke="currentColor" strokeWidth="2" />,
};

/** The mark and its word; `title` may carry the reason, which must also be readable elsewhere. */
export function StateMark({ state, title, children }: { state: State; title?: string; children: ReactNode }) {
  return (
    <span className={`k-state k-state--${state}`} title={title} data-state={state}>
      <svg viewBox="0 0 12 12" aria-hidden="true">
        {SHAPES[state]}
      </svg>
      {children}
    </span>
  );
}
