import type { charts as texts } from '../en/charts.ts';

export const charts: Readonly<Record<(typeof texts)[number], string>> = {};
