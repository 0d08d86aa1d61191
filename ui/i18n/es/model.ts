import type { model as texts } from '../en/model.ts';

export const model: Readonly<Record<(typeof texts)[number], string>> = {};
