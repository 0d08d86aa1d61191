/** Spanish, loaded as a chunk of its own and only where it is wanted. */
import type { Text } from './en.ts';
import { charts } from './es/charts.ts';
import { codes } from './es/codes.ts';
import { library } from './es/library.ts';
import { model } from './es/model.ts';
import { models } from './es/models.ts';
import { runtimes } from './es/runtimes.ts';
import { said } from './es/said.ts';
import { setup } from './es/setup.ts';
import { shared } from './es/shared.ts';
import { workbench } from './es/workbench.ts';

const texts: Readonly<Record<Text, string>> = {
  ...charts,
  ...model,
  ...models,
  ...runtimes,
  ...setup,
  ...shared,
  ...workbench,
};

export const es = { texts, library, said, codes };
