/** What setup alone say. */
export const setup = [] as const;
