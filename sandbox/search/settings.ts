/** How the sandbox cuts rows into chunks. */
export interface ChunkSettings {
  /** Rows of the first chunk; splunkd begins small. */
  readonly firstRows: number;
  /** Rows of the others: splunkd's cap. */
  readonly rows: number;
  /** A chunk ends once it holds so many bytes, whatever its rows. */
  readonly bytes: number;
}

export const DEFAULT_CHUNKS: ChunkSettings = { firstRows: 2_500, rows: 50_000, bytes: 32 << 20 };
