/**
 * The one-time code by which a search head and a runtime that runs elsewhere come to trust each other. It holds a secret, known
 * to whoever reads the runtime's log, and the beginning of the fingerprint of the runtime's certificate: so the search head
 * knows that it speaks with that runtime before it says the secret, and nobody in between learns it.
 */
export interface EnrolmentCode {
  /** Bytes of the secret, hexadecimal. */
  readonly secret: string;
  /** The first FINGERPRINT_BYTES of the SHA-256 of the certificate in DER form, hexadecimal. */
  readonly fingerprint: string;
}

export const SECRET_BYTES = 10;
/** 96 bits: nobody makes another certificate that begins alike. */
export const FINGERPRINT_BYTES = 12;

/** Crockford's base 32: no letter looks like a digit. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const PREFIX = 'K1';
const GROUP = 6;

/** `K1-…`: 36 letters in groups of six. */
export function writeCode({ secret, fingerprint }: EnrolmentCode): string {
  let bits = BigInt(`0x${secret}${fingerprint}`) << PADDING;
  let text = '';
  for (let i = 0; i < LENGTH; i++) {
    text = LETTERS[Number(bits & 31n)] + text;
    bits >>= 5n;
  }
  return [PREFIX, ...(text.match(new RegExp(`.{${GROUP}}`, 'g')) ?? [])].join('-');
}

const BYTES = SECRET_BYTES + FINGERPRINT_BYTES;
const LENGTH = Math.ceil((BYTES * 8) / 5);
const PADDING = BigInt(LENGTH * 5 - BYTES * 8);

/** Reads what a person copied or typed: in any case of letters, with or without dashes; undefined where it is no code. */
export function readCode(text: string): EnrolmentCode | undefined {
  const plain = text.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
  if (!plain.startsWith(PREFIX) || plain.length !== PREFIX.length + LENGTH) return undefined;
  let bits = 0n;
  for (const letter of plain.slice(PREFIX.length)) {
    const value = LETTERS.indexOf(letter);
    if (value < 0) return undefined;
    bits = (bits << 5n) | BigInt(value);
  }
  if (bits & ((1n << PADDING) - 1n)) return undefined;
  const hex = (bits >> PADDING).toString(16).padStart(2 * BYTES, '0');
  return { secret: hex.slice(0, 2 * SECRET_BYTES), fingerprint: hex.slice(2 * SECRET_BYTES) };
}
