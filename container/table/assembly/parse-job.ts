export const QUOTE: u8 = 34;
export const COMMA: u8 = 44;
export const LF: u8 = 10;
export const CR: u8 = 13;

/** A text cell's length with this bit: its bytes are not its text (doubled quotes, or more behind a closing quote). */
export const ODD: u32 = 0x80000000;
/** A row's length with this bit: it ends in CR LF. */
export const CRLF: u32 = 0x80000000;

export const KIND_NUMBER: u8 = 1;
export const KIND_TEXT: u8 = 2;

export const STATUS_OK: i32 = 0;
export const STATUS_LONG_ROW: i32 = 1;

/** What the host hands over and reads back; its twin is in `ChunkReader` (`reader.ts`). */
@unmanaged
export class ParseJob {
  position: u32;
  end: u32;
  rows: u32;
  maxRows: u32;
  columns: u32;
  kinds: u32;
  values: u32;
  stride: u32;
  lengths: u32;
  missing: u32;
  shortRows: u32;
  status: i32;
  /** Room for cells' ends, and how much. */
  ends: u32;
  endsBytes: u32;
}
