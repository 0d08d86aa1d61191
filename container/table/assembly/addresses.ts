/** Where the host puts the lookup tables, before everything that it lays out itself. The host reads these as exports. */
export const FIRST_TABLE: u32 = 65536;
/** Shuffles that drop a number's point and align its digits right, 16 bytes each, by 16 x length + place of the point. */
export const SHUFFLES: u32 = 65536;
/** 5^-342 … 5^308 to 128 bits (high, low), for reading. */
export const POWERS_OF_FIVE: u32 = 70464;
/** 10^-292 … 10^324 to 128 bits (high, low), rounded up, for writing. */
export const POWERS_FOR_WRITING: u32 = 80896;
/** "00" … "99". */
export const DIGIT_PAIRS: u32 = 90816;
/** By what a number's digits are divided, as doubles, by 16 x length + place of the point; 4096 bytes behind, the negatives. */
export const DIVISORS: u32 = 91072;
/** The first byte that belongs to the host. */
export const FREE: u32 = 99328;
