/** The worker's half of sending a template the rows of a chunk while the chunk is still being read. See node-host/rows-taken.ts. */
import { randomUUID } from 'node:crypto';
import type { NumericTable } from '../contract/template.ts';
import type { TemplateDoor } from './broker/door.ts';
import type { TemplatePlace } from './broker/messages.ts';

export class RowsAhead {
  readonly #place: TemplatePlace;
  readonly #open: () => TemplateDoor;
  #key: string | undefined;
  #rows = 0;

  constructor(place: TemplatePlace, open: () => TemplateDoor) {
    this.#place = place;
    this.#open = open;
  }

  /**
   * Sends the next rows, and waits for nothing; null forgets what was sent.
   * @param features columns in memory that the broker's thread shares: they are written to the process from there
   */
  send(features: NumericTable | null): void {
    if (!features) {
      this.#key = undefined;
      this.#rows = 0;
      return;
    }
    const { rows, columns } = features;
    const first = this.#key === undefined;
    this.#key ??= randomUUID();
    this.#rows += rows;
    const header = { rowsAhead: this.#key, first, rows, columns: columns.length };
    this.#open().send(this.#place, header, columns);
  }

  /** Names what was sent, where these rows are just that. */
  keyOf({ rows }: NumericTable): string | undefined {
    return rows > 0 && rows === this.#rows ? this.#key : undefined;
  }
}
