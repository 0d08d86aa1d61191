/** The range of time that a search looks through, as it was given. */
export interface TimeRange {
  /** `-24h`, `-1d@d`, seconds since 1970, or empty for all time. */
  readonly earliest: string;
  readonly latest: string;
}
