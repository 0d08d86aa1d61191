/** What charts and their tables alone say. */
export const charts = [] as const;
