import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What stands in front of a value that is encrypted with the installation's own key, as in Splunk. */
const MARK = '$7$';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts what `passwords.conf` keeps, under `etc/auth/splunk.secret`, which is made once. */
export class Secrets {
  constructor(private readonly splunkHome: string) {}

  private key(): Buffer {
    const file = join(this.splunkHome, 'etc/auth/splunk.secret');
    if (!existsSync(file)) {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o400 });
    }
    return Buffer.from(readFileSync(file, 'utf8'), 'hex');
  }

  encrypt(text: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.key(), nonce);
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return MARK + Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString('base64');
  }

  decrypt(sealed: string): string {
    const bytes = Buffer.from(sealed.slice(MARK.length), 'base64');
    const decipher = createDecipheriv('aes-256-gcm', this.key(), bytes.subarray(0, NONCE_BYTES));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  }
}
