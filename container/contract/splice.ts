/**
 * The splice list: what the runtime sends back in place of rows that the bridge still holds.
 * All integers little-endian.
 *
 *   u32 oldHeader   bytes of the chunk's header line, its line end and a byte-order mark included: where the first row starts
 *   u32 total       bytes of the woven CSV: new header and all rows with their new text
 *   u32 newHeader   bytes of the new header line, its line end included
 *   newHeader bytes
 *   then a row after another, in order:
 *     u16 row       bytes of the row in the chunk without its line end; 0xFFFF: a u32 with the true length follows
 *     u8  text      bits 0-6: bytes of the text to append; 127: a u32 with the true length follows.
 *                   bit 7: the row ends in CR LF in the chunk (its line end is two bytes to skip, not one)
 *     text bytes    what follows the row: commas, cells, and the new line end
 *
 * A last row without a line end counts as if it had LF: the text brings one, and skipping past the chunk's end is harmless.
 */
export const SPLICE_PREAMBLE_BYTES = 12;
export const SPLICE_LONG_ROW = 0xffff;
export const SPLICE_LONG_TEXT = 127;
export const SPLICE_CRLF = 0x80;
