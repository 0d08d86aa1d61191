import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserHarness } from './harness.ts';

/** Makes a sandbox what a new installation is: its own runtime goes on, but nothing says where. */
export function disconnect(harness: BrowserHarness): void {
  rmSync(join(harness.sandbox.info.splunkHome, 'etc/apps/kepler/local'), { recursive: true, force: true });
}
