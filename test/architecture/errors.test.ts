import { readFileSync } from 'node:fs';
import { ERRORS, KeplerError } from '../../container/contract/errors.ts';

/** `| code | status | retry | meaning | remedy |` */
const rows = readFileSync('docs/errors.md', 'utf8')
  .split('\n')
  .map((line) => /^\| `([a-z_]+)` \| (\d{3}) \| (yes|no) \| (.+) \| (.+) \|$/.exec(line))
  .filter((match) => match !== null);

test('docs/errors.md has one line for each code of the catalogue, and no other', () => {
  const documented = rows.map(([, code]) => code);
  expect(new Set(documented).size).toBe(documented.length);
  expect([...documented].sort()).toEqual(Object.keys(ERRORS).sort());
});

test.each(Object.entries(ERRORS))('%s: status and retryability stand in docs/errors.md', (code, kind) => {
  const [, , status, retry, meaning, remedy] = rows.find((row) => row[1] === code)!;
  expect(Number(status)).toBe(kind.status);
  expect(retry === 'yes').toBe(kind.retryable);
  expect(meaning.trim().length).toBeGreaterThan(10);
  expect(remedy.trim().length).toBeGreaterThan(5);
});

test.each(Object.entries(ERRORS))('%s survives the wire', (code) => {
  const sent = new KeplerError(code as keyof typeof ERRORS, 'What was wrong.', { details: { field: 'a' } });
  const received = KeplerError.fromBody(JSON.parse(JSON.stringify(sent.toBody())));
  expect(received).toMatchObject({
    code,
    message: 'What was wrong.',
    details: { field: 'a' },
    status: sent.status,
  });
});

test('an error body that cannot be read becomes bad_reply', () => {
  for (const body of [
    null,
    {},
    { error: 1 },
    { error: { code: 'no_such_code', message: 'x' } },
    { error: { code: 'internal' } },
  ]) {
    expect(KeplerError.fromBody(body).code).toBe('bad_reply');
  }
});
