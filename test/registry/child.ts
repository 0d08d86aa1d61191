/** A process of its own that makes versions, for the tests of crashes and of several at once: `child.ts <root> <name> <count> <bytes>`. */
import { Registry } from '../../container/registry/registry.ts';
import { DRAFT, ID } from './fixtures.ts';

const [root, name, count, bytes] = process.argv.slice(2);
const registry = new Registry(root);

async function run(): Promise<void> {
  for (let i = 0; i < Number(count); i++) {
    const files = { 'state.bin': new Uint8Array(Number(bytes)).fill(i) };
    const { version } = await registry.create({ ...ID, name }, DRAFT, files, { promote: true });
    process.stdout.write(`${version}\n`);
  }
}

void run();
