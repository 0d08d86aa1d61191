// Columns out of CSV bytes, numbers and rows back into CSV. The host lays out memory; nothing is allocated here.
export {
  DIGIT_PAIRS,
  DIVISORS,
  FIRST_TABLE,
  FREE,
  POWERS_FOR_WRITING,
  POWERS_OF_FIVE,
  SHUFFLES,
} from './addresses';
export { parse, splitCells } from './parse';
export { encode } from './dictionary';
export { xxhash } from './fingerprint';
export { formatNumber } from './format';
export { measure, weaveCsv, weaveList, weaveListed, weaveMapped } from './weave';
