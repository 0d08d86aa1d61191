/** A process of its own that changes a model without end, for the test that kills it: `changes-child.ts <root>`. */
import { ModelChanges } from '../../container/registry/model-changes.ts';
import { ModelStore } from '../../container/registry/model-store.ts';
import { Registry } from '../../container/registry/registry.ts';
import { ANN } from './fixtures.ts';

const [root] = process.argv.slice(2);
const store = new ModelStore(root);
const changes = new ModelChanges(store, new Registry(root, store));
const writer = { ...ANN, roles: ['power'] };

async function run(): Promise<void> {
  // Where the one before was killed, the model is on the one side or on the other.
  for (
    let shared = await store.exists({ namespace: 'app', owner: 'search', name: 'iris' });
    ;
    shared = !shared
  ) {
    const ref = { namespace: shared ? 'app' : 'user', name: 'iris' } as const;
    await changes.promote({ ...ref, version: 1 }, writer);
    await changes.rollback(ref, writer);
    await changes.share(ref, writer, shared ? 'private' : 'app');
    process.stdout.write('.');
  }
}

void run();
