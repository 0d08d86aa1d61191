import type { RawOptions } from '../../contract/requests.ts';
import type { Principal } from '../../registry/types.ts';
import type { Services } from '../services.ts';

/** What a verb is asked to do; name and options were checked against the catalogue. */
export interface Order {
  readonly name: string;
  readonly options: RawOptions;
  readonly principal: Principal;
  readonly services: Services;
}
