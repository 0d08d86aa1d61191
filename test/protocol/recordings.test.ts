import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { readSearchInfo } from '../../splunk_app/src/commands/search-info.ts';
import { decodeTable, encodeTable } from '../../splunk_app/src/protocol/cells.ts';
import { FrameReader, type FrameHead } from '../../splunk_app/src/protocol/frame-reader.ts';
import { sourceOf } from './sources.ts';

const FOLDER = '../shared/data/scpv2';
const present = existsSync(FOLDER);
if (!present) process.stderr.write(`recordings.test.ts: ${FOLDER} is absent, replays are skipped\n`);

function replay(name: string, step: number): { head: FrameHead; body: Buffer }[] {
  const reader = new FrameReader(sourceOf(gunzipSync(readFileSync(`${FOLDER}/${name}.input.gz`)), step));
  const frames = [];
  for (let head = reader.next(); head; head = reader.next()) {
    const body = Buffer.alloc(head.bodyLength);
    for (let at = 0; at < body.length;) at += reader.read(body, at, body.length);
    frames.push({ head, body });
  }
  return frames;
}

(present ? describe : describe.skip)('recordings of splunkd', () => {
  it.each([1, 977, 65536])('are read %i bytes at a time', (step) => {
    const [getinfo, execute] = replay('countmatches', step);
    const info = readSearchInfo(getinfo.head.metadata);
    expect(info).toMatchObject({
      rawArgs: ['fieldname=word_count', 'pattern="\\w+"', 'text'],
      user: 'admin',
      app: 'chunked_searchcommands',
      sid: '1433261372.158',
      probe: false,
    });
    expect(info.search).toContain('| inputlookup tweets | countmatches fieldname=word_count');
    expect(execute.head.metadata).toEqual({ action: 'execute', finished: true });
    expect(execute.body).toHaveLength(48108);
  });

  it('keep quoted newlines and empty multivalue companions together', () => {
    const table = decodeTable(replay('countmatches', 65536)[1].body);
    expect(table.fields).toEqual(['_serial', '_time', 'text']);
    expect(table.rows[13][2]).toContain('\n');
    expect(decodeTable(encodeTable(table))).toEqual(table);
  });

  it('of 16 MB come whole, with every row', () => {
    const [, execute] = replay('sum.map', 65536);
    expect(execute.body).toHaveLength(16_109_782);
    expect(decodeTable(execute.body).rows).toHaveLength(50_000);
  });

  it('of the reducing phase and of a generating command end where the input ends', () => {
    expect(replay('sum.reduce', 1)[1].body.toString()).toBe('total,"__mv_total"\n"2147943.07811",\n');
    expect(replay('generatehello', 3)).toHaveLength(1);
  });
});
