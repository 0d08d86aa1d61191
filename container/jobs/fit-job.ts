import type { FitSpec, Message, ResolvedModel, ResultTable, SearchContext } from '../contract/requests.ts';
import type { Table } from '../contract/table.ts';
import type { OutputColumn } from '../contract/template.ts';
import type { Registry } from '../registry/registry.ts';
import type { Principal } from '../registry/types.ts';
import type { TableMemory } from '../table/table-memory.ts';
import type { Control } from './control.ts';
import type { ModelCache } from './model-cache.ts';
import type { TemplateFinder } from '../templates/finder.ts';
import type { Teller } from './teller.ts';
import type { JobSettings } from './types.ts';

export interface FitJob {
  readonly spec: FitSpec;
  readonly principal: Principal;
  readonly search?: SearchContext;
  readonly table: Table;
  readonly fingerprint: string;
  readonly settings: JobSettings;
  readonly registry: Registry;
  readonly models: ModelCache;
  readonly templates: TemplateFinder;
  readonly memory: TableMemory;
  readonly control: Control;
  readonly teller: Teller;
}

export interface FitResult {
  readonly messages: readonly Message[];
  readonly metrics: Readonly<Record<string, number>>;
  /** May still be being written. */
  readonly version?: ResolvedModel | Promise<ResolvedModel>;
  /** New columns of all rows, and which rows have them; or a table in place of the rows. */
  readonly outputs: readonly OutputColumn[];
  readonly complete: Uint8Array;
  readonly instead?: ResultTable;
}
