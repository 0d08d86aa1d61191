/** The form that goes with a count, for messages: `plural(1, 'row was', 'rows were')`. */
export function plural(count: number, one: string, many: string): string {
  return count === 1 ? one : many;
}
