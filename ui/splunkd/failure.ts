/**
 * What went wrong between a page and Splunk:
 * `search`: the search ran and failed, its message says why · `unreachable`: no answer from splunkd ·
 * `signed-out`: the session has ended · `refused`: splunkd answered a call with an error.
 */
export type FailureKind = 'search' | 'unreachable' | 'signed-out' | 'refused';

export class SplunkFailure extends Error {
  override readonly name = 'SplunkFailure';
  readonly kind: FailureKind;
  /** HTTP status, where a call was refused. */
  readonly status: number | undefined;
  readonly sid: string | undefined;

  constructor(kind: FailureKind, message: string, about: { status?: number; sid?: string } = {}) {
    super(message);
    this.kind = kind;
    this.status = about.status;
    this.sid = about.sid;
  }
}

/** splunkd puts its own words before what a command says: `Error in "kepler" command: …`. People need what follows. */
export function withoutPrefix(text: string): string {
  return text
    .replace(/^Error in ['"]?[\w ]+['"]? command:\s*/i, '')
    .replace(/^(External|Streamed) search command [^:]*:\s*/i, '');
}
