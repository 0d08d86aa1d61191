import type { runtimes as texts } from '../en/runtimes.ts';

export const runtimes: Readonly<Record<(typeof texts)[number], string>> = {};
