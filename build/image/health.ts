/**
 * The image's health check: asks the runtime of its own container whether it is ready. Exit status 0 or 1, as Docker wants it;
 * what it prints is shown by `docker inspect`.
 */
import { readFileSync } from 'node:fs';
import { request as http } from 'node:http';
import { request as https } from 'node:https';
import { join } from 'node:path';

const ANSWER_MS = 4000;

function end(status: 0 | 1, text: string): never {
  process.stdout.write(`${text}\n`);
  process.exit(status);
}

/** Where it listens, by its own word, if it listens at all. */
function address(): URL {
  try {
    const file = readFileSync(join(process.env.KEPLER_HOME ?? '', 'runtime.json'), 'utf8');
    const { urls } = JSON.parse(file) as { urls: string[] };
    const url = new URL(urls.find((each) => each.startsWith('http')) ?? '');
    if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1';
    return new URL('/readyz', url);
  } catch (error) {
    end(1, `the runtime does not listen (${(error as Error).message})`);
  }
}

const url = address();
// Its own certificate is for others to check: this call does not leave the container.
const options = { agent: false as const, timeout: ANSWER_MS, rejectUnauthorized: false };
const call = (url.protocol === 'https:' ? https : http)(url, options, (reply) => {
  let text = '';
  reply.setEncoding('utf8');
  reply.on('data', (piece: string) => (text += piece));
  reply.on('end', () => end(reply.statusCode === 200 ? 0 : 1, text.trim()));
});
call.on('timeout', () => end(1, `no answer within ${ANSWER_MS / 1000} s`));
call.on('error', (error) => end(1, error.message));
call.end();
