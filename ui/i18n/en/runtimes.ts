/** What runtimes alone say. */
export const runtimes = [] as const;
