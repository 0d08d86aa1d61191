import { openListeners } from '../listeners.ts';
import type { Listener } from '../listeners.ts';
import { makeOwnCertificate } from '../own-certificate.ts';
import type { Services } from '../services.ts';
import { DsdlDoor } from './door.ts';

export interface DsdlListener {
  readonly listener: Listener;
  readonly door: DsdlDoor;
}

/** Answers DSDL at an address of its own, where the settings have a token for it. @throws KeplerError configuration */
export async function openDsdl(services: Services): Promise<DsdlListener | undefined> {
  const { settings, connections, log } = services;
  const { dsdl } = settings;
  if (!dsdl) return undefined;
  if (dsdl.ownTls) makeOwnCertificate(settings.home);
  if (dsdl.listen.kind === 'http')
    log.warn('DSDL is answered without TLS: its token and rows can be read on the way');
  const door = new DsdlDoor(services, dsdl, new URL('./dsdl-body.mjs', import.meta.url));
  const own = { ...settings, listen: [dsdl.listen], ...(dsdl.tls && { tls: dsdl.tls }) };
  const [listener] = await openListeners(own, door.handle, connections);
  return { listener, door };
}
