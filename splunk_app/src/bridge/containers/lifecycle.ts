import { createPublicKey } from 'node:crypto';
import { headKey } from '../identity.ts';
import { specDigest } from './create-options.ts';
import type { ContainerEngine, ContainerState, Handover, RuntimeSpec } from './types.ts';

/** What this search head hands over to a runtime that it starts: its public key. */
export function headHandover(splunkHome: string, secrets?: Handover['secrets']): Handover {
  const { key, kid } = headKey(splunkHome);
  const pem = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
  return { trustedKeys: { [kid]: pem }, ...(secrets && { secrets }) };
}

export type Done = 'created' | 'created anew' | 'started' | 'already running';

/** Whether bringing it up ends what runs now: its settings have changed since its container was created. */
export function mustBeCreatedAnew(present: ContainerState, spec: RuntimeSpec): boolean {
  return present.specDigest !== specDigest(spec);
}

/**
 * Brings a runtime up as it is configured: creates it, starts a stopped one, or creates it anew where its settings have changed
 * since (its models stay). Its `url` and `fingerprint` then belong into kepler.conf: they change with each creation.
 */
export async function bringUp(
  engine: ContainerEngine,
  spec: RuntimeSpec,
  handover: Handover,
): Promise<{ readonly done: Done; readonly state: ContainerState }> {
  const present = await engine.inspect(spec.name);
  if (!present) return { done: 'created', state: await engine.create(spec, handover) };
  if (mustBeCreatedAnew(present, spec)) {
    await engine.remove(spec.name);
    return { done: 'created anew', state: await engine.create(spec, handover) };
  }
  if (present.state === 'running' || present.state === 'starting') {
    return { done: 'already running', state: present };
  }
  return { done: 'started', state: await engine.start(spec.name) };
}
