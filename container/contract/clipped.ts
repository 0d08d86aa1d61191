const MOST = 60;

/** A value of the data as it can stand in a message: its beginning, where it is long. */
export function clipped(text: string): string {
  return text.length > MOST ? `${text.slice(0, MOST)}… (${text.length} characters)` : text;
}
