/** What models alone say. */
export const models = [] as const;
