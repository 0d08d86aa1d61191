/** New columns as the text of `results`, however they are cut into pieces. */
import { ResultsText } from '../../../container/server/dsdl/results.ts';

function inJson(csv: string, step: number): string {
  const bytes = Buffer.from(csv);
  const text = new ResultsText();
  const out: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += step) out.push(text.push(bytes.subarray(at, at + step)));
  return JSON.parse(`"${Buffer.concat(out).toString('utf8')}"`) as string;
}

describe.each([1, 3, 1000])('in pieces of %d bytes', (step) => {
  it.each([
    ['numbers', 'predicted(y)\n1.5\n-2\n', 'predicted_y\n1.5\n-2\n'],
    ['several columns', 'cluster,cluster_distance\n1,2\n,\n', 'cluster,cluster_distance\n1,2\n,\n'],
    [
      'quotes, commas and line ends',
      '"predicted(a,b)"\n"x ""y"",\n\nz"\n',
      '"predicted_a,b"\n"x ""y"",\n\nz"\n',
    ],
    ['other scripts', 'predicted(größe)\nключ\n😀\n', 'predicted_größe\nключ\n😀\n'],
    ['backslashes', 'predicted(y)\nc:\\n\\\\\n', 'predicted_y\nc:\\n\\\\\n'],
    ['control characters', 'predicted(y)\na\u0000\u0001b\n', 'predicted_y\na\u0000\u0001b\n'],
    ['line ends of Windows', 'predicted(y)\r\n1\r\n2\r\n', 'predicted_y\n1\n2\n'],
    // pandas leaves out a line without anything in it.
    ['rows without an answer', 'predicted(y)\n\n1\n\n', 'predicted_y\n""\n1\n""\n'],
    ['the same in Windows', 'predicted(y)\r\n\r\n1\r\n', 'predicted_y\n""\n1\n'],
    ['no rows', 'predicted(y)\n', 'predicted_y\n'],
  ])('%s', (_, csv, expected) => {
    expect(inJson(csv, step)).toBe(expected);
  });
});
