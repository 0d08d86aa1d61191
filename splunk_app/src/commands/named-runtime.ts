import { RUNTIME_OPTION, type Noun, type Verb } from '../../../container/contract/catalogue/types.ts';
import type { RawOptions } from '../../../container/contract/requests.ts';

/** The runtime that `runtime=` names, of a noun or verb that takes it; undefined for the one that searches use. */
export function runtimeOf({ options: known }: Noun | Verb, options: RawOptions): string | undefined {
  return known.includes(RUNTIME_OPTION) ? options[RUNTIME_OPTION.name] : undefined;
}

/** The request as the runtime gets it: which one it is, it need not be told; one of an earlier release would refuse the option. */
export function forRuntime<T extends { readonly options: RawOptions }>(request: T): T {
  const options = Object.entries(request.options).filter(([name]) => name !== RUNTIME_OPTION.name);
  return { ...request, options: Object.fromEntries(options) };
}
