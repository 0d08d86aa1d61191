/**
 * The version of what bridge and runtime say to each other; sent in `kepler-contract` with every request and reply.
 * It rises when an old bridge could misread a new runtime, or the other way round.
 */
export const CONTRACT_VERSION = 1;

/** The release of app and runtime. */
export const KEPLER_VERSION = '0.1.0';
