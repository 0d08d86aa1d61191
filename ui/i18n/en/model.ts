/** What model alone say. */
export const model = [] as const;
