import { clipped } from '../contract/clipped.ts';
import { KeplerError } from '../contract/errors.ts';
import type { Message, ReplyMeta } from '../contract/requests.ts';
import { SPLICE_PREAMBLE_BYTES } from '../contract/splice.ts';
import type { OutputColumn } from '../contract/template.ts';
import { MEDIA } from '../contract/wire.ts';
import type { Registry } from '../registry/registry.ts';
import { requiredFields, runScore } from '../score/catalogue.ts';
import { selectRows } from '../score/sample.ts';
import { encodeTable } from '../table/csv-cells.ts';
import { selects } from '../table/select-fields.ts';
import { Region } from '../table/table-memory.ts';
import type { TableMemory } from '../table/table-memory.ts';
import type { ChunkSource } from './chunk-source.ts';
import { ColumnsBack } from './columns-back.ts';
import { Collector } from './collector.ts';
import type { Control } from './control.ts';
import { runFit, wantedByFit } from './fit.ts';
import type { Answer, CollectSpec, Question } from './messages.ts';
import type { ModelCache } from './model-cache.ts';
import { RowsBack } from './rows-back.ts';
import { Spool } from './spool.ts';
import { runStage } from './stage.ts';
import type { TemplateFinder } from '../templates/finder.ts';
import type { Teller } from './teller.ts';
import type { JobSettings } from './types.ts';

type OpenQuestion = Extract<Question, { ask: 'open' }>;
type Pieces = Iterator<{ start: number; bytes: number }>;

export interface Parts {
  readonly memory: TableMemory;
  readonly source: ChunkSource;
  readonly control: Control;
  readonly settings: JobSettings;
  readonly registry: Registry;
  readonly models: ModelCache;
  readonly templates: TemplateFinder;
  readonly teller: Teller;
}

/** Worker: one `fit`, `score` or `sample`, from its first chunk to the last piece of its reply. */
export class CollectingJob {
  readonly #parts: Parts;
  readonly #open: OpenQuestion;
  readonly #collector: Collector;
  readonly #spool: Spool | undefined;
  readonly #out: Region;
  #pieces: Pieces = [][Symbol.iterator]();

  constructor(parts: Parts, open: OpenQuestion) {
    const { memory, source, control, settings } = parts;
    this.#parts = parts;
    this.#open = open;
    this.#spool =
      rowsComeBack(open.job) && !open.columnsAlone
        ? new Spool(settings.spoolFolder, settings.maxSpoolBytes)
        : undefined;
    this.#out = new Region(memory);
    this.#collector = new Collector(
      memory,
      source,
      control,
      settings,
      selects(wantedFields(open.job)),
      this.#spool,
      open.job.kind === 'fit' ? open.job.spec.by : [],
      keepsEveryText(open.job, parts.templates) ? Infinity : undefined,
    );
  }

  /** Has the process of a fit's template started while rows come in, or waits for it. @throws KeplerError why there is none */
  start(awaited: boolean): void {
    const { job } = this.#open;
    if (job.kind !== 'fit' || job.spec.mode === 'stage') return;
    this.#parts.templates.find(job.spec.algorithm).start?.(awaited);
  }

  collect(bytes: number, accept: 'splice' | 'csv' | 'columns'): Extract<Answer, { answer: 'reply' }> {
    const rows = this.#collector.collect(bytes);
    const { job } = this.#open;
    const reply = { answer: 'reply', meta: { messages: [], metrics: { rows } }, rows, full: false } as const;
    if (job.kind !== 'fit' || job.spec.apply) {
      return { ...reply, media: MEDIA.csv, start: this.#parts.source.address, bytes: 0 };
    }
    if (accept !== 'splice') {
      return { ...reply, media: MEDIA.csv, start: this.#parts.source.address, bytes };
    }
    return { ...reply, media: MEDIA.splice, ...this.#wholeChunk(bytes) };
  }

  async finish(): Promise<Extract<Answer, { answer: 'result' }>> {
    const { job } = this.#open;
    if (job.kind === 'fit') return this.#finishFit(job.spec);
    const messages: Message[] = [];
    const table = this.#collector.table(messages);
    const metrics = { rows: table.rows };
    if (job.kind === 'score') {
      const warn = (text: string) => void messages.push({ level: 'WARN', text });
      const result = runScore(job.spec, table, warn);
      return this.#instead(encodeTable(result.fields, result.rows), {
        messages: [...messages, ...(result.messages ?? [])],
        metrics,
      });
    }
    const { spec } = job;
    const column = (name: string | undefined) => table.columns.find((one) => one.name === name);
    const proportional = column(spec.proportional);
    if (proportional?.kind === 'text') {
      throw new KeplerError(
        'not_numeric',
        `sample: proportional="${proportional.name}" must hold numbers from 0 to 1, but holds text such as "${clipped(proportional.levels[0])}".`,
      );
    }
    const selection = selectRows(spec, table.rows, { proportional, by: column(spec.by) });
    const outputs: OutputColumn[] =
      selection.kind === 'partition'
        ? [{ name: spec.fieldName, kind: 'number', values: Float64Array.from(selection.partition) }]
        : [];
    const keep = selection.kind === 'subset' ? selection.keep : undefined;
    const bytes = await this.#rowsBack(outputs, undefined, keep);
    return { answer: 'result', meta: { messages, metrics }, bytes };
  }

  /** The next piece of the reply; 0 bytes at its end. */
  piece(): Extract<Answer, { answer: 'piece' }> {
    const next = this.#pieces.next();
    return next.done ? { answer: 'piece', start: 0, bytes: 0 } : { answer: 'piece', ...next.value };
  }

  close(): void {
    this.#spool?.close();
  }

  async #finishFit(
    spec: Extract<CollectSpec, { kind: 'fit' }>['spec'],
  ): Promise<Extract<Answer, { answer: 'result' }>> {
    const { settings, registry, models, templates, memory, control, teller } = this.#parts;
    const messages: Message[] = [];
    const table = this.#collector.table(messages);
    const { principal, search } = this.#open;
    if (spec.mode === 'stage') {
      messages.push(...(await runStage({ spec, principal, search, table, settings, templates })));
      const meta = { messages, metrics: { rows: table.rows } };
      const bytes = spec.apply ? await this.#rowsBack([], undefined, undefined) : 0;
      return { answer: 'result', meta, bytes };
    }
    const result = await runFit({
      spec,
      principal,
      search,
      table,
      fingerprint: this.#collector.fingerprint(),
      settings,
      registry,
      models,
      templates,
      memory,
      control,
      teller,
    });
    // While the version is being written, the rows' new cells are.
    const { outputs, complete, instead } = result;
    const comesBack = spec.apply && !instead;
    const [stored, measured] = await Promise.allSettled([
      result.version,
      comesBack ? this.#rowsBack(outputs, complete, undefined) : 0,
    ]);
    if (stored.status === 'rejected') throw stored.reason;
    if (measured.status === 'rejected') throw measured.reason;
    const meta: ReplyMeta = {
      messages: [...messages, ...result.messages],
      metrics: result.metrics,
      ...(stored.value && { version: stored.value }),
    };
    if (instead) return this.#instead(encodeTable(instead.fields, instead.rows), meta);
    return { answer: 'result', meta, bytes: measured.value };
  }

  /** Has the pieces of the reply ready to be asked for. Returns the bytes of all of them. */
  async #rowsBack(
    outputs: readonly OutputColumn[],
    valid: Uint8Array | undefined,
    keep: Uint8Array | undefined,
  ): Promise<number> {
    const { memory, control } = this.#parts;
    const allValid = valid?.includes(0) ? valid : undefined;
    const back = this.#open.columnsAlone
      ? new ColumnsBack(memory, control, this.#collector.rows, outputs, allValid)
      : new RowsBack(
          memory,
          control,
          this.#spool as Spool,
          this.#collector.spooledRows(),
          outputs,
          allValid,
          keep,
        );
    const bytes = await back.measure();
    this.#pieces = back.produce();
    return bytes;
  }

  /** A table in place of the rows. */
  #instead(csv: string, meta: ReplyMeta): Extract<Answer, { answer: 'result' }> {
    const bytes = Buffer.from(csv);
    const start = this.#out.ensure(bytes.length);
    this.#parts.memory.bytes.set(bytes, start);
    this.#pieces = [{ start, bytes: bytes.length }][Symbol.iterator]();
    return { answer: 'result', meta, bytes: bytes.length };
  }

  /** A splice list that leaves the chunk as it is: all of it counts as the header, and there are no rows. */
  #wholeChunk(bytes: number): { start: number; bytes: number } {
    const { memory, source } = this.#parts;
    const start = this.#out.ensure(SPLICE_PREAMBLE_BYTES + bytes);
    memory.words.set([bytes, bytes, bytes], start / 4);
    memory.bytes.copyWithin(start + SPLICE_PREAMBLE_BYTES, source.address, source.address + bytes);
    return { start, bytes: SPLICE_PREAMBLE_BYTES + bytes };
  }
}

function rowsComeBack(job: CollectSpec): boolean {
  if (job.kind === 'score') return false;
  return job.kind === 'sample' || (job.spec.apply && job.spec.kfoldCv === undefined);
}

/** Else a column of very many different texts is not worth its memory. */
function keepsEveryText(job: CollectSpec, templates: TemplateFinder): boolean {
  if (job.kind !== 'fit') return false;
  return job.spec.mode === 'stage' || templates.find(job.spec.algorithm).prepare === 'none';
}

function wantedFields(job: CollectSpec): string[] {
  if (job.kind === 'fit') return wantedByFit(job.spec);
  if (job.kind === 'score') return requiredFields(job.spec);
  return [job.spec.proportional, job.spec.by].filter((name) => name !== undefined);
}
