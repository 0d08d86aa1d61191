const TRUE = new Set(['1', 't', 'true', 'y', 'yes', 'enable', 'enabled']);
const FALSE = new Set(['0', 'f', 'false', 'n', 'no', 'disable', 'disabled']);

/** What SPL users write for true and false, in any case of letters; undefined for anything else. */
export function parseBoolean(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  if (TRUE.has(word)) return true;
  return FALSE.has(word) ? false : undefined;
}
