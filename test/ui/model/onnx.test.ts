import { createHash, randomBytes } from 'node:crypto';
import { joinParts } from '../../../ui/pages/model/onnx.ts';
import { plainSha256, sha256 } from '../../../ui/pages/model/sha256.ts';

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('SHA-256', () => {
  it.each([0, 1, 55, 56, 63, 64, 65, 119, 120, 1000, 70_001])('of %i bytes is that of node', async (size) => {
    const bytes = randomBytes(size);
    expect(plainSha256(bytes)).toBe(hashOf(bytes));
    expect(await sha256(bytes)).toBe(hashOf(bytes));
  });
});

describe('the parts of a file', () => {
  const file = randomBytes(2500);
  const partsOf = (more: Record<string, string> = {}) =>
    [0, 1, 2].map((index) => ({
      part: String(index + 1),
      parts: '3',
      bytes: '2500',
      sha256: hashOf(file),
      base64: file.subarray(index * 1000, (index + 1) * 1000).toString('base64'),
      ...more,
    }));

  it('are joined whatever their order', async () => {
    expect(Buffer.from(await joinParts(partsOf().reverse()))).toEqual(file);
  });

  it('are refused when one is missing, twice there, or none came', async () => {
    const [first, second, third] = partsOf();
    await expect(joinParts([first, third])).rejects.toMatchObject({ fault: 'missing-parts' });
    await expect(joinParts([first, second])).rejects.toMatchObject({ fault: 'missing-parts' });
    await expect(joinParts([first, second, second])).rejects.toMatchObject({ fault: 'missing-parts' });
    await expect(joinParts([])).rejects.toMatchObject({ fault: 'none' });
  });

  it('are refused when the whole has another size or another checksum', async () => {
    await expect(joinParts(partsOf({ bytes: '2501' }))).rejects.toMatchObject({ fault: 'wrong-size' });
    await expect(joinParts(partsOf({ sha256: hashOf(randomBytes(5)) }))).rejects.toMatchObject({
      fault: 'wrong-hash',
    });
  });
});
