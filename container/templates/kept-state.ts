/** A template's model outside of a fit: what it logs itself, and what it loads. See `RemoteState` in remote-template.ts. */
import { randomUUID } from 'node:crypto';
import type { State, SummaryTable } from '../contract/template.ts';

/** The form that the registry keeps of a template's model, so that `apply` reads it as any other. */
export function keptState(
  bytes: Uint8Array,
  summary: SummaryTable,
  target?: { readonly name: string; readonly classes?: readonly string[] },
): State {
  return {
    bytes,
    key: randomUUID(),
    summary,
    ...(target && { target: target.name }),
    ...(target?.classes && { classes: target.classes }),
  };
}

/** The template's own bytes; undefined where a model is no template's. */
export function templateBytes(state: State): Uint8Array | undefined {
  return state.bytes instanceof Uint8Array && typeof state.key === 'string' ? state.bytes : undefined;
}
