import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KEPT, makeRoom } from '../../splunk_app/src/commands/head/rotation.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kepler-rotation-'));
  path = join(folder, 'kepler_audit.log');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a log makes room when it is large, and the oldest goes', () => {
  makeRoom(path, 3);
  writeFileSync(path, 'abc');
  makeRoom(path, 3);
  expect(readdirSync(folder)).toEqual(['kepler_audit.log']);
  for (let n = 1; n <= KEPT + 2; n++) {
    writeFileSync(path, `line ${n}`);
    makeRoom(path, 3);
    expect(existsSync(path)).toBe(false);
  }
  const kept = Array.from({ length: KEPT }, (_, n) => readFileSync(`${path}.${n + 1}`, 'utf8'));
  expect(kept).toEqual(['line 7', 'line 6', 'line 5', 'line 4', 'line 3']);
  expect(readdirSync(folder)).toHaveLength(KEPT);
});

test('while another search makes room nobody else does; a mark that was left behind is taken away', () => {
  writeFileSync(path, 'large');
  const mark = `${path}.rotating`;
  writeFileSync(mark, '');
  makeRoom(path, 3);
  expect(readdirSync(folder).sort()).toEqual(['kepler_audit.log', 'kepler_audit.log.rotating']);
  utimesSync(mark, 1, 1);
  makeRoom(path, 3);
  makeRoom(path, 3);
  expect(readdirSync(folder)).toEqual(['kepler_audit.log.1']);
});
