/** What a search's signed token says: an EdDSA JWT, made by the command, checked in the runtime. */
export interface TokenClaims {
  readonly iss: 'kepler-search-head';
  readonly aud: 'kepler-runtime';
  /** The user who searches. */
  readonly sub: string;
  readonly app: string;
  readonly roles: readonly string[];
  /** Those of the user's capabilities that are Kepler's own; absent from an older app. */
  readonly capabilities?: readonly string[];
  /** As `acl`, of other apps by name: in searches that show the models of all apps. */
  readonly apps?: Readonly<Record<string, AppAccess>>;
  readonly sid: string;
  /** Who may read and write what belongs to the app, from its metadata; `*` is everybody. */
  readonly acl: AppAccess;
  /** Seconds since 1970. */
  readonly iat: number;
  readonly exp: number;
}

/** Roles that may read and write; `*` is everybody. */
export interface AppAccess {
  readonly read: readonly string[];
  readonly write: readonly string[];
}

export const TOKEN_LIFETIME_S = 300;

/** The `kid` of a key: the first 16 hexadecimal digits of the SHA-256 of its public half in SPKI DER form. */
export type KeyId = string;
