import type { Response } from 'express';
import { Router } from 'express';
import type { Message } from '../../search/job.ts';
import { Job } from '../../search/job.ts';
import type { Batch } from '../../table/batch.ts';
import type { SearchJobs } from './jobs.ts';
import { appOf } from './jobs.ts';
import { callerOf, parameters, required } from './reply.ts';
import { resultsCsv, resultsOf } from './results.ts';

/**
 * `search/jobs/export`: a search's rows while it finds them, a line of JSON each; nothing is kept. Events have their addresses
 * (`_bkt`, `_cd`). Ends with the connection.
 */
export function exportRoutes(jobs: SearchJobs): Router {
  const router = Router();
  router.post(['/search/jobs/export', '/search/v2/jobs/export'], async (request, response) => {
    const form = parameters(request);
    const caller = callerOf(response);
    const { job, close } = jobs.prepare(
      caller.user,
      appOf(caller),
      { ...Object.fromEntries(form), search: required(form, 'search') },
      true,
    );
    response.once('close', () => void job.cancel());
    const csv = form.get('output_mode') === 'csv';
    response.status(200).type(csv ? 'text/csv' : 'application/json');
    try {
      await (csv ? sendCsv(response, job) : sendLines(response, job));
    } finally {
      close();
    }
  });
  return router;
}

async function sendLines(response: Response, job: Job): Promise<void> {
  const write = (line: object) => written(response, `${JSON.stringify(line)}\n`);
  let offset = 0;
  // The last row says that it is the last: one is held back until that is known.
  let held: Record<string, unknown> | undefined;
  let failure: Message | undefined;
  try {
    for await (const batch of job.run()) {
      for (const result of resultsOf(batch)) {
        if (held) await write({ preview: false, offset: offset++, result: held });
        held = result;
      }
    }
  } catch (error) {
    failure = { type: 'ERROR', text: Job.failureText(error) };
  }
  const ending = failure ? {} : { lastrow: true };
  if (held) await write({ preview: false, offset, ...ending, result: held });
  else if (!failure) await write({ preview: false, lastrow: true });
  const messages = [
    ...(failure ? [{ type: 'FATAL', text: failure.text }] : []),
    ...job.messages.map(({ type, text }) => ({ type: type as string, text })),
  ];
  if (messages.length > 0) await write({ preview: false, messages });
  response.end();
}

async function sendCsv(response: Response, job: Job): Promise<void> {
  let first = true;
  for await (const batch of job.run()) {
    const text = resultsCsv([batch as Batch], { offset: 0, count: batch.rows, fields: [] });
    await written(response, first ? text : text.slice(text.indexOf('\n') + 1));
    first = false;
  }
  response.end();
}

/** Waits while the reader does not read; a reader who has gone ends the search, not this. */
async function written(response: Response, text: string): Promise<void> {
  if (response.destroyed || response.write(text)) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}
