/** The runs of the workbench: one at a time a user, the last ones kept to be looked at and compared. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { KeplerError } from '../contract/errors.ts';
import type { RunRequest, RunResult } from '../contract/workbench.ts';
import type { Principal } from '../registry/types.ts';
import { Run } from './run.ts';
import type { WorkbenchServices } from './services.ts';

/** Of all users together. */
const MOST_RUNNING = 4;
/** Ended ones: of a user's file the last so many, of all the last so many. */
const KEPT_OF_FILE = 2;
const KEPT = 50;

export class Runs {
  readonly #services: WorkbenchServices;
  readonly #runs = new Map<string, Run>();

  constructor(services: WorkbenchServices) {
    this.#services = services;
  }

  /** Removes what runs before this process left. */
  async sweep(): Promise<void> {
    await rm(join(this.#services.home, 'runs'), { recursive: true, force: true });
  }

  /** @throws KeplerError queue_full while the user has one that runs, or too many run */
  start(principal: Principal, request: RunRequest): Run {
    const running = [...this.#runs.values()].filter(({ result }) => !result);
    if (running.some((run) => run.principal.user === principal.user)) {
      throw new KeplerError('queue_full', 'A run of yours is under way. Wait for its end, or stop it.');
    }
    if (running.length >= MOST_RUNNING) {
      throw new KeplerError(
        'queue_full',
        `${running.length} runs of others are under way, as many as may run at once. Try again in a moment.`,
      );
    }
    const run = new Run(this.#services, principal, request);
    this.#runs.set(run.id, run);
    this.#makeRoom(run);
    return run;
  }

  /** A run of the user's own. @throws KeplerError not_found */
  find(principal: Principal, id: string): Run {
    const run = this.#runs.get(id);
    if (run?.principal.user === principal.user) return run;
    throw new KeplerError(
      'not_found',
      'There is no such run of yours, or not any more. Run the template again.',
    );
  }

  /** What came of the last runs of a file, the newest first. */
  of(principal: Principal, file: string): RunResult[] {
    return this.#ended(principal.user, file)
      .reverse()
      .map(({ result }) => result as RunResult);
  }

  /** The one that runs. */
  current(principal: Principal): Run | undefined {
    return [...this.#runs.values()].find((run) => !run.result && run.principal.user === principal.user);
  }

  /** Stops all, and waits until they are gone. */
  async close(): Promise<void> {
    for (const run of this.#runs.values()) run.stop();
    await Promise.all([...this.#runs.values()].map(({ ended }) => ended));
  }

  #ended(user: string, file: string): Run[] {
    return [...this.#runs.values()].filter(
      ({ result, principal, request }) => result && principal.user === user && request.file === file,
    );
  }

  /** The new one will be the last of its file. */
  #makeRoom({ principal, request }: Run): void {
    const before = this.#ended(principal.user, request.file);
    for (const { id } of before.slice(0, Math.max(0, before.length - (KEPT_OF_FILE - 1))))
      this.#runs.delete(id);
    for (const [id, { result }] of this.#runs) {
      if (this.#runs.size <= KEPT) return;
      if (result) this.#runs.delete(id);
    }
  }
}
