import type { setup as texts } from '../en/setup.ts';

export const setup: Readonly<Record<(typeof texts)[number], string>> = {};
