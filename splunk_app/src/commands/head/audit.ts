import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { KeplerError } from '../../../../container/contract/errors.ts';
import type { RawOptions } from '../../../../container/contract/requests.ts';
import type { Head } from './head.ts';
import { makeRoom } from './rotation.ts';

/** What no log may say. */
const SECRET = /token|password|secret|code|key$/i;

export interface AuditLine {
  readonly verb: string;
  readonly name?: string;
  readonly options: RawOptions;
  readonly outcome: 'begun' | 'done' | 'refused' | 'failed';
  readonly code?: string;
  readonly message?: string;
  readonly changes?: readonly unknown[];
}

/**
 * `$SPLUNK_HOME/var/log/splunk/kepler_audit.log`: a JSON line for each use of a verb that the search head answers, also of one
 * that is refused.
 * @throws KeplerError configuration where it cannot be written
 */
export function writeAudit(head: Head, line: AuditLine): void {
  const folder = join(head.splunkHome, 'var', 'log', 'splunk');
  const { user, app, sid } = head.session.search;
  const options = Object.fromEntries(
    Object.entries(line.options).map(([name, value]) => [name, SECRET.test(name) ? '(not shown)' : value]),
  );
  const text = JSON.stringify({
    time: new Date().toISOString(),
    user,
    app,
    ...head.who,
    sid,
    ...line,
    options,
  });
  const path = join(folder, 'kepler_audit.log');
  try {
    mkdirSync(folder, { recursive: true });
    makeRoom(path);
    appendFileSync(path, `${text}\n`, { mode: 0o600 });
  } catch (error) {
    throw new KeplerError(
      'configuration',
      `The audit log in ${folder} cannot be written (${(error as Error).message}), and nothing is changed without it.`,
      { cause: error },
    );
  }
}
