import { KeplerError } from '../contract/errors.ts';
import type { Message, ReplyMeta } from '../contract/requests.ts';
import { SPLICE_PREAMBLE_BYTES } from '../contract/splice.ts';
import { MEDIA } from '../contract/wire.ts';
import { parseParams } from '../estimators/options.ts';
import { Dictionary } from '../table/dictionary.ts';
import type { Header } from '../table/header.ts';
import { layoutOf, outputsAlone } from '../table/layout.ts';
import { ChunkReader, NUMBER, SKIP, TEXT } from '../table/reader.ts';
import { GroupScorer } from '../table/group-scorer.ts';
import { nameOutputs } from '../table/scatter.ts';
import { rowsOfOutput } from '../table/output-kinds.ts';
import { Scorer } from '../table/scorer.ts';
import type { Scored } from '../table/scorer.ts';
import { Region } from '../table/table-memory.ts';
import type { TableMemory } from '../table/table-memory.ts';
import { Weaver } from '../table/weaver.ts';
import type { ChunkSource } from './chunk-source.ts';
import type { Control } from './control.ts';
import { KeptBlocks } from './kept-blocks.ts';
import type { Block } from './kept-blocks.ts';
import type { Answer, Question } from './messages.ts';
import { applyOptions, groupedState } from './model-cache.ts';
import type { LoadedModel, ModelCache } from './model-cache.ts';
import { rareValueWarnings } from './rare-values.ts';

type ApplyQuestion = Extract<Question, { ask: 'apply' }>;
type Reply = Extract<Answer, { answer: 'reply' }>;

/** From this much on, a worker forgets all that it has laid out before the next chunk. */
const FULL_BYTES = 192 << 20;

/** Rows that a template is sent at once while the others are read: fewer wake its process too often. */
const ROWS_AHEAD = 8192;

/** A model with its options, laid out in this worker's memory. */
interface Installed {
  readonly scorer: Scorer | GroupScorer;
  readonly dictionaries: readonly (Dictionary | undefined)[];
  readonly outputNames: readonly string[];
  readonly plainNames: readonly string[];
}

/** Addresses of the fields of the block that was read last, of so many rows. */
type FieldsOf = (rows: number) => readonly number[];

interface ScoredBlock {
  readonly block: Block;
  readonly scored: Scored;
}

/** Worker: answers chunks of `apply`, each for itself: reads rows as their bytes come, scores and formats them at once. */
export class ChunkApplier {
  readonly #memory: TableMemory;
  readonly #source: ChunkSource;
  readonly #control: Control;
  readonly #models: ModelCache;
  readonly #maxColumns: number;
  readonly #reader: ChunkReader;
  readonly #weaver: Weaver;
  readonly #out: Region;
  readonly #nulls: Region;
  readonly #codes: Region[] = [];
  readonly #kept: KeptBlocks;
  #installed = new WeakMap<LoadedModel, Map<string, Installed>>();

  constructor(
    memory: TableMemory,
    source: ChunkSource,
    control: Control,
    models: ModelCache,
    maxColumns: number,
  ) {
    this.#memory = memory;
    this.#source = source;
    this.#control = control;
    this.#models = models;
    this.#maxColumns = maxColumns;
    this.#reader = new ChunkReader(memory);
    this.#weaver = new Weaver(memory);
    this.#out = new Region(memory);
    this.#nulls = new Region(memory);
    this.#kept = new KeptBlocks(memory);
  }

  get full(): boolean {
    return this.#memory.mark > FULL_BYTES;
  }

  async apply(question: ApplyQuestion): Promise<Reply> {
    const { id, version } = question.model;
    const model = await this.#models.load(id, version);
    const installed = this.#install(model, question);
    this.#source.start(question.bytes);
    const started = performance.now();
    const { header, end } = this.#source.header(this.#maxColumns);
    const resolved = { namespace: id.namespace, name: id.name, version };
    if (!header) return this.#reply({ messages: [], version: resolved }, 0, 0, question.accept);

    const messages: Message[] = [];
    const places = findFields(model, header);
    const kinds = new Uint8Array(header.names.length).fill(SKIP);
    model.manifest.preparation.fields.forEach((field, i) => {
      if (places[i] >= 0) kinds[places[i]] = field.kind === 'number' ? NUMBER : TEXT;
    });
    this.#reader.open(this.#source.address, header, kinds);
    const nothingToRead = question.chunk === 0 && places.every((place) => place < 0);

    const layout =
      question.accept === 'columns'
        ? outputsAlone(installed.outputNames, header)
        : layoutOf(header, installed.outputNames);
    const accept = layout.mapped || question.accept !== 'splice' ? 'csv' : 'splice';
    const preamble = accept === 'splice' ? SPLICE_PREAMBLE_BYTES : 0;
    let used = preamble + layout.header.length;
    this.#out.ensure(Math.max(used, question.bytes >> (accept === 'splice' ? 2 : 0)));
    this.#memory.bytes.set(layout.header, this.#out.address + preamble);
    let woven = layout.header.length;
    let rows = 0;
    let left = 0;
    let unknown = 0;

    const fieldsOf = (count: number) => {
      if (nothingToRead) throw noFieldThere(model);
      return this.#fieldAddresses(model, installed, places, count);
    };
    const scoredBlocks = model.template.atOnce
      ? this.#scoreAtOnce(model, installed, fieldsOf, end)
      : this.#scoreBlocks(installed, fieldsOf, end);
    for (const { block, scored } of scoredBlocks) {
      this.#weaver.setOutputs(
        scored.outputs,
        block.rows,
        scored.outputs.length > 0 ? this.#memory.doubles.buffer : undefined,
      );
      const maxMissing = block.missing > 0 ? header.names.length : 0;
      const placed = { ...block, maxMissing, valid: scored.valid, keep: 0 };
      const bound = this.#weaver.bound(placed);
      if (accept === 'splice') {
        const out = this.#out.ensure(used + bound, used);
        const listed = this.#weaver.list(placed, out + used);
        used = listed.end - out;
        woven += listed.woven;
      } else {
        const extra = layout.mapped ? block.rows * layout.mapped.map.length : 0;
        const out = this.#out.ensure(used + bound + block.bytes + extra, used);
        used = this.#weaver.csv(placed, block.start, out + used, layout.mapped) - out;
      }
      rows += block.rows;
      left += scored.left;
      if ('unknown' in scored) unknown += scored.unknown as number;
      this.#control.check();
    }
    if (accept === 'splice') {
      // A header that has no line end of its own was given one that the chunk does not have.
      const headerBytes = Math.min(header.bytes, question.bytes);
      this.#memory.words.set([headerBytes, woven, layout.header.length], this.#out.address / 4);
    }
    if (rows > 0) messages.push(...missingFields(model, places));
    messages.push(...rareValueWarnings(this.#reader.rarities, header.names, model.manifest.id.name));
    if (unknown > 0) messages.push(unknownGroups(model, unknown));
    const metrics = { rows, rows_without_output: left, apply_ms: performance.now() - started };
    const { algorithm } = model.manifest;
    return this.#reply({ messages, metrics, version: resolved, algorithm }, used, rows, accept);
  }

  /** The chunk's blocks of whole rows, as their bytes come; each is good until the next is asked for. */
  *#blocks(end: number): Generator<Block> {
    const reader = this.#reader;
    for (let available = end; ; available = this.#source.more()) {
      const last = this.#source.complete;
      for (let rows = reader.next(available); rows > 0; rows = reader.next(available)) {
        yield {
          rows,
          start: reader.blockStart,
          bytes: reader.blockEnd - reader.blockStart,
          lengths: reader.lengths,
          missing: reader.shortRows > 0 ? reader.missing : 0,
        };
      }
      if (last) return reader.finish(available);
    }
  }

  *#scoreBlocks(installed: Installed, fieldsOf: FieldsOf, end: number): Generator<ScoredBlock> {
    for (const block of this.#blocks(end)) {
      yield { block, scored: installed.scorer.score(fieldsOf(block.rows), block.rows) };
    }
  }

  /** Reads the whole chunk and scores it in one go: for templates that cost more to ask than a row. */
  *#scoreAtOnce(
    model: LoadedModel,
    installed: Installed,
    fieldsOf: FieldsOf,
    end: number,
  ): Generator<ScoredBlock> {
    const widths = model.manifest.preparation.fields.map(({ kind }) => (kind === 'number' ? 8 : 4));
    this.#kept.clear(widths);
    const scorer = installed.scorer instanceof Scorer ? installed.scorer : undefined;
    let ahead = scorer?.startAhead() ?? false;
    let sent = 0;
    const sendAhead = () => {
      ahead = scorer!.ahead(this.#kept.fieldsFrom(sent), this.#kept.rows - sent);
      sent = this.#kept.rows;
    };
    for (const block of this.#blocks(end)) {
      this.#kept.add(block, fieldsOf(block.rows));
      if (ahead && this.#kept.rows - sent >= ROWS_AHEAD) sendAhead();
      this.#control.check();
    }
    const { rows } = this.#kept;
    if (rows === 0) return;
    if (ahead && sent < rows) sendAhead();
    const scored = installed.scorer.score(this.#kept.fieldsFrom(0), rows);
    let from = 0;
    for (const block of this.#kept.blocks()) {
      // What is told of all rows is told with the first of them.
      yield { block, scored: rowsOfScored(scored, from, from + block.rows, from === 0) };
      from += block.rows;
    }
  }

  #reply(meta: ReplyMeta, used: number, rows: number, accept: ApplyQuestion['accept']): Reply {
    let bytes = used;
    if (used === 0 && accept === 'splice') {
      // An empty chunk: an empty list.
      this.#memory.words.fill(0, this.#out.ensure(64) / 4, this.#out.address / 4 + 3);
      bytes = SPLICE_PREAMBLE_BYTES;
    }
    const media = accept === 'splice' ? MEDIA.splice : MEDIA.csv;
    return { answer: 'reply', meta, media, start: this.#out.address, bytes, rows, full: this.full };
  }

  #install(model: LoadedModel, { spec }: ApplyQuestion): Installed {
    const variants = this.#installed.get(model) ?? new Map<string, Installed>();
    this.#installed.set(model, variants);
    const key = JSON.stringify([spec.options, spec.as]);
    let installed = variants.get(key);
    if (!installed) {
      const { template, manifest, state } = model;
      const given = parseParams(
        template.applyParams ?? { type: 'object', properties: {}, additionalProperties: false },
        spec.options,
        `apply of ${template.name}`,
      );
      const preparation = manifest.preparation;
      const dictionaries = preparation.fields.map((field) =>
        // Raw texts have no levels: what the chunks hold is entered as it comes.
        field.kind === 'text'
          ? new Dictionary(this.#memory, field.levels ?? (preparation.raw ? undefined : []))
          : undefined,
      );
      const levelsOf = (field: number) => dictionaries[field]?.levels ?? [];
      const skipUnseen = preparation.unseenValue === 'skip' || preparation.unseenValue === 'stop';
      const scorer = manifest.by
        ? new GroupScorer(
            this.#memory,
            template,
            groupedState(model),
            preparation,
            manifest.by,
            given,
            skipUnseen,
            levelsOf,
          )
        : new Scorer(
            this.#memory,
            template,
            state,
            preparation,
            applyOptions(model, given),
            skipUnseen,
            levelsOf,
          );
      const plainNames = scorer.outputNames();
      installed = {
        scorer,
        plainNames,
        outputNames: nameOutputs(plainNames, spec.as, template.rename),
        dictionaries,
      };
      variants.set(key, installed);
    }
    return installed;
  }

  /** Addresses of the block's fields: numbers as read, texts coded, nulls for what the chunk lacks. */
  #fieldAddresses(
    model: LoadedModel,
    installed: Installed,
    places: readonly number[],
    rows: number,
  ): number[] {
    const { preparation, by } = model.manifest;
    return preparation.fields.map((field, i) => {
      if (places[i] < 0) return this.#allNull(rows);
      const cells = this.#reader.column(places[i]);
      if (field.kind === 'number') return cells;
      const codes = (this.#codes[i] ??= new Region(this.#memory)).ensure(rows * 4);
      installed.dictionaries[i]?.encode(cells, rows, codes);
      if (preparation.unseenValue === 'stop' && !by?.includes(field.name)) {
        this.#refuseUnseen(field.name, codes, rows);
      }
      return codes;
    });
  }

  /** A column of nulls of either kind: all bits set is a NaN as a double and -1 as a code. */
  #allNull(rows: number): number {
    const nulls = this.#nulls.ensure(rows * 8);
    this.#memory.integers.fill(-1, nulls / 4, nulls / 4 + rows * 2);
    return nulls;
  }

  #refuseUnseen(name: string, codes: number, rows: number): void {
    if (!this.#memory.integers.subarray(codes / 4, codes / 4 + rows).includes(-2)) return;
    throw new KeplerError(
      'invalid_data',
      `Field "${name}" holds a value that the model has not seen in its fit, and the model was fitted with unseen_value=stop. Filter such rows out, or fit again with unseen_value=default or skip.`,
    );
  }
}

/** Rows of what was scored at once. @param counts whether they come with the counts of all rows */
function rowsOfScored(scored: Scored, from: number, to: number, counts: boolean): Scored {
  return {
    ...scored,
    outputs: scored.outputs.map((output) => rowsOfOutput(output, from, to)),
    valid: scored.valid === 0 ? 0 : scored.valid + from,
    left: counts ? scored.left : 0,
    ...('unknown' in scored && { unknown: counts ? scored.unknown : 0 }),
  };
}

function unknownGroups({ manifest }: LoadedModel, count: number): Message {
  const by = (manifest.by ?? []).map((name) => `"${name}"`).join(', ');
  const about = (n: string | number, one: boolean) =>
    `${n} ${one ? 'row is' : 'rows are'} of a group (by ${by}) that the model "${manifest.id.name}" does not have; ${one ? 'its' : 'their'} new fields are empty.`;
  return {
    level: 'WARN',
    text: about(count, count === 1),
    tally: { key: 'groups', count, total: about('{n}', false) },
  };
}

/** Where the header has the model's fields; -1 where it lacks one. */
function findFields({ manifest }: LoadedModel, header: Header): number[] {
  const index = new Map(header.names.map((name, i) => [name, i]));
  return manifest.preparation.fields.map(({ name }) => index.get(name) ?? -1);
}

function missingFields({ manifest }: LoadedModel, places: readonly number[]): Message[] {
  const missing = manifest.preparation.fields
    .filter(({ optional }, i) => places[i] < 0 && !optional)
    .map(({ name }) => `"${name}"`);
  if (missing.length === 0) return [];
  return [
    {
      level: 'WARN',
      text: `Fields that the model "${manifest.id.name}" needs are missing, so rows have an empty prediction: ${missing.join(', ')}.`,
    },
  ];
}

/** Thrown with the first rows, not with a header alone, which may be that of rows still to come. */
function noFieldThere({ manifest }: LoadedModel): KeplerError {
  const missing = manifest.preparation.fields.map(({ name }) => `"${name}"`).join(', ');
  return new KeplerError(
    'no_features',
    `None of the fields that the model "${manifest.id.name}" (version ${manifest.version}) needs is in the search results: ${missing}. Check that the search keeps them.`,
  );
}
