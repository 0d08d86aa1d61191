import type { FindMacro, Macro } from '../spl/macros.ts';
import { ConfStore } from '../splunkd/conf-store.ts';

/** The macros that a user's search in an app sees: their own, the app's, and those that other apps export. */
export function appMacros(splunkHome: string, user: string, app: string): FindMacro {
  let macros: Map<string, Macro> | undefined;
  return (stanza) => {
    macros ??= new Map(
      new ConfStore(splunkHome).list('macros', { owner: user, app }).map(({ name, settings }) => [
        name,
        {
          args: (settings.get('args') ?? '')
            .split(',')
            .map((arg) => arg.trim())
            .filter((arg) => arg !== ''),
          definition: settings.get('definition') ?? '',
          isEval: /^(1|true)$/i.test(settings.get('iseval') ?? ''),
          validation: settings.get('validation') || undefined,
          errorMessage: settings.get('errormsg') || undefined,
        },
      ]),
    );
    return macros.get(stanza);
  };
}
