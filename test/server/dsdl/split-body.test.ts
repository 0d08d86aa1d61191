/** The body of DSDL's calls taken apart: what JSON.parse would give, and nothing that it would refuse. */
import { splitBody } from '../../../container/server/dsdl/split-body.ts';

function split(json: string | Buffer): { data: string | undefined; rest: unknown } {
  const bytes = Buffer.from(json);
  const { csv, rest } = splitBody(bytes);
  return { data: csv && bytes.toString('utf8', csv.start, csv.end), rest };
}

describe('data', () => {
  it.each([
    ['plain', 'a,b\n1,2\n'],
    ['quotes and backslashes', 'a\n"say ""hi"", c:\\dir\\"\n\\\n'],
    ['line ends and tabs', 'a\r\n\t1\f\b\r\n/'],
    ['other scripts', 'größe,ключ,名前,🛰\n1,"é",2,"😀"\n'],
    ['control characters', 'a\u0000\u001f\u007f\n'],
    ['nothing', ''],
  ])('is what was sent: %s', (_, data) => {
    const meta = { options: { params: { algo: '"x"', data: 'not this one' } } };
    for (const body of [
      { data, meta },
      { meta, data },
    ]) {
      for (const json of [JSON.stringify(body), JSON.stringify(body, null, 2), ascii(JSON.stringify(body))]) {
        expect(split(json)).toEqual({ data, rest: { data: '', meta } });
      }
    }
  });

  it('is the last of several, as for other parsers', () => {
    expect(split('{"data":"one","data":"two"}').data).toBe('two');
    expect(split('{"data":"one","data":null}').data).toBeUndefined();
  });

  it('is absent where it is no text', () => {
    expect(split('{"data":{"data":"x"},"meta":{}}')).toEqual({
      data: undefined,
      rest: { data: { data: 'x' }, meta: {} },
    });
    expect(split(' {} ')).toEqual({ data: undefined, rest: {} });
  });

  it('may have a byte-order mark before it', () => {
    expect(split('\uFEFF{"data":"x"}').data).toBe('x');
  });

  it('keeps half a pair of surrogates as the replacement character', () => {
    expect(split('{"data":"a\\ud83dz"}').data).toBe('a\uFFFDz');
  });
});

it.each([
  '',
  'null',
  '[]',
  '"data"',
  '{"data":"x"',
  '{"data":"x',
  '{"data":"x"} {}',
  '{"data":"\\x"}',
  '{"data":"\\u12"}',
  '{"data" "x"}',
  '{"data":"x",}',
  '{"data":"x","meta":{]}',
  '{data:"x"}',
])('refuses %s', (json) => {
  expect(() => split(json)).toThrow(/cannot be read as JSON .* It must be \{"data"/);
});

/** As Python's json module writes it. */
function ascii(json: string): string {
  return json.replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
