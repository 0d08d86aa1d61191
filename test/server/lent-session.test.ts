/** A searcher's session that was lent for a job lies nowhere afterwards: in no log, no file, no answer. */
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killAll, listening, startProgram } from './program.ts';
import { FIT_SPEC, SearchHead, ask, authorized, chunk } from './requests.ts';

const KEY = 'lent-session-key-2718281828';

let home: string;
afterAll(() => {
  killAll();
  rmSync(home, { recursive: true, force: true });
});

it('is in no log, file or answer', async () => {
  home = mkdtempSync(join(tmpdir(), 'kepler-lent-'));
  const head = new SearchHead();
  head.trustIn(join(home, 'keys'));
  const program = startProgram(home, { KEPLER_LOG_LEVEL: 'trace' });
  const [url] = await listening(program);
  const token = await head.token();
  const session = { uri: 'https://127.0.0.1:8089', key: KEY };
  const model = { namespace: 'user', name: 'm' };
  const spec = {
    ...FIT_SPEC,
    algorithm: 'LinearRegression',
    options: {},
    targets: ['y'],
    fields: ['x'],
    into: model,
  };
  const answers = [
    await ask(url, '/v1/fit', chunk(token, 'x,y\n1,2\n2,4\n3,6\n', { spec, session })),
    await ask(url, '/v1/apply', chunk(token, 'x\n1\n', { spec: { model, options: {} }, session })),
    // Refused, and told why.
    await ask(
      url,
      '/v1/fit',
      chunk(token, 'x,y\n1,2\n', { spec: { ...spec, algorithm: 'Nonsense' }, session }),
    ),
    await ask(url, '/v1/fit', chunk(token, 'x,y\n1,2\n', { spec, session: { ...session, more: 1 } })),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 404, 400]);
  const plan = await ask(url, '/v1/fit/plan', {
    headers: authorized(token),
    body: JSON.stringify({ algorithm: 'LinearRegression' }),
  });
  expect(plan.json).toEqual({ needs: [] });
  program.process.kill('SIGTERM');
  await program.ended;
  expect(JSON.stringify(program.lines())).not.toContain(KEY);
  for (const { body } of answers) expect(body.toString()).not.toContain(KEY);
  const files = readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((file) =>
    statSync(join(home, file)).isFile(),
  );
  expect(files.length).toBeGreaterThan(3);
  for (const file of files) expect(readFileSync(join(home, file)).includes(KEY)).toBe(false);
});
