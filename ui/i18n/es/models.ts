import type { models as texts } from '../en/models.ts';

export const models: Readonly<Record<(typeof texts)[number], string>> = {};
