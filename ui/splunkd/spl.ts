/** A value as SPL takes it: bare where it is a plain word, else in double quotes with `"` and `\` escaped. */
export function quoted(value: string | number | boolean): string {
  const written = String(value);
  return /^[\w.:@*-]+$/.test(written) ? written : `"${written.replace(/(["\\])/g, '\\$1')}"`;
}

type Options = Readonly<Record<string, string | number | boolean | undefined>>;

function command(name: string, words: readonly string[], options: Options): string {
  const given = Object.entries(options).filter(([, value]) => value !== undefined && value !== '');
  return ['|', name, ...words, ...given.map(([key, value]) => `${key}=${quoted(value!)}`)].join(' ');
}

/** `| kepler <noun> [name] option=value…`; options that are undefined are left out. */
export function keplerSearch(noun: string, name?: string, options: Options = {}): string {
  return command('kepler', name ? [noun, quoted(name)] : [noun], options);
}

/** `| keplerctl <verb> [name] option=value…`. A verb may be of two words: `runtime start`. */
export function keplerctlSearch(verb: string, name?: string, options: Options = {}): string {
  return command('keplerctl', name ? [verb, quoted(name)] : [verb], options);
}
