/** Characters that a text may have to be a category or a class: it becomes part of the names of columns and of the model. */
export const MAX_LEVEL_LENGTH = 10_000;
