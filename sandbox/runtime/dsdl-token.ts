import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The token by which DSDL may call the sandbox's runtime, made at the first start and kept. */
export function dsdlToken(home: string): { readonly file: string; readonly token: string } {
  const file = join(home, 'dsdl.token');
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600 });
  return { file, token: readFileSync(file, 'utf8') };
}
