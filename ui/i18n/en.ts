/**
 * English: the text of a key is the key itself, so these lists are read by the compiler alone and weigh nothing in the
 * pages. A text joins here, in the part of its page, and in every other language, else nothing compiles.
 * Placeholders are names in braces; a text that counts has a twin for one (`t.count`).
 */
import type { charts } from './en/charts.ts';
import type { model } from './en/model.ts';
import type { models } from './en/models.ts';
import type { runtimes } from './en/runtimes.ts';
import type { setup } from './en/setup.ts';
import type { shared } from './en/shared.ts';
import type { workbench } from './en/workbench.ts';

export type Text =
  | (typeof shared)[number]
  | (typeof runtimes)[number]
  | (typeof setup)[number]
  | (typeof models)[number]
  | (typeof model)[number]
  | (typeof charts)[number]
  | (typeof workbench)[number];
